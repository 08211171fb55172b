"""Whether other programs leave a job too little of the processor: told by times, never by a guess.

A job runs at low priority. Where other programs use every processor it hardly gets on, and its line
would stand still without a reason.
"""

from __future__ import annotations

import contextlib
from collections import deque
from typing import Final, NamedTuple

BUSY_LOOKS_S: Final = 5.0  # between two samples
_JUDGED_S = 20.0  # of which the samples tell
_LEAST_SHARE = 1 / 3  # of one processor that a job needs to get on
_MOST_IDLE = 0.2  # of all processors: where more lies idle, something else holds the job up


class ProcessorSample(NamedTuple):
    """The seconds that were used up so far, at a moment of a monotonic clock.

    own_s: processor time of the job and its children. idle_s: of the whole computer, over all of
    its processors. processors: how many there are.
    """

    at_s: float
    own_s: float
    idle_s: float
    processors: int


class BusyComputer:
    """Judges from samples whether a job starves because other programs use the computer."""

    def __init__(self) -> None:
        self._samples: deque[ProcessorSample] = deque()

    def take_sample(self, sample: ProcessorSample) -> bool:
        """Return whether the job got too little since the last sample that is old enough."""
        samples = self._samples
        if samples and sample.own_s < samples[-1].own_s:
            samples.clear()  # a child has ended and was not waited for
        samples.append(sample)
        while len(samples) > 1 and sample.at_s - samples[1].at_s >= _JUDGED_S:
            samples.popleft()
        first = samples[0]
        passed_s = sample.at_s - first.at_s
        if passed_s < _JUDGED_S:
            return False
        is_starved = sample.own_s - first.own_s < _LEAST_SHARE * passed_s
        idle = (sample.idle_s - first.idle_s) / (passed_s * max(1, sample.processors))
        return is_starved and idle < _MOST_IDLE


def take_processor_sample(process: int, at_s: float) -> ProcessorSample | None:
    """Read the processor times of a process and its children; None where the system tells none."""
    import psutil

    with contextlib.suppress(psutil.Error, OSError):
        job = psutil.Process(process)
        own_s = 0.0
        for one in (job, *job.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                own_s += sum(one.cpu_times()[:4])  # its own and those of children that ended
        times = psutil.cpu_times()
        idle_s = times.idle + getattr(times, "iowait", 0.0)  # waiting for a disk is no use of it
        return ProcessorSample(at_s, own_s, idle_s, psutil.cpu_count() or 1)
    return None
