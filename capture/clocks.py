"""The clocks of a recording, passed in so that a test can set them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]


def _since_boot() -> float:
    """Return seconds since boot; on Linux time asleep counts, so a gap's length is true."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class RecordingClocks:
    """Three clocks, all in seconds, each with an origin of its own.

    now: measures all lengths. awake: stands still while the computer sleeps. wall: the time of
    day, which may jump.
    """

    now: Clock = _since_boot
    awake: Clock = time.monotonic
    wall: Clock = time.time
