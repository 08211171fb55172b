"""Whether other programs leave a job too little of the processor, from numbers that are given."""

from __future__ import annotations

import os

import pytest

from app.busy_computer import BusyComputer, ProcessorSample, take_processor_sample


def _judge(*, own: float, idle: float, seconds: int = 60, processors: int = 2) -> list[bool]:
    """Judge samples of every five seconds.

    own: the share of one processor that the job got. idle: the share of all that lay idle.
    """
    judge = BusyComputer()
    return [
        judge.take_sample(ProcessorSample(100.0 + s, own * s, idle * processors * s, processors))
        for s in range(0, seconds + 1, 5)
    ]


def test_a_job_that_gets_a_tenth_of_a_full_computer_is_starved_after_twenty_seconds() -> None:
    assert _judge(own=0.1, idle=0.02, seconds=30) == [False] * 4 + [True] * 3


@pytest.mark.parametrize(
    ("own", "idle"),
    [(0.5, 0.0), (1.9, 0.0), (0.1, 0.4), (0.0, 0.95)],
    ids=["enough", "all of it", "waits for a disk", "waits for a person"],
)
def test_a_job_that_gets_on_or_waits_for_something_else_is_not(own: float, idle: float) -> None:
    assert not any(_judge(own=own, idle=idle))


def test_it_is_told_no_more_once_the_others_have_ended() -> None:
    judge = BusyComputer()
    starved = [judge.take_sample(ProcessorSample(s, 0.1 * s, 0.0, 4)) for s in range(0, 41, 5)]
    freed = [
        judge.take_sample(ProcessorSample(40.0 + s, 4.0 + 2.0 * s, 0.0, 4)) for s in range(5, 26, 5)
    ]

    assert starved[-1]
    assert not freed[-1]


def test_a_look_that_comes_late_on_a_busy_computer_tells_the_same() -> None:
    judge = BusyComputer()
    assert not judge.take_sample(ProcessorSample(0.0, 0.0, 0.0, 2))
    assert judge.take_sample(ProcessorSample(90.0, 5.0, 1.0, 2))


def test_times_are_read_of_a_process_that_is_there_and_of_no_other() -> None:
    sample = take_processor_sample(os.getpid(), 1.0)

    assert sample is not None
    assert sample.own_s > 0
    assert sample.processors >= 1
    assert take_processor_sample(2**22 + 1, 1.0) is None
