"""A study with transcripts in it, and a pipeline that is made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from anonymise.pipeline import Pipeline, settle
from anonymise.proposals import Proposal
from study.artefacts import Kind
from study.keys import Argon2Cost
from study.store import Study
from study.terms import About, Participant, Provenance, Transcript, Turn

Found = tuple[str, str]  # the words and their category
Search = Callable[..., list[Found]]
Hear = Callable[..., str]


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    made, _ = Study.create(tmp_path / "study", "four unrelated words", cost=cheap)
    with made:
        yield made


@pytest.fixture
def hear(study: Study) -> Hear:
    """Enter an interview with these turns; returns its id."""
    numbers = count(1)

    def heard(*texts: str, participants: tuple[Participant, ...] = ()) -> str:
        with study.change("heard") as change:
            interview = change.add_interview(About(f"I{next(numbers)}", participants))
            change.put(interview, Kind.RAW, transcript(*texts))
        return interview

    return heard


@pytest.fixture
def correct(study: Study) -> Callable[..., None]:
    """Correct an interview's transcript to these turns."""

    def corrected(interview: str, *texts: str) -> None:
        with study.change("corrected", interview) as change:
            change.put(interview, Kind.CORRECTED, transcript(*texts))

    return corrected


@pytest.fixture(scope="session")
def rules() -> Pipeline:
    """The pipeline without a trained model and without a register."""
    return Pipeline()


@pytest.fixture(scope="session")
def search(rules: Pipeline) -> Search:
    """Search turns and return what was found: words and category."""

    def searched(*texts: str, pipeline: Pipeline | None = None) -> list[Found]:
        found = settle((pipeline or rules).search(texts))
        return [_told(text, p) for text, here in zip(texts, found, strict=True) for p in here]

    return searched


def _told(text: str, proposal: Proposal) -> Found:
    return text[proposal.start : proposal.end], proposal.category.value


def transcript(*texts: str) -> Transcript:
    turns = tuple(Turn(k, "P01", float(k), k + 1.0, text) for k, text in enumerate(texts, 1))
    return Transcript(turns, Provenance("transcribe", "test", model="whisper-x"))
