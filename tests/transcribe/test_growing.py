"""Following a recording while it grows gives what reading it afterwards gives."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Generator

import numpy as np
import numpy.typing as npt
import pytest

from models import InstalledModel
from study import ArtefactKind, InterviewDetails, InterviewState, SoundFormat, TaskProgress
from study.errors import StepMissing, StillRecording, Stopped, StudyInUse
from study.store import AUDIO_FOLDER, PresenceLock, Study, record_stretch
from tests.transcribe.conftest import demonstration
from tests.transcribe.saying import SayingEngine
from transcribe.transcription import transcribe_interview

Enter = Callable[..., str]
Samples = npt.NDArray[np.int16]
_BLOCK = 8_000  # half a second: what the recorder seals at once


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("entered") as change:
        return change.add_interview(InterviewDetails("P01_i2"))


class Recorder(threading.Thread):
    """Seals sound block by block, in as many stretches as it is given, from a thread of its own."""

    def __init__(self, study: Study, interview: str, *stretches: Samples) -> None:
        super().__init__()
        self._study, self._interview, self._stretches = study, interview, stretches
        self.has_ended = threading.Event()

    def run(self) -> None:
        for samples in self._stretches:
            with record_stretch(
                self._study.interview(self._interview), SoundFormat(16_000, samples.shape[1])
            ) as writer:
                for first in range(0, len(samples), _BLOCK):
                    writer.write(samples[first : first + _BLOCK].tobytes())
                    time.sleep(0.01)  # fifty times as fast as people speak
        self.has_ended.set()


@contextlib.contextmanager
def recorder(study: Study, interview: str, *stretches: Samples) -> Generator[Recorder]:
    recorder = Recorder(study, interview, *stretches)
    recorder.start()
    try:
        yield recorder
    finally:
        recorder.join()


def test_a_recording_that_is_followed_gives_the_transcript_of_one_that_is_read(
    study: Study, interview: str, enter: Enter, talk: Samples, demo_model: InstalledModel
) -> None:
    read = transcribe_interview(study.interview(enter(talk)), demo_model)

    with recorder(study, interview, talk) as recording_:
        followed = transcribe_interview(
            study.interview(interview), demo_model, is_over=recording_.has_ended.is_set
        )

    assert followed == read
    assert study.find_interview(interview).state is InterviewState.TRANSCRIBED


def test_two_microphones_that_are_followed_give_the_transcript_of_two_that_are_read(
    study: Study, enter: Enter, demo_model: InstalledModel
) -> None:
    """Which track is louder is told by the sound so far, and saved with each window."""
    voice = demonstration(0, 40)[:, 0].astype(np.float64)
    is_first = np.arange(len(voice)) // 80_000 % 2 == 0
    first, second = voice * np.where(is_first, 1, 0.4), voice * np.where(is_first, 0.4, 1)
    both = np.stack([first, second], axis=1).astype(np.int16)
    codes = ("INT01", "P01")
    read = transcribe_interview(study.interview(enter(both, channels=codes)), demo_model)
    with study.change("entered") as change:
        interview = change.add_interview(InterviewDetails("P01_i3", channels=codes))

    with recorder(study, interview, both) as recording_:
        followed = transcribe_interview(
            study.interview(interview), demo_model, is_over=recording_.has_ended.is_set
        )

    assert followed == read
    assert read.coverage is not None
    assert read.coverage.echo_words > 0


def test_words_are_there_while_the_recording_still_goes_on(
    study: Study, interview: str, engine: SayingEngine, demo_model: InstalledModel
) -> None:
    heard_before_the_end: list[int] = []
    talk = demonstration(0, 60)

    with recorder(study, interview, talk) as recording_:

        def is_over() -> bool:
            if not recording_.has_ended.is_set():
                heard_before_the_end.append(len(engine.heard_s))
            return recording_.has_ended.is_set()

        transcribe_interview(study.interview(interview), demo_model, is_over=is_over)

    assert max(heard_before_the_end) > 0


def test_a_stretch_that_begins_later_is_followed_too(
    study: Study, interview: str, engine: SayingEngine, demo_model: InstalledModel, talk: Samples
) -> None:
    with recorder(study, interview, talk, talk) as recording_:
        transcript = transcribe_interview(
            study.interview(interview), demo_model, is_over=recording_.has_ended.is_set
        )

    assert transcript.coverage is not None
    assert transcript.coverage.sound_s == pytest.approx(2 * len(talk) / 16_000, abs=0.01)
    assert engine.heard_s
    assert max(turn.end_s for turn in transcript.turns) > len(talk) / 16_000


def test_where_the_recorder_died_what_was_heard_waits_for_the_sound_to_be_rescued(
    study: Study, interview: str, engine: SayingEngine, demo_model: InstalledModel
) -> None:
    del engine
    talk = demonstration(0, 60)
    with record_stretch(study.interview(interview), SoundFormat(16_000, 1)) as writer:
        for first in range(0, len(talk), _BLOCK):
            writer.write(talk[first : first + _BLOCK].tobytes())
        with pytest.raises(Stopped):  # nobody entered that it ended
            transcribe_interview(study.interview(interview), demo_model, is_over=lambda: True)

    assert study.interview(interview).find_newest_version(ArtefactKind.WINDOWS) == 1
    assert study.interview(interview).find_newest_version(ArtefactKind.RAW) == 0


def test_following_stops_when_asked_though_nothing_comes(
    study: Study, interview: str, demo_model: InstalledModel
) -> None:
    asked = iter([False, False, True])

    with pytest.raises(Stopped):
        transcribe_interview(
            study.interview(interview),
            demo_model,
            is_over=lambda: False,
            stop=lambda: next(asked, True),
        )


def test_a_recording_that_ended_without_sound_says_so(
    study: Study, interview: str, demo_model: InstalledModel
) -> None:
    with pytest.raises(StepMissing, match="no sound"):
        transcribe_interview(study.interview(interview), demo_model, is_over=lambda: True)


def test_an_interview_that_is_being_recorded_is_not_taken_for_a_whole_one(
    study: Study, interview: str, talk: Samples, demo_model: InstalledModel
) -> None:
    with record_stretch(study.interview(interview), SoundFormat(16_000, 1)) as writer:
        writer.write(talk[:_BLOCK].tobytes())
        with pytest.raises(StillRecording):
            transcribe_interview(study.interview(interview), demo_model)


def test_a_recording_is_followed_by_one_transcription_only(
    study: Study, interview: str, engine: SayingEngine, demo_model: InstalledModel, talk: Samples
) -> None:
    del engine
    refused: list[bool] = []

    def try_another(_: TaskProgress) -> None:
        with pytest.raises(StudyInUse):
            transcribe_interview(study.interview(interview), demo_model, is_over=lambda: True)
        refused.append(True)

    with recorder(study, interview, talk) as recording_:
        recording_.has_ended.wait()
        transcribe_interview(
            study.interview(interview), demo_model, is_over=lambda: True, report=try_another
        )

    assert refused


def test_a_recording_that_goes_on_is_followed_once_what_followed_the_dead_recorder_is_done(
    study: Study, interview: str, engine: SayingEngine, demo_model: InstalledModel, talk: Samples
) -> None:
    """The second process was refused at once, and nobody followed the rest of the recording."""
    folder = study.folder / AUDIO_FOLDER / interview
    asked = 0

    with recorder(study, interview, talk) as recording_:
        while not folder.is_dir():
            time.sleep(0.01)
        lock = PresenceLock(folder)
        assert lock.try_exclusive()

        def is_over() -> bool:
            nonlocal asked
            asked += 1
            if asked == 4:
                lock.release()
            return asked > 4 and recording_.has_ended.is_set()

        transcript = transcribe_interview(study.interview(interview), demo_model, is_over=is_over)

    assert engine.heard_s
    assert transcript.turns


@pytest.mark.parametrize(("behind_s", "is_heard_anew"), [(0.2, True), (1.0, True), (5.0, False)])
def test_the_last_words_of_a_recording_that_goes_on_are_heard_with_the_sound_behind_them(
    study: Study,
    interview: str,
    enter: Enter,
    engine: SayingEngine,
    demo_model: InstalledModel,
    behind_s: float,
    *,
    is_heard_anew: bool,
) -> None:
    """A recorder that was killed right after somebody spoke had less of it than there is now."""
    pause = np.zeros((16_000 * 8, 1), np.int16)
    talk = np.concatenate([demonstration(71.05, 71.65), pause, demonstration(46, 60)])
    broken_off = round((0.6 + behind_s) * 16_000)
    transcribe_interview(study.interview(enter(talk)), demo_model)
    unbroken_s = tuple(engine.heard_s)

    with record_stretch(study.interview(interview), SoundFormat(16_000, 1)) as writer:
        writer.write(talk[:broken_off].tobytes())
        with pytest.raises(Stopped):
            transcribe_interview(study.interview(interview), demo_model, is_over=lambda: True)
    with recorder(study, interview, talk[broken_off:]) as recording_:
        recording_.join()
    engine.heard_s.clear()
    transcribe_interview(study.interview(interview), demo_model)

    assert tuple(engine.heard_s) == unbroken_s[0 if is_heard_anew else 1 :]
