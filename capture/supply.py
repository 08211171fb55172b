"""Where a player's sound comes from: read, mixed down, stretched, and faded at every cut."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from capture.outflow import Chunk, Run
from capture.stretching import Samples, Stretched

_BLOCK_S = 0.05
_FADE_S = 0.005  # long enough that a cut does not click, too short to be heard as a fade

ReadMixed = Callable[[int, int], Samples]


class Supply:
    """The sound of one run, chunk by chunk, in the order in which it is to be heard.

    read: gives frames from a place on, shape (frames, channels), 1 or 2 channels. ``frames`` is
    how long the whole sound is: what ends before it is cut off.
    """

    def __init__(
        self, run: Run, read: ReadMixed, *, rate: int, channels: int, frames: int, speed: float
    ) -> None:
        self.run = run
        self._read = read
        self._rate, self._channels, self._frames = rate, channels, frames
        self._fade = round(_FADE_S * rate)
        self._is_cut = run.start > 0
        self._voice = self._from(run.start, speed)

    def next(self, speed: float) -> Chunk:
        """Return the next chunk, at most 0.05 s; one that ``is_last`` may be empty.

        A speed that differs from the last one's is taken up without a click, at the same place.
        """
        old = self._voice
        at = old.at
        if old.speed == speed:
            block = old.block(round(_BLOCK_S * self._rate))
        else:
            self._voice = self._from(round(at), speed)
            block = crossfade(old.block(2 * self._fade), self._voice.block(2 * self._fade))
        is_over = self._voice.is_over()
        self._fade_at_cuts(block, is_over=is_over)
        if is_over and self.run.repeats and self.run.first < self.run.end:
            self._voice, is_over = self._from(self.run.first, speed), False
        return Chunk(block, at, speed, is_over)

    def _fade_at_cuts(self, block: Samples, *, is_over: bool) -> None:
        if self._is_cut:
            fade(block[: self._fade])
        self._is_cut = is_over
        if is_over and (self.run.repeats or self.run.end < self._frames):
            fade(block[-self._fade :], out=True)

    def _from(self, frame: int, speed: float) -> Stretched:
        rate, channels = self._rate, self._channels
        return Stretched(self._read, frame, self.run.end, rate=rate, channels=channels, speed=speed)


def fade(block: Samples, *, out: bool = False) -> None:
    """Let a block rise from silence, or fall to it, in place."""
    ramp = np.linspace(0.0, 1.0, len(block))[:: -1 if out else 1, None]
    block[:] = np.rint(block * ramp).astype(np.int16)


def crossfade(old: Samples, new: Samples) -> Samples:
    """Return ``new``, with ``old`` fading out over its beginning."""
    both = min(len(old), len(new))
    ramp = np.linspace(0.0, 1.0, both)[:, None]
    mixed = new.copy()
    mixed[:both] = np.rint(old[:both] * (1 - ramp) + new[:both] * ramp).astype(np.int16)
    return mixed


def mix(block: Samples, channels: int) -> Samples:
    """Return a block with as many channels as the output has, 1 or 2.

    Two channels on two stay left and right. What has to be mixed sounds on all: microphones in
    one room hear about the same power of noise each and a voice at one of them, so the sum is
    divided by the root of their number, not by the number, or one voice in eight would be lost.
    """
    count = block.shape[1]
    if count == channels:
        return block
    summed = block.sum(axis=1, dtype=np.float64) / count**0.5
    limits = np.iinfo(np.int16)
    mono = np.clip(np.rint(summed), limits.min, limits.max).astype(np.int16)
    return np.repeat(mono[:, None], channels, axis=1)
