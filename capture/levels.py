"""How loud sound is, in dBFS: decibels below the loudest that 16 bits can hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SILENCE_DBFS = -96.0  # about the step of one 16-bit level; digital zero has no logarithm
FULL_SCALE = 32768.0


def decode_samples(pcm: bytes | memoryview, channels: int) -> NDArray[np.int16]:
    """Return interleaved little-endian 16-bit PCM as an array of shape (frames, channels)."""
    return np.frombuffer(pcm, "<i2").reshape(-1, channels)


def measure_level(block: NDArray[np.int16]) -> float:
    """Return the loudness of a block in dBFS: the root mean square over all it holds.

    block: int16, any shape. A full-scale square wave gives 0.0, a full-scale sine -3.0, digital
    zero and an empty block ``SILENCE_DBFS`` (-96.0). Speech at arm's length from a laptop lies
    around -40 to -20.
    """
    if not block.size:
        return SILENCE_DBFS
    power = float(np.mean(np.square(block, dtype=np.float64)))
    return convert_to_dbfs(power**0.5)


def measure_peak(block: NDArray[np.int16]) -> float:
    """Return the loudest single sample of a block in dBFS; 0.0 means that it was clipped.

    block: int16, any shape; an empty one gives ``SILENCE_DBFS``.
    """
    if not block.size:
        return SILENCE_DBFS
    # Widened first: the magnitude of -32768 does not fit in 16 bits.
    return convert_to_dbfs(float(np.abs(block.astype(np.int32)).max()))


def measure_channel_levels(pcm: bytes | memoryview, channels: int) -> tuple[float, ...]:
    """Return the loudness of each channel of interleaved PCM, in dBFS, first channel first."""
    block = decode_samples(pcm, channels)
    return tuple(measure_level(block[:, channel]) for channel in range(channels))


def convert_to_dbfs(magnitude: float) -> float:
    """Turn a magnitude of 0 to 32768 into dBFS, between -96.0 and 0.0."""
    if magnitude <= 0:
        return SILENCE_DBFS
    return float(np.clip(20 * np.log10(magnitude / FULL_SCALE), SILENCE_DBFS, 0.0))
