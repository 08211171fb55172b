"""Turn pieces of speech into points that lie near each other where the voice is the same.

The network hears 40 bands of mel power, 25 ms of sound every 10 ms, of a piece of 1.6 s, as it was
trained. Of ten human readers, pieces of 2.4 s were told apart a little better (equal error of pairs
.030 instead of .045) and shorter ones worse (1 s .096, 0.6 s .176), cheaper as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from models import InstalledModel, open_network
from transcribe.audio_tracks import MODEL_RATE, Samples

PIECE_S = 1.6
VOICE_SIZE = 256

_WINDOW, _HOP, _BANDS = 400, 160, 40  # samples, samples, and how many
_FRAMES = round(PIECE_S * MODEL_RATE) // _HOP
_BLOCK_FRAMES = 3_000  # 30 s: 5 MB of windows
_BATCH = 16  # pieces at a time: 8 to 64 cost about the same each, one alone twice that
# Root mean square that each piece is brought to. On 100 recordings of ten readers (LibriSpeech)
# -24 and -21 dBFS told voices apart best: equal error of pairs of pieces .041 and .039; with -30
# and -18 it was .052 and .050. Where half of the sound was 15 dB quieter, one level for the whole
# gave .187. Of replies of 0.6 s between silence, -24 gave .972 to their voice; turning up to -30
# alone, as the makers do, .961.
_LEVEL = 10 ** (-24 / 20)
# Slaney's scale of pitch: straight up to 1 kHz (15 mel), then 27 mel for each factor of 6.4.
_BEND_HERTZ, _BEND_MEL, _FACTOR, _FACTOR_MEL = 1000.0, 15.0, 6.4, 27.0
_SILENCE = 1e-5  # -100 dBFS: what is quieter is not amplified to the full level

VoicePoints = npt.NDArray[np.float32]
"""Float32 of shape (pieces, 256): each row a point of unit length."""


class _Session(Protocol):
    def run(self, names: None, inputs: dict[str, Samples]) -> list[VoicePoints]: ...


class VoiceEncoder:
    """The network that hears voices, with its weights loaded."""

    def __init__(self, model: InstalledModel) -> None:
        """Load a voice model.

        Raises:
            ModelBroken: its file is missing or no such network.
        """
        self._session = cast(
            "_Session", open_network(model.folder / "voices.onnx", model.offer.kind)
        )

    def embed(self, samples: Samples, starts_s: Sequence[float]) -> VoicePoints:
        """Return one point of unit length for each piece of 1.6 s; their cosine tells likeness.

        samples: float32 at 16 kHz, shape (samples,). starts_s: where the pieces begin, in seconds
        of these samples; what reaches over the end is filled with silence. A point depends on its
        piece alone (and 12 ms around it), so that sound may be given in blocks.
        """
        voices = np.empty((len(starts_s), VOICE_SIZE), dtype=np.float32)
        mel = compute_mel(samples)
        energy = _sum_energy(samples)
        for first in range(0, len(starts_s), _BATCH):
            starts = [
                round(start_s * MODEL_RATE / _HOP) for start_s in starts_s[first : first + _BATCH]
            ]
            pieces = np.stack([_cut_piece(mel, energy, start) for start in starts])
            (voices[first : first + _BATCH],) = self._session.run(None, {"mel": pieces})
        return voices


def compute_mel(samples: Samples) -> Samples:
    """Return mel power, float32 of shape (frames, 40), one frame centred on every 10 ms.

    Slaney's scale and areas, a Hann window of 25 ms, no logarithm; zeros around the sound.
    """
    frames = 1 + len(samples) // _HOP
    mel = np.empty((frames, _BANDS), dtype=np.float32)
    for first, block in _cut_windows(samples, frames):
        power = np.abs(np.fft.rfft(block * _hann_window(), axis=1)) ** 2
        mel[first : first + len(block)] = power @ _mel_bands().T
    return mel


def _cut_windows(samples: Samples, frames: int) -> Iterator[tuple[int, Samples]]:
    for first in range(0, frames, _BLOCK_FRAMES):
        last = min(first + _BLOCK_FRAMES, frames)
        begin, end = first * _HOP - _WINDOW // 2, (last - 1) * _HOP + _WINDOW // 2
        around = (max(0, -begin), max(0, end - len(samples)))
        block = np.pad(samples[max(0, begin) : end], around)
        yield first, np.lib.stride_tricks.sliding_window_view(block, _WINDOW)[::_HOP]


def _sum_energy(samples: Samples) -> npt.NDArray[np.float64]:
    """Return the running sum of squares before each frame, one more than there are whole hops."""
    whole = samples[: len(samples) // _HOP * _HOP].reshape(-1, _HOP)
    return np.concatenate([[0.0], np.einsum("ij,ij->i", whole, whole, dtype=np.float64).cumsum()])


def _cut_piece(mel: Samples, energy: npt.NDArray[np.float64], start: int) -> Samples:
    """Return the frames of a piece, brought to the level at which the network hears best."""
    last = len(energy) - 1
    begin, end = min(start, last), min(start + _FRAMES, last)
    level = np.sqrt((energy[end] - energy[begin]) / (_HOP * max(1, end - begin)))
    gain = _LEVEL / max(level, _SILENCE)
    piece = mel[start : start + _FRAMES] * np.float32(gain * gain)
    return np.pad(piece, ((0, _FRAMES - len(piece)), (0, 0)))


@cache
def _hann_window() -> Samples:
    turn = 2 * np.pi * np.arange(_WINDOW) / _WINDOW
    return (0.5 - 0.5 * np.cos(turn)).astype(np.float32)


@cache
def _mel_bands() -> Samples:
    """Return what each band takes of each frequency, float32 of shape (40, 201).

    Each band is a triangle between its neighbours' middles, of the same area as every other.
    """
    mels = np.linspace(0, _to_mel(MODEL_RATE / 2), _BANDS + 2)
    hertz = np.array([_to_hertz(float(mel)) for mel in mels])
    low, middle, high = hertz[:-2, None], hertz[1:-1, None], hertz[2:, None]
    at = np.linspace(0, MODEL_RATE / 2, _WINDOW // 2 + 1)
    rising, falling = (at - low) / (middle - low), (high - at) / (high - middle)
    bands = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    return bands.astype(np.float32)


def _to_mel(hertz: float) -> float:
    if hertz < _BEND_HERTZ:
        return hertz * _BEND_MEL / _BEND_HERTZ
    return _BEND_MEL + _FACTOR_MEL * math.log(hertz / _BEND_HERTZ, _FACTOR)


def _to_hertz(mel: float) -> float:
    if mel < _BEND_MEL:
        return mel * _BEND_HERTZ / _BEND_MEL
    return _BEND_HERTZ * _FACTOR ** ((mel - _BEND_MEL) / _FACTOR_MEL)
