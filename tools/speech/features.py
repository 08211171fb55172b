"""Sound as the model sees it: log-mel frames, exactly those that faster-whisper computes.

faster-whisper's own extractor also normalises over the whole recording. Training mixes and
dims sounds first, so the steps are apart here: `log_mel` before, `normalised` after.
"""

from functools import cache

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

BANDS = 80
FRAMES_PER_S = 100
HOP = 160
_WINDOW = 400

FLOOR = 1e-10  # the smallest power, in Whisper's own scale
_RANGE = 8.0  # decades kept below the loudest frame


@cache
def _extractor() -> FeatureExtractor:
    return FeatureExtractor()


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Decimal logarithm of mel power: float32, shape (frames, BANDS), a frame each 10 ms.

    samples: float32 at 16 kHz in [-1, 1].
    """
    extractor = _extractor()
    # The periodic Hann window, as faster-whisper makes it.
    window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    spectrum = extractor.stft(
        samples.astype(np.float32), _WINDOW, HOP, window=window, return_complex=True
    )
    power = extractor.mel_filters @ np.abs(spectrum[..., :-1]) ** 2
    return np.log10(np.maximum(power, FLOOR)).T.astype(np.float32)


def normalised(log_power: np.ndarray, loudest: float) -> np.ndarray:
    """What the network is fed: the loudest frame at (loudest + 4) / 4, two units of range.

    loudest: the highest value of `log_power` in the recording that this is a part of.
    """
    return (np.maximum(log_power, loudest - _RANGE) + 4.0) / 4.0
