"""What waits to be transcribed, with the genuine verb in the child."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import numpy as np
import pytest

from app import JobEnding, JobFailed
from app.job_queue import TRANSCRIBE_VERB, JobQueue
from models import InstalledModel
from study import InterviewDetails, QueuedInterview, SoundFormat, TaskProgress
from study.errors import LanguageUnknown
from study.store import IncomingSound, Study, change_settings, queue_interviews, set_language

RATE = 16_000


def test_nothing_that_waits_is_started_once_the_screen_was_left(study: Study) -> None:
    with study.change("made") as change:
        interview = change.add_interview(InterviewDetails("P01_i1"))
    queue_interviews(study, [QueuedInterview(interview)])
    queue = JobQueue(study, lambda _: None, program=(sys.executable, "-c", "input()"))

    queue.stop_and_wait()

    assert queue.start_next() == ""
    assert not queue.is_busy


def _of_study(study: Study, interview: str) -> None:
    del interview
    change_settings(study, language="de")


def _of_interview(study: Study, interview: str) -> None:
    set_language(study.interview(interview), "de")


@pytest.mark.parametrize("choose", [_of_study, _of_interview], ids=["study", "interview"])
def test_an_interview_in_the_queue_is_transcribed_in_its_own_language_or_its_studys(
    study: Study, tiny_en_alone: InstalledModel, choose: Callable[[Study, str], None]
) -> None:
    """The child refuses German, for nothing is here but a model that knows English alone."""
    del tiny_en_alone  # is in place
    with IncomingSound(study, SoundFormat(RATE, 1)) as incoming:
        incoming.write(np.zeros(RATE, dtype=np.int16).tobytes())
        interview = incoming.keep(InterviewDetails("P01_i1"), {})
    choose(study, interview)
    ended = threading.Event()
    endings: list[JobEnding] = []

    def report(event: TaskProgress | JobEnding) -> None:
        if not isinstance(event, TaskProgress):
            endings.append(event)
            ended.set()

    queue = JobQueue(study, report, program=(sys.executable, "-m", "cli.command_line"))
    assert queue.start(TRANSCRIBE_VERB, study.find_interview("P01_i1"))

    assert ended.wait(60)
    (ending,) = endings
    assert isinstance(ending, JobFailed)
    assert ending.exit_code == LanguageUnknown.exit_code
