"""What the step does with windows: in what order, how often, and what it keeps of them.

The engine is a stand-in that says what a test wants; voice activity and the study are real.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from models import LONGEST_WINDOW_S, InstalledModel
from study import SECOND_HEARING, ArtefactKind, TaskProgress, Transcript, Word
from study.errors import Stopped
from study.store import Study
from tests.transcribe.conftest import demonstration
from tests.transcribe.saying import SayingEngine, stop_after
from transcribe import window_hearing
from transcribe.audio_tracks import MODEL_RATE, CompleteSound, Samples, SoundFeed
from transcribe.doubt import find_doubtful_passages
from transcribe.speech_coverage import TranscribedWindow
from transcribe.transcription import transcribe_interview
from transcribe.turn_assembly import NOT_TRANSCRIBED

Enter = Callable[..., str]
Sounds = npt.NDArray[np.int16]


def test_a_passage_without_words_is_heard_once_more_and_that_is_told(
    study: Study, enter: Enter, one_word: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    engine.says = lambda again: "no" if again else ""

    transcript = transcribe_interview(study.interview(enter(one_word)), demo_model)

    assert [t.text for t in transcript.turns] == ["no"]
    assert [flag.kind for flag in transcript.turns[0].flags] == [SECOND_HEARING]
    assert engine.again == [False, True]
    assert transcript.coverage is not None
    assert transcript.coverage.again_s == pytest.approx(transcript.coverage.speech_s, abs=0.01)
    told = study.find_interview("P01_i1").facts.raw
    assert told is not None
    assert told.again_s == transcript.coverage.again_s


def test_only_what_got_no_words_is_heard_again(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    """The search may end early: words for the window's first second, and none for the rest."""
    calls = iter([lambda: "early"])
    plain = engine.transcribe_window

    def ends_early(samples: Samples, *, again: bool = False, **options: float) -> list[Word]:
        del options
        words = plain(samples, speech_s=1, until_s=1, seed=1, again=again)
        if again or next(calls, None) is None:
            return words
        return [Word(" early", 0.0, 0.5, 0.9)]

    engine.transcribe_window = ends_early  # pyright: ignore[reportAttributeAccessIssue] - of this one

    transcript = transcribe_interview(study.interview(enter(talk)), demo_model)

    length_s, rest_s = engine.heard_s[:2]
    assert engine.again == [False, True] + [False] * (len(engine.again) - 2)
    assert 1 < rest_s < length_s
    assert transcript.turns[0].text.startswith("early word")
    assert transcript.coverage is not None
    assert transcript.coverage.gaps == ()


