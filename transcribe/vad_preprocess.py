"""Prepare sound for voice activity: remove rumble and amplify quiet voices, slice by slice.

Sound arrives in pieces of any length. The same sound gives the same slices, to the last bit,
however it was cut: an interview that is followed while it is recorded has the same speech as one
that is read afterwards. Slices leave some four seconds late, for a gain depends on later sound too.
The speech model never gets this copy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.track_gains import FLOOR_DB, NOISE_SHARE, GainEstimator
from transcribe.vad_spans import SLICE_S, SLICE_SAMPLES

BATCH_SLICES = 32  # slices that leave together, about a second; the last batch may be smaller
_HALF = MODEL_RATE // 200  # a moving mean of 10 ms around a sample holds what lies below 100 Hz
_FRAME = MODEL_RATE // 4
_SPREAD = 7  # frames to either side that share a gain, so that it moves slowly
_AHEAD = 2 * _SPREAD + 1  # frames that must have arrived after a frame before it can leave
_LARGEST_GAIN = 10.0  # less than 2 % of a minute of pure noise, however loud, counts as speech
_WANTED_PEAK = 0.5
_NEARBY = 8  # slices to either side, a quarter of a second: the pause between two words
_LOUD_DB = 25.0  # below the loudest moment so far is still speech
_FADE_DB = 0.1 * SLICE_S  # that moment fades, or after a bang nothing would be loud any more

_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class VadSlices:
    """Consecutive slices of 32 ms.

    lifted: the amplified sound, float32, shape (slices, SLICE_SAMPLES, channels). energy: the mean
    square before amplification, shape (slices, channels). own: the same shape, 1 where the sound is
    the channel's own, 0 where it bled over from another.
    """

    lifted: Samples
    energy: Samples
    own: Samples


class VadPreprocessor:
    """Takes sound as it arrives and returns slices in batches; ``close`` returns the rest."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._raw = _zeros(channels, _HALF)  # begins half a moving mean before the next frame
        self._arrived = 0  # samples
        # Frames that have not left yet, without rumble.
        self._clear = np.zeros((0, _FRAME, channels), dtype=np.float32)
        self._gains = _Window(_AHEAD + 1, channels)  # of each frame
        self._frames_out = 0
        self._ready = (_zeros(channels), _zeros(channels))  # clear and lifted, not yet slices
        # Slices that have not left yet.
        self._lifted = np.zeros((0, SLICE_SAMPLES, channels), dtype=np.float32)
        self._energy = _Window(_NEARBY, channels)  # of each slice
        self._slices_out = 0
        self._track_gains = GainEstimator(channels)
        self._loudest = FLOOR_DB
        self._slice_levels = np.zeros((round(-FLOOR_DB) + 1, channels))  # slices of each dB

    def add_sound(self, piece: Samples) -> VadSlices:
        """Take float32 of shape (samples, channels) at 16 kHz; return the slices it completes."""
        self._arrived += len(piece)
        self._raw = np.concatenate([self._raw, piece])
        self._to_frames((len(self._raw) - 2 * _HALF) // _FRAME)
        self._lift(max(self._frames_out, self._gains.count - _AHEAD))
        self._to_slices()
        return self._out(
            max(0, self._energy.count - _NEARBY - self._slices_out) // BATCH_SLICES * BATCH_SLICES
        )

    def close(self) -> VadSlices:
        """Return the remaining slices, the last one padded with silence."""
        left = len(self._raw) - _HALF
        frames = -(-left // _FRAME)
        self._raw = np.concatenate(
            [self._raw, _zeros(self._channels, frames * _FRAME - left + _HALF)]
        )
        self._to_frames(frames)
        self._lift(self._gains.count)
        wanted = -(-self._arrived // SLICE_SAMPLES) - self._energy.count
        clear, lifted = self._ready
        self._ready = (
            _pad_or_cut(clear, wanted * SLICE_SAMPLES),
            _pad_or_cut(lifted, wanted * SLICE_SAMPLES),
        )
        self._to_slices()
        return self._out(self._energy.count - self._slices_out)

    def _to_frames(self, count: int) -> None:
        """Remove the rumble from the next frames, by subtracting a moving mean.

        100 Hz keeps its level, 50 Hz falls to a third.
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
        """Amplify the frames up to ``until``, at most tenfold, with a gain that moves slowly."""
        count = until - self._frames_out
        if count <= 0:
            return
        gains = self._smooth_gains(np.arange(self._frames_out - 1, until + 1))
        before, here, after = gains[:-2, None], gains[1:-1, None], gains[2:, None]
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

    def _smooth_gains(self, frames: _Numbers) -> Samples:
        """Return each frame's gain, shape (frames, channels).

        The gain is a mean, so that it moves slowly, of the smallest gains nearby, so that a loud
        word does not get the gain of its quiet neighbours.
        """
        near = np.arange(-_SPREAD, _SPREAD + 1)
        around = self._gains.inside(self._gains.inside(frames)[:, None] + near)
        lowest = self._gains.at(around[..., None] + near).min(axis=2)
        return lowest.mean(axis=1, dtype=np.float64)

    def _to_slices(self) -> None:
        clear, lifted = self._ready
        whole = len(clear) // SLICE_SAMPLES * SLICE_SAMPLES
        shape = (-1, SLICE_SAMPLES, self._channels)
        self._energy.add((clear[:whole].reshape(shape) ** 2).mean(axis=1))
        self._lifted = np.concatenate([self._lifted, lifted[:whole].reshape(shape)])
        self._ready = (clear[whole:], lifted[whole:])

    def _out(self, count: int) -> VadSlices:
        if not count:
            none = _zeros(self._channels)
            return VadSlices(self._lifted[:0], none, none)
        places = np.arange(self._slices_out, self._slices_out + count)
        # Batch by batch, or what is known of the gains would depend on how the sound was cut.
        own = [
            self._find_own(places[first : first + BATCH_SLICES])
            for first in range(0, count, BATCH_SLICES)
        ]
        batch = VadSlices(self._lifted[:count], self._energy.at(places), np.concatenate(own))
        self._lifted = self._lifted[count:]
        self._slices_out += count
        self._energy.forget(self._slices_out)
        return batch

    def _find_own(self, places: _Numbers) -> Samples:
        """Return 1 for each slice and channel whose sound is the channel's own, else 0.

        A single channel's sound is always its own. The loudest moment nearby is compared, for
        between two words all channels are equally quiet. The gains are those that the sound so far
        has told, so that sound that is followed gives what sound that is read gives.
        """
        nearby = self._energy.at(places[:, None] + np.arange(-_NEARBY, _NEARBY + 1)).max(axis=1)
        loudness = 10 * np.log10(np.maximum(nearby, 1e-10))
        top = loudness.max(axis=1)
        self._loudest = max(self._loudest - len(places) * _FADE_DB, float(top.max()))
        loud = loudness[top > self._loudest - _LOUD_DB]
        self._add_noise(places)
        self._track_gains.add_moments(loud, np.full(len(loud), SLICE_S), self._find_noise())
        gains = self._track_gains.estimate_gains()
        balanced = gains.balance(loudness)
        loudest = balanced.max(axis=1, keepdims=True)
        return (balanced >= loudest - gains.bleed_db).astype(np.float32)

    def _add_noise(self, places: _Numbers) -> None:
        levels = 10 * np.log10(np.maximum(self._energy.at(places), 1e-10))
        rows = np.clip(np.round(levels - FLOOR_DB).astype(np.intp), 0, round(-FLOOR_DB))
        for channel in range(self._channels):
            np.add.at(self._slice_levels[:, channel], rows[:, channel], 1)

    def _find_noise(self) -> Samples:
        """Return the level of each channel while nobody speaks: the lowest twentieth so far."""
        run = np.cumsum(self._slice_levels, axis=0)
        noise = (run < NOISE_SHARE * run[-1]).sum(axis=0) + FLOOR_DB
        return noise.astype(np.float32)


class _Window:
    """The newest rows of a series and some before them; beyond its ends, its end rows."""

    def __init__(self, margin: int, channels: int) -> None:
        self.count = 0
        self._margin = margin
        self._rows = _zeros(channels)

    def add(self, rows: Samples) -> None:
        self._rows = np.concatenate([self._rows, rows])
        self.count += len(rows)

    def forget(self, before: int) -> None:
        """Drop the rows that are more than ``margin`` rows before row ``before``."""
        surplus = before - self._margin - (self.count - len(self._rows))
        if surplus > 0:
            self._rows = self._rows[surplus:]

    def inside(self, places: _Numbers) -> _Numbers:
        return np.clip(places, 0, self.count - 1)

    def at(self, places: _Numbers) -> Samples:
        return self._rows[self.inside(places) - (self.count - len(self._rows))]


def _zeros(channels: int, samples: int = 0) -> Samples:
    return np.zeros((samples, channels), dtype=np.float32)


def _pad_or_cut(part: Samples, length: int) -> Samples:
    """Cut sound to ``length`` samples, or pad it with silence."""
    return np.pad(part[:length], ((0, max(0, length - len(part))), (0, 0)))
