"""A microphone that a test feeds, and a clock that it turns."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator

import numpy as np
import pytest

from capture.audio_source import PushSound
from capture.clocks import RecordingClocks
from study import Mark, SoundFormat
from study.errors import NoMicrophone
from study.store import Study

RATE = 8_000


class Clock:
    """Three clocks that run together until the test sets one apart."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept_s = 0.0
        self.turned_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def clocks(self) -> RecordingClocks:
        return RecordingClocks(
            now=self,
            awake=lambda: self.now_s - self.slept_s,
            wall=lambda: 1_000_000 + self.now_s + self.turned_s,
        )

    def sleep(self, seconds: float) -> None:
        """Make the clocks show that the computer slept."""
        self.now_s += seconds
        self.slept_s += seconds


class Fed:
    """A source that gives the blocks that a test feeds it, and advances the clock, if any."""

    def __init__(self, channels: int = 1, *, rate: int = RATE, clock: Clock | None = None) -> None:
        self.form = SoundFormat(rate, channels)
        self.is_alive = True
        self.overflows = 0
        self.name = "Microphone"
        self.push: PushSound = lambda _: pytest.fail("not started")
        self.asked = self.starts = self.stops = 0
        self._clock = clock

    def listens_to(self) -> str:
        name = self.name
        self.asked += 1
        return name

    def start(self, push: PushSound) -> None:
        self.push = push
        self.starts += 1

    def stop(self) -> None:
        self.stops += 1
        self.is_alive = False

    def give(self, pcm: bytes) -> bytes:
        """Push a block at the end of the time in which it was spoken, and return it."""
        if self._clock is not None:
            self._clock.now_s += len(pcm) / self.form.frame_bytes / self.form.rate
        self.push(pcm)
        return pcm


class Socket:
    """An opener: where a microphone is plugged in, or not. ``fed`` is the newest one opened."""

    def __init__(self, clock: Clock, channels: int = 1) -> None:
        self.is_empty = False
        self.rate = RATE
        self.opened = 0
        self._clock = clock
        self._channels = channels
        self.fed = Fed()

    def __call__(self) -> Fed:
        if self.is_empty:
            raise NoMicrophone
        self.opened += 1
        self.fed = Fed(self._channels, rate=self.rate, clock=self._clock)
        return self.fed

    def unplug(self) -> None:
        self.is_empty = True
        self.fed.is_alive = False


@contextlib.contextmanager
def asleep() -> Generator[Callable[[], bool]]:
    """Replace ``hold_awake`` in a test, without asking a desktop."""
    yield lambda: False


def noise(frames: int, channels: int = 1, seed: int = 0) -> bytes:
    dice = np.random.default_rng(seed)
    return dice.integers(-9000, 9000, (frames, channels), dtype=np.int16).tobytes()


def kept(study: Study, interview: str) -> tuple[bytes, list[Mark]]:
    """Read back all sound and all marks of an interview."""
    found = study.interview(interview).open_sound()
    assert found is not None
    with found:
        return found.read(0, found.frames), found.marks()


def until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.005)
