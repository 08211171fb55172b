"""What the newest sound is like: its level, whether it is silent by number, whether it clips."""

from __future__ import annotations

from collections import deque

from capture.levels import levels, peak, samples
from study.terms import SoundFormat

_WINDOW_S = 3.0  # over which clipping is counted: some sentences
_NEWEST_S = 0.1
_FULL = 32767


class Meter:
    """Listens to each block of sound that is kept, on one thread; read from any.

    level_dbfs, peak_dbfs: of each channel over the newest 0.1 s; empty before any sound.
    zeros: for how many frames there has been nothing but exact zeros. clipped: the share of
    full-scale samples over the last 3 s, 0 to 1, of the channel that has most of them.
    """

    def __init__(self, form: SoundFormat) -> None:
        self._form = form
        self._newest = b""
        self._blocks: deque[tuple[int, tuple[int, ...]]] = deque()  # frames; full ones by channel
        self._frames = 0
        self._full = [0] * form.channels
        self.level_dbfs: tuple[float, ...] = ()
        self.peak_dbfs: tuple[float, ...] = ()
        self.zeros = 0
        self.clipped = 0.0

    def hear(self, pcm: bytes) -> None:
        """Take the next block."""
        block = samples(pcm, self._form.channels)
        self.zeros = 0 if any(pcm) else self.zeros + len(block)
        full = (block >= _FULL) | (block <= -_FULL)
        self._count(len(block), tuple(int(number) for number in full.sum(axis=0)))
        most = int(_NEWEST_S * self._form.rate) * self._form.frame_bytes
        self._newest = (self._newest + pcm)[-most:]

    def show(self) -> None:
        """Work out the levels of the newest sound."""
        if self._newest:
            block = samples(self._newest, self._form.channels)
            self.level_dbfs = levels(self._newest, self._form.channels)
            self.peak_dbfs = tuple(peak(block[:, channel]) for channel in range(block.shape[1]))

    def forget(self) -> None:
        """Start over: what comes next does not follow on what was."""
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
