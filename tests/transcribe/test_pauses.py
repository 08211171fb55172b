"""Silences and voices at once, as voice activity hears them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import InstalledModel
from study import (
    ArtefactKind,
    Interval,
    InterviewDetails,
    Mark,
    MarkKind,
    SoundFormat,
    Word,
    apply_conventions,
)
from study.store import Study, change_settings, read_settings, record_stretch
from tests.transcribe.saying import SayingEngine
from transcribe.audio_tracks import MODEL_RATE
from transcribe.pauses import SHORTEST_SILENCE_S, find_overlaps, find_silences
from transcribe.speech_coverage import TranscribedWindow
from transcribe.transcription import transcribe_interview

Enter = Callable[..., str]
Sounds = npt.NDArray[np.int16]


def window(*speech: Interval, channel: int = 0, said: bool = True) -> TranscribedWindow:
    words = (Word(" w", *speech[0], 0.9),) if said else ()
    return TranscribedWindow(0, channel, speech[0][0], speech[-1][1], speech, words)


def pauses(of: list[Mark]) -> list[float]:
    return [round(mark.length_s, 1) for mark in of if mark.kind == MarkKind.SILENCE]


def test_a_silence_is_as_long_as_nobody_spoke_without_the_sound_kept_around_speech() -> None:
    (mark,) = find_silences([window((0.0, 2.0)), window((5.65, 7.0))])

    assert (mark.at_s, mark.length_s) == (2.0, 4.0)


def test_while_another_channel_speaks_nobody_is_silent() -> None:
    found = find_silences([window((0.0, 2.0), (9.0, 10.0)), window((4.0, 7.0), channel=1)])

    assert [mark.at_s for mark in found] == [2.0, 7.0]


def test_speech_that_got_no_words_is_no_silence() -> None:
    """Word times alone would call it one: the worst of what rivals do."""
    spoken = [window((0.0, 2.0)), window((2.5, 8.0), said=False), window((8.5, 9.0))]

    assert find_silences(spoken) == []


def test_breath_is_no_silence() -> None:
    assert find_silences([window((0.0, 2.0), (2.5, 4.0))]) == []


@pytest.mark.parametrize("kind", [MarkKind.PAUSED, MarkKind.OFF_RECORD, MarkKind.GAP])
def test_where_sound_is_missing_nobody_knows_who_was_silent(kind: MarkKind) -> None:
    spoken = [window((0.0, 2.0)), window((10.0, 11.0))]

    found = find_silences(spoken, [Mark(4.0, kind, length_s=60.0)])

    assert [(m.at_s, m.length_s) for m in found] == [(2.0, 2.15), (4.0, 6.2)]


def test_two_stretches_of_a_recording_have_their_own_silences() -> None:
    found = find_silences([window((0.0, 2.0)), window((10.0, 11.0))], (), [9.5])

    assert [(m.at_s, m.length_s) for m in found] == [(2.0, 7.65)]


def test_a_microphone_that_was_off_is_no_silence() -> None:
    muted = Mark(3.0, MarkKind.MUTED, length_s=6.0)

    (found,) = find_silences([window((0.0, 2.0)), window((10.0, 11.0))], [muted])

    assert found.length_s == pytest.approx(2.35)


def test_a_hole_in_an_imported_file_is_no_silence_whatever_surrounds_it() -> None:
    """Silence of 5 s stands in the sound; the event alone says what it is."""
    absent = Mark(2.0, MarkKind.ABSENT, length_s=5.0)

    assert find_silences([window((0.0, 2.0)), window((7.0, 8.0))], [absent]) == []


def test_a_joint_of_two_files_parts_a_silence() -> None:
    joint = Mark(9.5, MarkKind.JOINT, "2 of 2")

    found = find_silences([window((0.0, 2.0)), window((10.0, 11.0))], [joint])

    assert [m.at_s for m in found] == [2.0]


_STRETCHES = st.lists(st.tuples(st.floats(0, 100), st.floats(0.4, 8)), min_size=1, max_size=20)


@given(_STRETCHES, _STRETCHES, st.lists(st.floats(0, 110), max_size=5))
def test_silences_and_speech_never_share_a_moment(
    ones: list[tuple[float, float]], others: list[tuple[float, float]], cuts: list[float]
) -> None:
    spoken = [window((a, a + b)) for a, b in ones]
    spoken += [window((a, a + b), channel=1) for a, b in others]

    found = find_silences(spoken, [Mark(at_s, MarkKind.GAP) for at_s in cuts])

    assert [m.at_s for m in found] == sorted(m.at_s for m in found)
    for mark in found:
        assert mark.length_s >= SHORTEST_SILENCE_S
        ends_s = mark.at_s + mark.length_s - 0.35 - 0.01
        assert not [w for w in spoken if w.start_s < ends_s and w.end_s > mark.at_s + 0.01]


def test_two_who_speak_at_once_are_told_with_their_codes() -> None:
    one = window((0.0, 5.0))
    other = window((3.0, 8.0), channel=1)

    (found,) = find_overlaps([one, other], ["INT01", "P07"])

    assert (found.at_s, found.note) == (3.0, "INT01 P07")
    assert found.length_s == pytest.approx(1.65)


def test_a_quick_answer_is_no_overlap_and_neither_is_a_cough() -> None:
    one = window((0.0, 5.0))

    assert find_overlaps([one, window((4.5, 8.0), channel=1)], ["A", "B"]) == []
    assert find_overlaps([one, window((2.0, 8.0), channel=1, said=False)], ["A", "B"]) == []


def spaced(word: Sounds, *seconds: float) -> Sounds:
    """The same answer again and again, so many seconds of a quiet room between them."""
    dice = np.random.default_rng(3)
    parts = [word]
    for pause_s in seconds:
        room = dice.standard_normal((int(pause_s * MODEL_RATE), 1)) * 3
        parts += [room.astype(np.int16), word]
    return np.concatenate(parts)


def test_pauses_are_as_long_as_they_were(
    study: Study,
    enter: Enter,
    spoken_word: Sounds,
    demo_model: InstalledModel,
    engine: SayingEngine,
) -> None:
    del engine  # is in place
    interview = enter(spaced(spoken_word, 1.5, 3.0, 4.0, 10.0, 0.5))

    transcript = transcribe_interview(study.interview(interview), demo_model)

    found = pauses(list(transcript.events))
    assert found == [pytest.approx(s, abs=0.3) for s in (1.5, 3.0, 4.0, 10.0)]
    assert (
        study.interview(interview).read_artefact(ArtefactKind.RAW, type(transcript)) == transcript
    )


def test_a_turn_is_parted_at_a_pause_that_the_study_tells(
    study: Study,
    enter: Enter,
    spoken_word: Sounds,
    demo_model: InstalledModel,
    engine: SayingEngine,
) -> None:
    engine.says = lambda _: "well yes"
    sound = spaced(spoken_word, 1.5)

    whole = transcribe_interview(
        study.interview(enter(sound, label="A", channels=("P01",))), demo_model
    )
    change_settings(study, pause_s=1.0)
    parted = transcribe_interview(
        study.interview(enter(sound, label="B", channels=("P01",))), demo_model
    )

    assert (len(whole.turns), len(parted.turns)) == (1, 2)
    assert whole.events == parted.events
    assert [e.kind for e in apply_conventions(whole, read_settings(study), "en").events] == [
        MarkKind.MODEL
    ]
    assert pauses(list(parted.events)) == [pytest.approx(1.5, abs=0.3)]


def test_a_pause_of_the_recording_is_not_told_as_a_silence(
    study: Study, spoken_word: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    del engine
    with study.change("entered") as change:
        interview = change.add_interview(InterviewDetails("P01_i1"))
    with record_stretch(study.interview(interview), SoundFormat(MODEL_RATE, 1)) as writer:
        writer.write(spaced(spoken_word, 2.0).tobytes())
        writer.write_mark(Mark(writer.frames / MODEL_RATE - 0.7, MarkKind.PAUSED, length_s=40.0))

    transcript = transcribe_interview(study.interview(interview), demo_model)

    assert sum(pauses(list(transcript.events))) < 2.3
