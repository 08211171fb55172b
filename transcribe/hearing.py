"""Reading an interview's sound as the model wants it: 16 kHz, float, channels apart.

The sealed file is read piece by piece; nothing here grows with the length of the interview.
Voice activity hears a copy with rumble taken out and quiet voices lifted, the model hears the
original (notes of ours: a second, quieter voice is lost by voice activity otherwise).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import soxr

from study.recordings import Sound

RATE = 16_000
Samples = npt.NDArray[np.float32]

_PIECE_S = 30
_MARGIN_S = 1.0  # of sound around a window, so that the resampler's edges lie outside it
_RUMBLE_SAMPLES = RATE // 100  # 10 ms: a moving mean this long holds what lies below 100 Hz
_GAIN_FRAME_S = 0.25
_GAIN_SPREAD = 7  # frames to either side that share a gain, so that it moves slowly
_LARGEST_GAIN = 15.0
_WANTED_PEAK = 0.5


def _floats(pcm: bytes, channels: int) -> Samples:
    whole = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768.0
    return whole.reshape(-1, channels)


def pieces(sound: Sound) -> Iterator[Samples]:
    """Yield all of the sound, resampled, in pieces of about half a minute.

    Each is float32 of shape (samples, channels) in [-1, 1]; together they have
    ``round(frames * 16000 / rate)`` samples, give or take one.
    """
    form = sound.form
    stream = soxr.ResampleStream(form.rate, RATE, form.channels, dtype="float32")
    step = form.rate * _PIECE_S
    for first in range(0, sound.frames, step):
        block = _floats(sound.read(first, step), form.channels)
        yield _heard(stream.resample_chunk(block, last=first + step >= sound.frames))


def excerpt(sound: Sound, channel: int, start_s: float, end_s: float) -> Samples:
    """Return one channel from ``start_s`` to ``end_s``, float32 of shape (samples,).

    The same seconds always give the same samples, whatever was read before.
    """
    form = sound.form
    begin = max(0, int((start_s - _MARGIN_S) * form.rate))
    stop = min(sound.frames, int((end_s + _MARGIN_S) * form.rate))
    block = _floats(sound.read(begin, stop - begin), form.channels)[:, channel]
    heard = _heard(soxr.resample(block, form.rate, RATE))
    offset = round(start_s * RATE) - round(begin * RATE / form.rate)
    return heard[max(0, offset) : max(0, offset) + round((end_s - start_s) * RATE)]


def _heard(samples: object) -> Samples:
    return np.asarray(samples, dtype=np.float32)


def without_rumble(samples: Samples) -> Samples:
    """Take out what lies well below the voice; (samples,) in and out.

    A moving mean of 10 ms is subtracted: 100 Hz stays whole, 50 Hz falls to a third.
    """
    if samples.size < _RUMBLE_SAMPLES:
        return samples
    padded = np.pad(samples.astype(np.float64), (_RUMBLE_SAMPLES // 2, _RUMBLE_SAMPLES // 2))
    total = np.cumsum(np.concatenate([[0.0], padded]))
    mean = (total[_RUMBLE_SAMPLES:] - total[:-_RUMBLE_SAMPLES]) / _RUMBLE_SAMPLES
    return (samples - mean[: samples.size]).astype(np.float32)


def levelled(samples: Samples) -> Samples:
    """Lift quiet stretches by at most 15 times, slowly; (samples,) in and out."""
    frame = int(RATE * _GAIN_FRAME_S)
    count = -(-samples.size // frame)
    if count == 0:
        return samples
    padded = np.pad(samples, (0, count * frame - samples.size))
    peaks = np.abs(padded.reshape(count, frame)).max(axis=1)
    gains: Samples = np.clip(_WANTED_PEAK / np.maximum(peaks, 1e-6), 1.0, _LARGEST_GAIN)
    around = np.pad(gains, _GAIN_SPREAD, mode="edge")
    spans = np.lib.stride_tricks.sliding_window_view(around, 2 * _GAIN_SPREAD + 1)
    # The smallest gain nearby, so that a loud word is not lifted by its quiet neighbours;
    # then a mean, so that it moves slowly.
    lowest = np.pad(spans.min(axis=1), _GAIN_SPREAD, mode="edge")
    calm = np.lib.stride_tricks.sliding_window_view(lowest, 2 * _GAIN_SPREAD + 1).mean(axis=1)
    at = (np.arange(count) + 0.5) * frame
    curve = np.asarray(np.interp(np.arange(samples.size), at, calm), dtype=np.float32)
    return np.clip(samples * curve, np.float32(-1), np.float32(1))
