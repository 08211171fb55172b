"""Prepare a player's sound: read it, mix it down, stretch it, and fade it at every cut."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from capture.playback_queue import PlaybackChunk, PlaybackRun
from capture.time_stretch import Samples, StretchedSound

_BLOCK_S = 0.05
_FADE_S = 0.005  # long enough that a cut does not click, too short to be heard as a fade

ReadMixed = Callable[[int, int], Samples]


class PlaybackSupply:
    """The sound of one run, chunk by chunk, in playing order.

    read: returns frames from a place on, shape (frames, channels), 1 or 2 channels. frames: the
    length of the whole sound; a run that ends before it is faded out.
    """

    def __init__(
        self,
        run: PlaybackRun,
        read: ReadMixed,
        *,
        rate: int,
        channels: int,
        frames: int,
        speed: float,
    ) -> None:
        self.run = run
        self._read = read
        self._rate, self._channels, self._frames = rate, channels, frames
        self._fade = round(_FADE_S * rate)
        self._is_cut = run.start > 0
        self._voice = self._start_voice(run.start, speed)

    def next_chunk(self, speed: float) -> PlaybackChunk:
        """Return the next chunk, at most 0.05 s; one that ``is_last`` may be empty.

        A new speed begins at the same place, without a click.
        """
        old = self._voice
        at = old.next_frame
        if old.speed == speed:
            block = old.next_block(round(_BLOCK_S * self._rate))
        else:
            self._voice = self._start_voice(round(at), speed)
            block = crossfade_blocks(
                old.next_block(2 * self._fade), self._voice.next_block(2 * self._fade)
            )
        is_over = self._voice.is_over()
        self._fade_at_cuts(block, is_over=is_over)
        if is_over and self.run.repeats and self.run.first < self.run.end:
            self._voice, is_over = self._start_voice(self.run.first, speed), False
        return PlaybackChunk(block, at, speed, is_over)

    def _fade_at_cuts(self, block: Samples, *, is_over: bool) -> None:
        if self._is_cut:
            fade_block(block[: self._fade])
        self._is_cut = is_over
        if is_over and (self.run.repeats or self.run.end < self._frames):
            fade_block(block[-self._fade :], out=True)

    def _start_voice(self, frame: int, speed: float) -> StretchedSound:
        rate, channels = self._rate, self._channels
        return StretchedSound(
            self._read, frame, self.run.end, rate=rate, channels=channels, speed=speed
        )


def fade_block(block: Samples, *, out: bool = False) -> None:
    """Fade a block in, or out, in place."""
    ramp = np.linspace(0.0, 1.0, len(block))[:: -1 if out else 1, None]
    block[:] = np.rint(block * ramp).astype(np.int16)


def crossfade_blocks(old: Samples, new: Samples) -> Samples:
    """Return ``new``, with ``old`` fading out over its beginning."""
    both = min(len(old), len(new))
    ramp = np.linspace(0.0, 1.0, both)[:, None]
    mixed = new.copy()
    mixed[:both] = np.rint(old[:both] * (1 - ramp) + new[:both] * ramp).astype(np.int16)
    return mixed


def mix_channels(block: Samples, channels: int) -> Samples:
    """Return a block with as many channels as the output has, 1 or 2.

    Two channels on two stay left and right. Otherwise the mixture of all goes to every output
    channel. Microphones in one room pick up about the same power of noise each, and a voice mostly
    at one of them, so the sum is divided by the root of their number, not by the number: that
    would make one voice in eight too quiet.
    """
    count = block.shape[1]
    if count == channels:
        return block
    summed = block.sum(axis=1, dtype=np.float64) / count**0.5
    limits = np.iinfo(np.int16)
    mono = np.clip(np.rint(summed), limits.min, limits.max).astype(np.int16)
    return np.repeat(mono[:, None], channels, axis=1)
