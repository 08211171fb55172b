"""What a room does to a voice, on mel power: loudness, colour, echo and noise.

Arrays are float32 of shape (frames, bands), linear power. Working on power instead of samples
makes each window cheap enough to be drawn anew every time.
"""

import random
from functools import cache

import numpy as np

from tools.speech.dice import happens
from tools.speech.features import BANDS, FRAMES_PER_S, log_mel

_NOISE_S = 40


def voiced(log_power: np.ndarray, draw: random.Random) -> np.ndarray:
    """Power of one utterance, some decibels louder or softer and tilted in colour."""
    decades = draw.gauss(0, 0.3) + np.linspace(0, draw.gauss(0, 0.4), BANDS, dtype=np.float32)
    return 10 ** (log_power.astype(np.float32) + decades)


def reverberated(power: np.ndarray, draw: random.Random) -> np.ndarray:
    """Smear a quarter of the windows in time: 60 dB of decay in 0.15 to 0.5 s."""
    if not happens(draw, 0.25):
        return power
    keep = 10 ** (-6 / FRAMES_PER_S / draw.uniform(0.15, 0.5))
    wet = draw.uniform(0.02, 0.25) * (1 - keep)
    tail = np.empty_like(power)
    held = np.zeros(power.shape[1], np.float32)
    for frame, now in enumerate(power):
        held = held * keep + now
        tail[frame] = held
    return power + wet * tail


def noise(frames: int, draw: random.Random, *, loudest: float) -> np.ndarray:
    """Noise of a random colour, 35 to 75 dB below the loudest value; in two windows of three.

    Stronger noise kept the network from learning anything.
    """
    if not happens(draw, 0.65):
        return np.zeros((frames, BANDS), np.float32)
    level = loudest * 10 ** (-draw.uniform(35, 75) / 10)
    low, high = draw.gauss(0.5, 0.7), draw.gauss(-0.5, 0.7)
    colour = 10 ** np.linspace(low, high, BANDS, dtype=np.float32)
    recorded = _white()
    first = draw.randrange(len(recorded) - frames)
    return recorded[first : first + frames] * (colour / colour.mean() * level)


@cache
def _white() -> np.ndarray:
    """Mel power of white noise, scaled to a mean of 1."""
    samples = np.random.default_rng(0).standard_normal(_NOISE_S * 16_000)
    power = 10 ** log_mel(samples.astype(np.float32))
    return power / power.mean()
