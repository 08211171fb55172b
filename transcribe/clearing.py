"""What voice activity hears: a copy with the rumble out and quiet voices lifted, slice by slice.

Sound comes in in whatever pieces it was read. What goes out is the same for the same sound, to
the last bit, however it was cut: an interview that is followed while it is recorded has the same
speech as one that is read afterwards. It goes out some four seconds late, for a gain is found
from what comes after it, too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transcribe.following import SLICE
from transcribe.hearing import RATE, Samples

BATCH = 32  # slices that go out together, about a second; the last may be fewer
_HALF = RATE // 200  # a moving mean of 10 ms around a sample holds what lies below 100 Hz
_FRAME = RATE // 4
_SPREAD = 7  # frames to either side that share a gain, so that it moves slowly
_AHEAD = 2 * _SPREAD + 1  # frames that must have come before a frame can go out
_LARGEST_GAIN = 10.0  # under 2 % of a minute of pure noise, however loud, is taken for speech
_WANTED_PEAK = 0.5
_NEARBY = 8  # slices to either side, a quarter of a second: the pause between two words
_BLEED_DB = 12.0  # a voice this much quieter than on another channel belongs to that one

_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Slices:
    """Some slices of 32 ms, in order.

    lifted: float32, shape (slices, SLICE, channels). energy: the mean square before lifting, shape
    (slices, channels). own: the same shape, 1 where the sound is the channel's own, 0 where it bled
    over from another.
    """

    lifted: Samples
    energy: Samples
    own: Samples


class Clearing:
    """Takes sound in as it comes and gives slices in batches; ``close`` gives the rest."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._raw = _nothing(channels, _HALF)  # from half a mean before the next frame on
        self._came = 0  # samples
        self._clear = np.zeros((0, _FRAME, channels), dtype=np.float32)  # frames not gone out yet
        self._gains = _Window(_AHEAD + 1, channels)  # of each frame
        self._frames_out = 0
        self._ready = (_nothing(channels), _nothing(channels))  # clear and lifted, not yet slices
        self._lifted = np.zeros((0, SLICE, channels), dtype=np.float32)  # slices not gone out yet
        self._energy = _Window(_NEARBY, channels)  # of each slice
        self._slices_out = 0

    def take(self, piece: Samples) -> Slices:
        """Take in float32 of shape (samples, channels) at 16 kHz; return what that completes."""
        self._came += len(piece)
        self._raw = np.concatenate([self._raw, piece])
        self._to_frames((len(self._raw) - 2 * _HALF) // _FRAME)
        self._lift(max(self._frames_out, self._gains.count - _AHEAD))
        self._to_slices()
        return self._out(max(0, self._energy.count - _NEARBY - self._slices_out) // BATCH * BATCH)

    def close(self) -> Slices:
        """Return what is left, now that no more comes; silence fills the last slice up."""
        left = len(self._raw) - _HALF
        frames = -(-left // _FRAME)
        self._raw = np.concatenate(
            [self._raw, _nothing(self._channels, frames * _FRAME - left + _HALF)]
        )
        self._to_frames(frames)
        self._lift(self._gains.count)
        wanted = -(-self._came // SLICE) - self._energy.count
        clear, lifted = self._ready
        self._ready = (_filled(clear, wanted * SLICE), _filled(lifted, wanted * SLICE))
        self._to_slices()
        return self._out(self._energy.count - self._slices_out)

    def _to_frames(self, count: int) -> None:
        """Take the rumble out of the next frames: a moving mean is subtracted.

        100 Hz stays whole, 50 Hz falls to a third.
        """
        if count <= 0:
            return
        length = _FRAME + 2 * _HALF
        around = np.stack([self._raw[n * _FRAME :][:length] for n in range(count)])
        total = np.cumsum(around, axis=1, dtype=np.float64)
        total = np.pad(total, ((0, 0), (1, 0), (0, 0)))
        mean = (total[:, 2 * _HALF :] - total[:, : -2 * _HALF]) / (2 * _HALF)
        clear = (around[:, _HALF:-_HALF] - mean[:, :_FRAME]).astype(np.float32)
        self._raw = self._raw[count * _FRAME :]
        self._clear = np.concatenate([self._clear, clear])
        peaks = np.abs(clear).max(axis=1)
        self._gains.add(np.clip(_WANTED_PEAK / np.maximum(peaks, 1e-6), 1.0, _LARGEST_GAIN))

    def _lift(self, until: int) -> None:
        """Lift the frames up to ``until`` by at most ten times, slowly."""
        count = until - self._frames_out
        if count <= 0:
            return
        calm = self._calm(np.arange(self._frames_out - 1, until + 1))
        before, here, after = calm[:-2, None], calm[1:-1, None], calm[2:, None]
        share = ((np.arange(_FRAME) + _FRAME // 2) % _FRAME / _FRAME)[None, :, None]
        is_first = (np.arange(_FRAME) < _FRAME // 2)[None, :, None]
        curve = np.where(is_first, before, here) * (1 - share)
        curve += np.where(is_first, here, after) * share
        clear = self._clear[:count]
        lifted = np.clip(clear * curve.astype(np.float32), np.float32(-1), np.float32(1))
        self._clear = self._clear[count:]
        self._frames_out = until
        self._gains.forget(until)
        parts = (clear.reshape(-1, self._channels), lifted.reshape(-1, self._channels))
        self._ready = (
            np.concatenate([self._ready[0], parts[0]]),
            np.concatenate([self._ready[1], parts[1]]),
        )

    def _calm(self, frames: _Numbers) -> Samples:
        """Return each frame's gain, shape (frames, channels).

        It is a mean, so that it moves slowly, of the smallest gains nearby, so that a loud word is
        not lifted by its quiet neighbours.
        """
        near = np.arange(-_SPREAD, _SPREAD + 1)
        around = self._gains.inside(self._gains.inside(frames)[:, None] + near)
        lowest = self._gains.at(around[..., None] + near).min(axis=2)
        return lowest.mean(axis=1, dtype=np.float64)

    def _to_slices(self) -> None:
        clear, lifted = self._ready
        whole = len(clear) // SLICE * SLICE
        shape = (-1, SLICE, self._channels)
        self._energy.add((clear[:whole].reshape(shape) ** 2).mean(axis=1))
        self._lifted = np.concatenate([self._lifted, lifted[:whole].reshape(shape)])
        self._ready = (clear[whole:], lifted[whole:])

    def _out(self, count: int) -> Slices:
        if not count:
            none = _nothing(self._channels)
            return Slices(self._lifted[:0], none, none)
        places = np.arange(self._slices_out, self._slices_out + count)
        gone = Slices(self._lifted[:count], self._energy.at(places), self._own(places))
        self._lifted = self._lifted[count:]
        self._slices_out += count
        self._energy.forget(self._slices_out)
        return gone

    def _own(self, places: _Numbers) -> Samples:
        """Return 1 for each slice and channel whose sound is its own.

        With one channel all is. What counts is the loudest moment nearby: between two words
        everybody is equally quiet, and that says nothing.
        """
        nearby = self._energy.at(places[:, None] + np.arange(-_NEARBY, _NEARBY + 1)).max(axis=1)
        loudness = 10 * np.log10(np.maximum(nearby, 1e-10))
        loudest = loudness.max(axis=1, keepdims=True)
        return (loudness >= loudest - _BLEED_DB).astype(np.float32)


class _Window:
    """The newest rows of a series and some before them; beyond its ends stand the outermost."""

    def __init__(self, kept: int, channels: int) -> None:
        self.count = 0
        self._kept = kept
        self._rows = _nothing(channels)

    def add(self, rows: Samples) -> None:
        self._rows = np.concatenate([self._rows, rows])
        self.count += len(rows)

    def forget(self, before: int) -> None:
        """Let go of the rows that are more than ``kept`` before that one."""
        surplus = before - self._kept - (self.count - len(self._rows))
        if surplus > 0:
            self._rows = self._rows[surplus:]

    def inside(self, places: _Numbers) -> _Numbers:
        return np.clip(places, 0, self.count - 1)

    def at(self, places: _Numbers) -> Samples:
        return self._rows[self.inside(places) - (self.count - len(self._rows))]


def _nothing(channels: int, samples: int = 0) -> Samples:
    return np.zeros((samples, channels), dtype=np.float32)


def _filled(part: Samples, length: int) -> Samples:
    """Cut to ``length`` samples, or fill up to them with silence."""
    return np.pad(part[:length], ((0, max(0, length - len(part))), (0, 0)))
