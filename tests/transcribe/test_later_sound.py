"""What was recorded after an interview was transcribed and worked on gets its words, too."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from models import InstalledModel
from study import (
    ArtefactKind,
    InterviewDetails,
    InterviewState,
    Mark,
    MarkKind,
    SoundFormat,
    Transcript,
    select_untranscribed,
)
from study.store import Interview, Study, TranscriptEditor, record_stretch, verify_study
from tests.transcribe.conftest import demonstration
from tests.transcribe.saying import SayingEngine
from transcribe import later_sound
from transcribe.later_sound import hear_later_sound
from transcribe.transcription import transcribe_interview

Samples = npt.NDArray[np.int16]
RATE = 16_000
_LATER = (MarkKind.AFFIRMED, MarkKind.MARKER)


def record(interview: Interview, samples: Samples, *marks: MarkKind) -> None:
    with record_stretch(interview, SoundFormat(RATE, samples.shape[1])) as writer:
        for kind in marks:
            writer.write_mark(Mark(writer.frames / RATE, kind))
        writer.write(samples.tobytes())


@pytest.fixture
def worked_on(
    study: Study, talk: Samples, tiny_en_alone: InstalledModel, engine: SayingEngine
) -> Interview:
    """An interview of half a minute, transcribed, with a turn corrected."""
    with study.change("entered") as change:
        made = change.add_interview(InterviewDetails("P01_i1"))
    interview = study.interview(made)
    record(interview, talk)
    transcribe_interview(interview, tiny_en_alone)
    editor = TranscriptEditor(interview)
    editor.set_text(editor.transcript.turns[0].key, "as a person typed it")
    engine.heard_s = []
    return interview


def test_what_is_recorded_after_a_correction_is_to_be_transcribed_and_then_stands_at_the_end(
    worked_on: Interview, talk: Samples, tiny_en_alone: InstalledModel, engine: SayingEngine
) -> None:
    """It got no word, and the list said that 99 % was covered and all was done."""
    before = TranscriptEditor(worked_on).transcript
    record(worked_on, demonstration(46, 60), *_LATER)

    assert worked_on.summary.state is InterviewState.TRANSCRIBING
    assert select_untranscribed([worked_on.summary])

    after = hear_later_sound(worked_on, tiny_en_alone)

    ends_s = len(talk) / RATE
    assert after.turns[: len(before.turns)] == before.turns
    later = after.turns[len(before.turns) :]
    assert later
    assert all(turn.start_s >= ends_s - 0.01 for turn in later)
    assert len({turn.key for turn in after.turns}) == len(after.turns)
    assert sum(engine.heard_s) < 17.0  # what is new, and a second before it
    kinds = [event.kind for event in after.events if event.at_s >= ends_s - 0.01]
    assert set(_LATER) <= set(kinds)
    assert [e for e in after.events if e.at_s < ends_s - 0.01] == [*before.events]
    assert after.coverage is not None
    assert after.coverage.sound_s == pytest.approx(worked_on.summary.sound_s, abs=0.01)
    assert not worked_on.summary.has_later_sound
    assert worked_on.summary.state is not InterviewState.TRANSCRIBING
    assert verify_study(worked_on.study) == []


def test_what_a_person_undoes_is_their_own_edit_and_never_what_was_recorded(
    worked_on: Interview, tiny_en_alone: InstalledModel
) -> None:
    record(worked_on, demonstration(46, 60), *_LATER)
    after = hear_later_sound(worked_on, tiny_en_alone)
    editor = TranscriptEditor(worked_on)

    assert editor.undo()

    assert editor.transcript.turns[0].text != "as a person typed it"
    assert editor.transcript.turns[1:] == after.turns[1:]
    assert editor.transcript.events == after.events
    assert editor.undo() is None
    assert editor.redo()
    assert TranscriptEditor(worked_on).transcript == after


def test_corrections_begun_anew_have_what_was_recorded_later(
    worked_on: Interview, tiny_en_alone: InstalledModel
) -> None:
    record(worked_on, demonstration(46, 60))
    after = hear_later_sound(worked_on, tiny_en_alone)

    raw = worked_on.read_artefact(ArtefactKind.RAW, Transcript)

    assert raw is not None
    assert [turn.text for turn in raw.turns[1:]] == [turn.text for turn in after.turns[1:]]
    assert raw.coverage == after.coverage
    assert raw.events == after.events


def test_a_second_call_hears_nothing_twice(
    worked_on: Interview, tiny_en_alone: InstalledModel, engine: SayingEngine
) -> None:
    record(worked_on, demonstration(46, 60))
    after = hear_later_sound(worked_on, tiny_en_alone)
    engine.heard_s = []

    assert hear_later_sound(worked_on, tiny_en_alone) == after
    assert engine.heard_s == []


def test_killed_between_its_two_changes_it_is_finished_by_the_next_call(
    worked_on: Interview,
    tiny_en_alone: InstalledModel,
    engine: SayingEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record(worked_on, demonstration(46, 60))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(later_sound, "_extend_heard", die)
        with pytest.raises(KeyboardInterrupt):
            hear_later_sound(worked_on, tiny_en_alone)
    turns, engine.heard_s = TranscriptEditor(worked_on).transcript.turns, []
    assert worked_on.summary.has_later_sound

    after = hear_later_sound(worked_on, tiny_en_alone)

    assert after.turns == turns
    assert engine.heard_s == []
    assert not worked_on.summary.has_later_sound


def test_silence_that_was_recorded_later_is_added_without_a_turn(
    worked_on: Interview, tiny_en_alone: InstalledModel
) -> None:
    before = TranscriptEditor(worked_on).transcript.turns
    record(worked_on, np.zeros((RATE * 5, 1), dtype=np.int16))

    after = hear_later_sound(worked_on, tiny_en_alone)

    assert after.turns == before
    assert not worked_on.summary.has_later_sound


def test_recorded_twice_more_both_parts_are_there_in_order(
    worked_on: Interview, tiny_en_alone: InstalledModel
) -> None:
    record(worked_on, demonstration(46, 60))
    hear_later_sound(worked_on, tiny_en_alone)
    record(worked_on, demonstration(46, 60))
    after = hear_later_sound(worked_on, tiny_en_alone)

    starts = [turn.start_s for turn in after.turns]
    assert starts == sorted(starts)
    assert after.coverage is not None
    assert after.coverage.sound_s == pytest.approx(worked_on.summary.sound_s, abs=0.01)
