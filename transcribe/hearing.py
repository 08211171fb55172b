"""Reading an interview's sound as the model wants it: 16 kHz, float, channels apart.

The sealed file is read piece by piece; nothing here grows with the length of the interview.
Voice activity hears a copy with rumble taken out and quiet voices lifted, the model hears the
original (notes of ours: a second, quieter voice is lost by voice activity otherwise).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import soxr

from study.recordings import Readable, Sound

RATE = 16_000
Samples = npt.NDArray[np.float32]

_PIECE_S = 1  # what is recorded is followed this closely
_MARGIN_S = 1.0  # of sound around a window, so that the resampler's edges lie outside it


class Source(Protocol):
    """Sound that is read from its beginning, and may still be growing."""

    @property
    def sound(self) -> Sound:
        """All of it that is there."""
        ...

    def reaches(self, frames: int) -> bool:
        """Wait until there are so many frames; False where it ended before."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """Sound that is all there."""

    sound: Sound

    def reaches(self, frames: int) -> bool:
        """Whether it has so many frames."""
        return frames <= self.sound.frames


Track = tuple[int, ...]
"""The channels that are heard as one: a single microphone, or several that hear one room."""

_LOOKS, _LOOK_S, _FRAME_S = 24, 5, 0.03
_APART_DB = 10.0  # one channel this much louder than the others has a speaker of its own
_OPPOSED = -0.5  # correlation of two channels that cancel more than they add
_APART_SHARE = 0.5  # of the loud moments, for channels to count as one microphone a person


def tracks(sound: Sound, named: int) -> tuple[Track, ...]:
    """Decide which channels are heard apart.

    named: how many channels a speaker was entered for; if that is all of them, each is a track.
    Otherwise they are apart only if one is clearly louder than the others most of the time:
    a stereo recorder on the table hears the same room twice, and would give every word twice.
    """
    channels = sound.form.channels
    if channels in (named, 1) or _are_apart(sound):
        return tuple((c,) for c in range(channels))
    return (_in_step(sound),)


def _looks(sound: Sound) -> Iterator[Samples]:
    """Yield two minutes spread over the interview, shape (frames, channels) each."""
    form = sound.form
    for look in range(_LOOKS):
        first = max(0, sound.frames - _LOOK_S * form.rate) * look // _LOOKS
        yield _floats(sound.read(first, _LOOK_S * form.rate), form.channels)


def _are_apart(sound: Sound) -> bool:
    frame = int(sound.form.rate * _FRAME_S)
    levels: list[Samples] = []
    for block in _looks(sound):
        whole = block[: len(block) // frame * frame].reshape(-1, frame, sound.form.channels)
        levels.append(10 * np.log10(np.maximum((whole**2).mean(axis=1), 1e-10)))
    level = np.concatenate(levels)
    ordered = np.sort(level, axis=1)
    loudest, second = ordered[:, -1], ordered[:, -2]
    loud = loudest > loudest.max(initial=-100) - 30  # a room's noise is in all channels
    return bool(loud.any() and (loudest - second >= _APART_DB)[loud].mean() >= _APART_SHARE)


def _in_step(sound: Sound) -> Track:
    """Return the channels that may be averaged.

    One that is wired the wrong way round would cancel the loudest out: it hears the same, so it
    is left out.
    """
    shared = np.zeros((sound.form.channels, sound.form.channels))
    for block in _looks(sound):
        shared += block.T.astype(np.float64) @ block
    power = np.diag(shared)
    loudest = int(power.argmax())
    against = shared[loudest] < _OPPOSED * np.sqrt(power * power[loudest])
    return tuple(c for c in range(sound.form.channels) if not against[c])


def _floats(pcm: bytes, channels: int) -> Samples:
    whole = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768.0
    return whole.reshape(-1, channels)


def _tracked(block: Samples, heard: tuple[Track, ...]) -> Samples:
    """Return shape (frames, tracks), the channels of a track averaged."""
    return np.stack([block[:, list(track)].mean(axis=1) for track in heard], axis=1)


def pieces(source: Source, heard: tuple[Track, ...]) -> Iterator[Samples]:
    """Yield all of the sound, resampled, in pieces of a second, as soon as they are there.

    Each is float32 of shape (samples, tracks) in [-1, 1]; together they have
    ``round(frames * 16000 / rate)`` samples, give or take one.
    """
    form = source.sound.form
    stream = soxr.ResampleStream(form.rate, RATE, len(heard), dtype="float32")
    step = form.rate * _PIECE_S
    first = 0
    is_last = False
    while not is_last:
        is_last = not source.reaches(first + step)
        block = _tracked(_floats(source.sound.read(first, step), form.channels), heard)
        yield _heard(stream.resample_chunk(block, last=is_last))
        first += step


def excerpt(sound: Readable, track: Track, start_s: float, end_s: float) -> Samples:
    """Return one track from ``start_s`` to ``end_s``, float32 of shape (samples,).

    The same seconds always give the same samples, whatever was read before.
    """
    form = sound.form
    begin = max(0, int((start_s - _MARGIN_S) * form.rate))
    stop = min(sound.frames, int((end_s + _MARGIN_S) * form.rate))
    block = _tracked(_floats(sound.read(begin, stop - begin), form.channels), (track,))[:, 0]
    heard = _heard(soxr.resample(block, form.rate, RATE))
    offset = round(start_s * RATE) - round(begin * RATE / form.rate)
    return heard[max(0, offset) : max(0, offset) + round((end_s - start_s) * RATE)]


def _heard(samples: object) -> Samples:
    return np.asarray(samples, dtype=np.float32)