def test_an_interview_that_nobody_understood_is_not_silently_empty(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    engine.says = lambda _: ""

    transcript = transcribe_interview(study.interview(enter(talk)), demo_model)

    assert {t.text for t in transcript.turns} == {NOT_TRANSCRIBED}
    assert all(flag.kind == "gap" for t in transcript.turns for flag in t.flags)
    covered = transcript.coverage
    assert covered is not None
    assert (covered.covered_s, covered.again_s) == (0, covered.speech_s)
    assert covered.gaps[0][0] < 2
    assert covered.gaps[-1][1] > 18


def test_what_a_loop_says_is_kept_flagged_and_counted(
    study: Study, enter: Enter, one_word: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    looped = " ".join(["no"] * 20)
    engine.says = lambda _: looped

    transcript = transcribe_interview(study.interview(enter(one_word)), demo_model)

    (turn,) = transcript.turns
    assert turn.text == looped
    assert "loop" in {flag.kind for flag in turn.flags}
    assert transcript.coverage is not None
    assert transcript.coverage.flagged_s == pytest.approx(turn.end_s - turn.start_s, abs=0.02)
    told = study.find_interview("P01_i1").facts.raw
    assert told is not None
    assert (told.doubts, told.flagged_s) == (1, transcript.coverage.flagged_s)
    assert (
        study.interview(study.find_interview("P01_i1").id).read_artefact(
            ArtefactKind.RAW, Transcript
        )
        == transcript
    )


@pytest.mark.parametrize("is_sounding", [False, True])
def test_a_word_far_from_speech_is_in_silence_only_where_nothing_sounds(
    study: Study,
    enter: Enter,
    one_word: Sounds,
    is_sounding: bool,  # noqa: FBT001 - both cases
) -> None:
    """Voice activity is deaf to a voice 20 dB quieter than the one before it."""
    dice = np.random.default_rng(3)
    pause = 3 * dice.standard_normal((4 * MODEL_RATE, 1))
    if is_sounding:
        pause[MODEL_RATE : 3 * MODEL_RATE] += 60 * dice.standard_normal((2 * MODEL_RATE, 1))
    sound = np.concatenate([one_word, pause.astype(np.int16), one_word])
    interview = study.interview(enter(sound))
    word_s, end_s = len(one_word) / MODEL_RATE, len(sound) / MODEL_RATE
    words = (Word(" no", 0.5, 0.9, 0.9), Word(" bye", word_s + 1.8, word_s + 2.2, 0.9))
    speech = ((0.4, 1.0), (end_s - 1.2, end_s - 0.6))
    window = TranscribedWindow(0, 0, 0.0, end_s, speech, words)

    opened = interview.open_sound()
    assert opened is not None
    with opened:
        job = window_hearing.HearingJob(interview, CompleteSound(opened), ((0,),))
        judged = window_hearing._find_silence(job, window)
        untouched = window_hearing._find_silence(job, replace(window, words=words[:1]))

    found = [p.flag.kind for p in find_doubtful_passages(judged, "en")]
    assert found == ([] if is_sounding else ["in silence"])
    assert untouched.quiet == ()


def test_no_call_gets_more_sound_than_the_model_may_hear(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    transcribe_interview(study.interview(enter(np.tile(talk, (2, 1)))), demo_model)

    assert max(engine.heard_s) <= LONGEST_WINDOW_S + 0.61  # .3 s around


def test_the_first_words_come_while_most_of_the_sound_is_unread(
    study: Study,
    enter: Enter,
    talk: Sounds,
    demo_model: InstalledModel,
    engine: SayingEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Reading all of it first looks like a job that hangs at 0 %."""
    interview = enter(np.tile(talk, (8, 1)))
    read_s: list[float] = []
    whole = window_hearing.read_pieces

    def counted(source: SoundFeed, heard: tuple[tuple[int, ...], ...]) -> Iterator[Samples]:
        for piece in whole(source, heard):
            read_s.append(len(piece) / MODEL_RATE)
            yield piece

    monkeypatch.setattr(window_hearing, "read_pieces", counted)
    seen: list[tuple[TaskProgress, float]] = []

    transcribe_interview(
        study.interview(interview), demo_model, report=lambda p: seen.append((p, sum(read_s)))
    )

    assert [(p.done, p.what, read) for p, read in seen[:1]] == [(0.0, "listening", 0)]
    first, read = seen[1]
    assert (first.what, first.total) == ("transcribing", 259.2)
    assert 0 < first.done <= 6.5
    assert read < 45
    assert engine.heard_s
    assert [p.done for p, _ in seen] == sorted(p.done for p, _ in seen)


def test_channels_are_heard_apart_and_never_averaged(
    study: Study, enter: Enter, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    """Two microphones wired the wrong way round would cancel each other out."""
    talk = demonstration(0, 20)
    both = np.concatenate([talk, -talk], axis=1)

    transcript = transcribe_interview(
        study.interview(enter(both, channels=("INT01", "P01"))), demo_model
    )

    assert engine.heard_s
    assert set(Counter(engine.heard_s).values()) == {2}  # each passage on either channel
    assert transcript.coverage is not None
    said = sum(len(turn.words) for turn in transcript.turns)
    assert said == transcript.coverage.echo_words > 0  # the same sound: every word is an echo


def test_a_stereo_recorder_with_one_side_wired_wrongly_is_heard(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    straight = transcribe_interview(study.interview(enter(talk, label="A")), demo_model)
    both = np.concatenate([talk, -talk], axis=1)

    transcript = transcribe_interview(study.interview(enter(both, label="B")), demo_model)

    assert engine.heard_s
    assert transcript == straight


def test_a_run_that_goes_on_knows_how_loud_each_track_was(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    both = np.concatenate([talk, talk // 2], axis=1)
    codes = ("INT01", "P01")
    unbroken = transcribe_interview(
        study.interview(enter(both, label="A", channels=codes)), demo_model
    )
    interview = study.interview(enter(both, label="B", channels=codes))
    with pytest.raises(Stopped):
        transcribe_interview(interview, demo_model, stop=stop_after(2))
    saved = interview.read_entries(ArtefactKind.WINDOWS, TranscribedWindow)

    resumed = transcribe_interview(interview, demo_model)

    assert engine.heard_s
    assert resumed == unbroken
    levels = [level for window in saved for level in window.levels]
    assert len(levels) == sum(len(window.words) for window in saved) > 0
    assert all(0 < first - second < 7 for first, second in levels)  # 6 dB and rounding


@pytest.mark.usefixtures("short_windows")
def test_a_saved_window_that_was_cut_elsewhere_is_heard_anew(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    """Windows are found again from the sound; another version may cut it at other moments."""
    unbroken = transcribe_interview(study.interview(enter(talk, label="A")), demo_model)
    interview = enter(talk, label="B")
    with pytest.raises(Stopped):
        transcribe_interview(study.interview(interview), demo_model, stop=stop_after(2))
    engine.heard_s.clear()
    (first, second) = study.interview(interview).read_entries(
        ArtefactKind.WINDOWS, TranscribedWindow
    )
    with study.interview(interview).change("window heard") as change:
        moved = replace(second, start_s=second.start_s + 0.1, words=())
        change.append_entry(ArtefactKind.WINDOWS, moved)
        change.append_entry(ArtefactKind.WINDOWS, replace(first, number=99))

    assert transcribe_interview(study.interview(interview), demo_model) == unbroken
    assert engine.heard_s
