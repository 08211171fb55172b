"""The clocks a recording goes by, handed in so that a test can turn them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]


def _since_boot() -> float:
    """Go on while the computer sleeps, where there is such a clock: a gap's length is true."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class Clocks:
    """now: all lengths are of this one. awake: stands while the computer sleeps. wall: may jump.

    All in seconds, each from a beginning of its own.
    """

    now: Clock = _since_boot
    awake: Clock = time.monotonic
    wall: Clock = time.time
