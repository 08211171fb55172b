"""Sound that is missing although it kept coming: frames against the clock.

A sound card's clock drifts, blocks come late and all at once, and neither loses anything. What is
lost lifts the lag of the frames behind the clock for good, and at one stroke. So the least lag of
some seconds is compared with a baseline that follows it slowly.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

# Our choice: a busy machine held blocks back for 0.3 s, some servers give sound in chunks of 2 s.
WINDOW_S = 3.0
# Less than this is not told: it is the shortest word. Hardware loses whole buffers, 20 ms to 2 s.
LEAST_S = 0.15
_FOLLOWS = 0.001  # seconds per second: 1,000 ppm; cheap cards drift by 200
_SLACK_S = 0.5  # a window is whole when the oldest block in it is nearly as old as it is long
_LONGEST_BLOCK_S = 0.5
_FEW = 3  # looks that a verdict needs when there is no time for a whole window


@dataclass(frozen=True, slots=True)
class Came:
    """The newest block: when it came, how many frames came in all, how many of them to be kept."""

    at_s: float
    given: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Jump:
    """Sound that is missing: how much, and behind which frame of what is kept."""

    length_s: float
    place: int


class Lag:
    """Told of the newest block again and again; ``restart`` it with each new source."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self.restart()

    def restart(self) -> None:
        """Begin anew: the first seconds of a source, which may come unevenly, set the baseline."""
        self._base_s: float | None = None
        self._last = Came(0.0)
        self._place = 0
        self._window: deque[tuple[float, float]] = deque()
        self._behind: list[float] = []

    def look(self, came: Came) -> Jump | None:
        """Take in the newest block; tell of sound that is missing once it is certain."""
        if came.given == self._last.given:
            return None
        passed_s, self._last = came.at_s - self._last.at_s, came
        lag_s = came.at_s - came.given / self._rate
        if self._base_s is None and self._window and passed_s > LEAST_S + _LONGEST_BLOCK_S:
            self._base_s = min(lag for _, lag in self._window)  # it had come evenly until here
        self._window.append((came.at_s, lag_s))
        while self._window[0][0] < came.at_s - WINDOW_S:
            self._window.popleft()
        is_whole = came.at_s - self._window[0][0] > WINDOW_S - _SLACK_S
        least_s = min(lag for _, lag in self._window)
        if self._base_s is None:
            self._base_s, self._place = least_s if is_whole else None, came.kept
            return None
        if lag_s - self._base_s < LEAST_S:
            self._place, self._behind = came.kept, []
            self._base_s = min(least_s, self._base_s + _FOLLOWS * passed_s)
            return None
        self._behind = [*self._behind[-_FEW:], lag_s]
        return self._jump(self._base_s, least_s) if is_whole else None

    def settle(self) -> Jump | None:
        """Tell of what is missing by what there is to go by now."""
        if self._base_s is None or len(self._behind) < _FEW:
            return None
        return self._jump(self._base_s, min(self._behind))

    def _jump(self, base_s: float, least_s: float) -> Jump | None:
        if least_s - base_s < LEAST_S:
            return None
        self._base_s, self._behind = least_s, []
        return Jump(least_s - base_s, self._place)
