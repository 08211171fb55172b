"""Detect missing sound in a stream that keeps flowing, by comparing frames with the clock.

A sound card's clock drifts, and blocks may arrive late and several at once; neither loses sound.
Lost sound raises the lag of the frames behind the clock suddenly and for good. So the smallest lag
of the last seconds is compared with a baseline that follows it slowly.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

# Our choice: a busy machine held blocks back for 0.3 s, some servers give sound in chunks of 2 s.
LAG_WINDOW_S = 3.0
# Shorter gaps are not reported: the shortest word is as long. Hardware loses 20 ms to 2 s.
LEAST_LAG_S = 0.15
_FOLLOWS = 0.001  # seconds per second: 1,000 ppm; cheap cards drift by 200
_SLACK_S = 0.5  # a window is whole when the oldest block in it is nearly as old as it is long
_LONGEST_BLOCK_S = 0.5
_FEW = 3  # lags that a verdict needs when there is no time for a whole window


@dataclass(frozen=True, slots=True)
class NewestBlock:
    """When the newest block arrived, the frames received so far, and how many of them are kept."""

    at_s: float
    frames_received: int = 0
    frames_kept: int = 0


@dataclass(frozen=True, slots=True)
class MissingSound:
    """Missing sound: its length, and the kept frame (``place``) after which it is missing."""

    length_s: float
    place: int


class LagDetector:
    """Finds missing sound; the caller passes it each newest block, and restarts it per source."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self.restart()

    def restart(self) -> None:
        """Begin again with a new source, whose first seconds, however uneven, set the baseline."""
        self._base_s: float | None = None
        self._last = NewestBlock(0.0)
        self._place = 0
        self._window: deque[tuple[float, float]] = deque()
        self._behind: list[float] = []

    def take_block(self, block: NewestBlock) -> MissingSound | None:
        """Take the newest block; return missing sound once it is certain that some is missing."""
        if block.frames_received == self._last.frames_received:
            return None
        passed_s, self._last = block.at_s - self._last.at_s, block
        lag_s = block.at_s - block.frames_received / self._rate
        if self._base_s is None and self._window and passed_s > LEAST_LAG_S + _LONGEST_BLOCK_S:
            self._base_s = min(lag for _, lag in self._window)  # it had come evenly until here
        self._window.append((block.at_s, lag_s))
        while self._window[0][0] < block.at_s - LAG_WINDOW_S:
            self._window.popleft()
        is_whole = block.at_s - self._window[0][0] > LAG_WINDOW_S - _SLACK_S
        least_s = min(lag for _, lag in self._window)
        if self._base_s is None:
            self._base_s, self._place = least_s if is_whole else None, block.frames_kept
            return None
        if lag_s - self._base_s < LEAST_LAG_S:
            self._place, self._behind = block.frames_kept, []
            self._base_s = min(least_s, self._base_s + _FOLLOWS * passed_s)
            return None
        self._behind = [*self._behind[-_FEW:], lag_s]
        return self._jump(self._base_s, least_s) if is_whole else None

    def conclude(self) -> MissingSound | None:
        """Return the sound that is missing, judged by few blocks, at a stream's end."""
        if self._base_s is None or len(self._behind) < _FEW:
            return None
        return self._jump(self._base_s, min(self._behind))

    def _jump(self, base_s: float, least_s: float) -> MissingSound | None:
        if least_s - base_s < LEAST_LAG_S:
            return None
        self._base_s, self._behind = least_s, []
        return MissingSound(least_s - base_s, self._place)
