"""A study with transcripts in it, and a pipeline that is made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.proposals import Proposal
from study import ArtefactKind, InterviewDetails, Participant, Provenance, Transcript, Turn
from study.store import Argon2Cost, Interview, Study

Found = tuple[str, str]  # the words and their category
Search = Callable[..., list[Found]]
Hear = Callable[..., Interview]


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    made, _ = Study.create(tmp_path / "study", "four unrelated words", cost=cheap)
    with made:
        yield made


@pytest.fixture
def hear(study: Study) -> Hear:
    """Returns a function that enters an interview with these turns and returns it."""
    numbers = count(1)

    def enter(*texts: str, participants: tuple[Participant, ...] = ()) -> Interview:
        with study.change("heard") as change:
            interview = change.add_interview(InterviewDetails(f"I{next(numbers)}", participants))
            change.write_artefact(ArtefactKind.RAW, transcript(*texts))
        return study.interview(interview)

    return enter


@pytest.fixture
def correct() -> Callable[..., None]:
    """Returns a function that corrects an interview's transcript to these turns."""

    def correct_interview(interview: Interview, *texts: str) -> None:
        with interview.change("corrected") as change:
            change.write_artefact(ArtefactKind.CORRECTED, transcript(*texts))

    return correct_interview


@pytest.fixture(scope="session")
def rules() -> SearchPipeline:
    """The pipeline without a trained model and without a register."""
    return SearchPipeline()


@pytest.fixture(scope="session")
def search(rules: SearchPipeline) -> Search:
    """Search turns and return what was found: words and category."""

    def searched(*texts: str, pipeline: SearchPipeline | None = None) -> list[Found]:
        found = settle_finds((pipeline or rules).search_turns(texts))
        return [_told(text, p) for text, here in zip(texts, found, strict=True) for p in here]

    return searched


def _told(text: str, proposal: Proposal) -> Found:
    return text[proposal.start : proposal.end], proposal.category.value


def transcript(*texts: str) -> Transcript:
    turns = tuple(Turn(k, "P01", float(k), k + 1.0, text) for k, text in enumerate(texts, 1))
    return Transcript(turns, Provenance("transcribe", "test", model="whisper-x"))
