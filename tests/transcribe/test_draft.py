"""A draft: heard quickly, marked as one in every place, and replaced by a careful transcript."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from models import InstalledModel
from study import MarkKind, describe_event, select_shown_events
from study.errors import Stopped
from study.store import Study
from tests.transcribe.saying import SayingEngine, stop_after
from transcribe.engine import DecodingOptions
from transcribe.transcription import transcribe_interview

Enter = Callable[..., str]
Sounds = npt.NDArray[np.int16]
DRAFT = DecodingOptions(is_draft=True)


def test_a_draft_says_that_it_is_one_at_its_beginning_in_its_origin_and_in_the_list(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    del engine  # is in place
    transcript = transcribe_interview(study.interview(enter(talk)), demo_model, options=DRAFT)

    first = select_shown_events(transcript.events)[0]
    assert (first.at_s, first.kind) == (0.0, MarkKind.DRAFT)
    assert describe_event(first).startswith("(a draft")
    assert transcript.provenance.options["is_draft"] is True
    assert study.find_interview("P01_i1").is_draft


def test_a_careful_transcript_takes_its_place(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    del engine
    interview = enter(talk)
    transcribe_interview(study.interview(interview), demo_model, options=DRAFT)

    transcript = transcribe_interview(study.interview(interview), demo_model)

    assert MarkKind.DRAFT not in {event.kind for event in transcript.events}
    assert not study.find_interview("P01_i1").is_draft


@pytest.mark.usefixtures("short_windows")
def test_windows_of_a_draft_are_not_mixed_into_a_careful_transcript(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    interview = enter(talk)
    with pytest.raises(Stopped):
        transcribe_interview(
            study.interview(interview), demo_model, options=DRAFT, stop=stop_after(2)
        )
    engine.heard_s.clear()

    transcribe_interview(study.interview(interview), demo_model)

    from_the_beginning = engine.heard_s.copy()
    engine.heard_s.clear()
    transcribe_interview(study.interview(enter(talk, label="B")), demo_model)
    assert from_the_beginning == engine.heard_s


def test_a_draft_of_the_demonstration_is_heard_by_the_real_engine(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel
) -> None:
    transcript = transcribe_interview(study.interview(enter(talk)), demo_model, options=DRAFT)

    assert "i would forget" in " ".join(t.text for t in transcript.turns).casefold()
    assert transcript.coverage is not None
    assert transcript.coverage.covered_s > 0.8 * transcript.coverage.speech_s
