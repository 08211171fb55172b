"""Read an interview's sound as the models take it: 16 kHz, float32, grouped into tracks.

The sealed file is read piece by piece; memory never grows with the length of the interview. This
is the original sound, which the speech model gets; voice activity gets a copy of it with the rumble
removed and quiet voices amplified (``transcribe.vad_preprocess``), or it misses a second, quieter
voice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import soxr

from study.store import InterviewSound, ReadableSound

MODEL_RATE = 16_000
Samples = npt.NDArray[np.float32]

_PIECE_S = 1  # a live recording is followed this closely
_MARGIN_S = 1.0  # of sound around an excerpt, so that the resampler's edges lie outside it


class SoundFeed(Protocol):
    """Sound that is read from its beginning and may still be growing."""

    @property
    def sound(self) -> InterviewSound:
        """All of the sound that is on the disk so far."""
        ...

    def wait_for_frames(self, frames: int) -> bool:
        """Wait for at least ``frames`` frames; return False where the sound ended before."""
        ...


@dataclass(frozen=True, slots=True)
class CompleteSound:
    """Sound that no longer grows."""

    sound: InterviewSound

    def wait_for_frames(self, frames: int) -> bool:
        """Whether it has at least ``frames`` frames."""
        return frames <= self.sound.frames


Track = tuple[int, ...]
"""The channels that are averaged: a single microphone, or several that recorded one room."""

_EXCERPTS, _EXCERPT_S, _FRAME_S = 24, 5, 0.03
_APART_DB = 10.0  # a channel this much louder than the others has a speaker of its own
_OPPOSED = -0.5  # correlation of two channels that cancel more than they add
_APART_SHARE = 0.5  # of the loud moments, for each channel to count as one person's microphone


def choose_tracks(sound: InterviewSound, named: int) -> tuple[Track, ...]:
    """Decide which channels are transcribed apart.

    named: the number of channels for which a speaker was entered; if all have one, each is a track.
    Otherwise each is a track only if one of them is clearly louder than the others most of the
    time: a stereo recorder on the table records the same room twice and would give every word
    twice.
    """
    channels = sound.form.channels
    if channels in (named, 1) or _are_apart(sound):
        return tuple((c,) for c in range(channels))
    return (_tracks_in_phase(sound),)


def _sample_excerpts(sound: InterviewSound) -> Iterator[Samples]:
    """Yield two minutes spread over the interview, shape (frames, channels) each."""
    form = sound.form
    for number in range(_EXCERPTS):
        first = max(0, sound.frames - _EXCERPT_S * form.rate) * number // _EXCERPTS
        yield _to_floats(sound.read(first, _EXCERPT_S * form.rate), form.channels)


def _are_apart(sound: InterviewSound) -> bool:
    frame = int(sound.form.rate * _FRAME_S)
    levels: list[Samples] = []
    for block in _sample_excerpts(sound):
        whole = block[: len(block) // frame * frame].reshape(-1, frame, sound.form.channels)
        levels.append(10 * np.log10(np.maximum((whole**2).mean(axis=1), 1e-10)))
    level = np.concatenate(levels)
    ordered = np.sort(level, axis=1)
    loudest, second = ordered[:, -1], ordered[:, -2]
    loud = loudest > loudest.max(initial=-100) - 30  # a room's noise is in all channels
    return bool(loud.any() and (loudest - second >= _APART_DB)[loud].mean() >= _APART_SHARE)


def _tracks_in_phase(sound: InterviewSound) -> Track:
    """Return the channels that may be averaged.

    A channel that is wired the wrong way round would cancel the loudest one. It recorded the same
    room, so it is left out.
    """
    shared = np.zeros((sound.form.channels, sound.form.channels))
    for block in _sample_excerpts(sound):
        shared += block.T.astype(np.float64) @ block
    power = np.diag(shared)
    loudest = int(power.argmax())
    against = shared[loudest] < _OPPOSED * np.sqrt(power * power[loudest])
    return tuple(c for c in range(sound.form.channels) if not against[c])


def _to_floats(pcm: bytes, channels: int) -> Samples:
    whole = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768.0
    return whole.reshape(-1, channels)


def _mix_tracks(block: Samples, tracks: tuple[Track, ...]) -> Samples:
    """Average the channels of each track; returns shape (frames, tracks)."""
    return np.stack([block[:, list(track)].mean(axis=1) for track in tracks], axis=1)


def read_pieces(source: SoundFeed, tracks: tuple[Track, ...]) -> Iterator[Samples]:
    """Yield all of the sound, resampled, in pieces of a second, as soon as each is on the disk.

    Each is float32 of shape (samples, tracks) in [-1, 1]; together they have
    ``round(frames * 16000 / rate)`` samples, give or take one.
    """
    form = source.sound.form
    stream = soxr.ResampleStream(form.rate, MODEL_RATE, len(tracks), dtype="float32")
    step = form.rate * _PIECE_S
    first = 0
    is_last = False
    while not is_last:
        is_last = not source.wait_for_frames(first + step)
        block = _mix_tracks(_to_floats(source.sound.read(first, step), form.channels), tracks)
        yield _as_samples(stream.resample_chunk(block, last=is_last))
        first += step


def read_excerpt(sound: ReadableSound, track: Track, start_s: float, end_s: float) -> Samples:
    """Return one track from ``start_s`` to ``end_s``, float32 of shape (samples,).

    The same seconds always give the same samples, whatever was read before them.
    """
    form = sound.form
    begin = max(0, int((start_s - _MARGIN_S) * form.rate))
    stop = min(sound.frames, int((end_s + _MARGIN_S) * form.rate))
    block = _mix_tracks(_to_floats(sound.read(begin, stop - begin), form.channels), (track,))[:, 0]
    resampled = _as_samples(soxr.resample(block, form.rate, MODEL_RATE))
    offset = round(start_s * MODEL_RATE) - round(begin * MODEL_RATE / form.rate)
    return resampled[max(0, offset) : max(0, offset) + round((end_s - start_s) * MODEL_RATE)]


def _as_samples(samples: object) -> Samples:
    return np.asarray(samples, dtype=np.float32)
