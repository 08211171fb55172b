"""Measure the newest sound: its level, whether it is all zeros, whether it clips."""

from __future__ import annotations

from collections import deque

from capture.levels import decode_samples, measure_channel_levels, measure_peak
from study import SoundFormat

_WINDOW_S = 3.0  # over which clipping is counted: some sentences
_NEWEST_S = 0.1
_FULL = 32767  # a sample this far from zero is clipped


class LevelMeter:
    """Measures each block of sound that is kept, on one thread; any thread may read the results.

    level_dbfs, peak_dbfs: of each channel over the newest 0.1 s; empty before any sound.
    zeros: how many frames up to now were exact zeros without a break. clipped: the share of
    full-scale samples over the last 3 s, 0 to 1, of the channel that has most of them.
    """

    def __init__(self, sound_format: SoundFormat) -> None:
        self._form = sound_format
        self._newest = b""
        self._blocks: deque[tuple[int, tuple[int, ...]]] = deque()  # frames; full ones by channel
        self._frames = 0
        self._full = [0] * sound_format.channels
        self.level_dbfs: tuple[float, ...] = ()
        self.peak_dbfs: tuple[float, ...] = ()
        self.zeros = 0
        self.clipped = 0.0

    def take_block(self, pcm: bytes) -> None:
        """Measure the next block."""
        block = decode_samples(pcm, self._form.channels)
        self.zeros = 0 if any(pcm) else self.zeros + len(block)
        full = (block >= _FULL) | (block <= -_FULL)
        self._count(len(block), tuple(int(number) for number in full.sum(axis=0)))
        most = int(_NEWEST_S * self._form.rate) * self._form.frame_bytes
        self._newest = (self._newest + pcm)[-most:]

    def compute_levels(self) -> None:
        """Compute the levels of the newest sound."""
        if self._newest:
            block = decode_samples(self._newest, self._form.channels)
            self.level_dbfs = measure_channel_levels(self._newest, self._form.channels)
            self.peak_dbfs = tuple(
                measure_peak(block[:, channel]) for channel in range(block.shape[1])
            )

    def reset(self) -> None:
        """Begin again: the next block does not continue the last one."""
        self._newest = b""
        self._blocks.clear()
        self._frames, self._full = 0, [0] * self._form.channels
        self.level_dbfs = self.peak_dbfs = ()
        self.zeros, self.clipped = 0, 0.0

    def _count(self, frames: int, full: tuple[int, ...]) -> None:
        self._blocks.append((frames, full))
        self._frames += frames
        self._full = [a + b for a, b in zip(self._full, full, strict=True)]
        while len(self._blocks) > 1 and self._frames > _WINDOW_S * self._form.rate:
            gone, fewer = self._blocks.popleft()
            self._frames -= gone
            self._full = [a - b for a, b in zip(self._full, fewer, strict=True)]
        self.clipped = max(self._full) / max(self._frames, 1)
