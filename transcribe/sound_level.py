"""How loud a passage is beside the quietest moments of its window. Pure."""

from __future__ import annotations

import numpy as np

from study import Interval
from transcribe.audio_tracks import MODEL_RATE, Samples

_SLICE = MODEL_RATE // 50  # 20 ms
_FLOOR_SHARE = 10  # %: as much of a window as lies between words even in lively talk
_ABOVE_FLOOR_DB = 6.0  # noise stays below this, a voice 20 dB quieter than the last one does not
_LEAST_DBFS = -90.0  # of digital silence
_SHORTEST_S = 0.3  # shorter ones lie between two words


def find_quiet_spans(samples: Samples, start_s: float) -> tuple[Interval, ...]:
    """Return the spans in which nothing stands out from the noise, in seconds of the interview.

    samples: float32 (n,) at 16 kHz, a whole window. start_s: where they begin.
    """
    count = len(samples) // _SLICE
    if not count:
        return ()
    power = np.square(samples[: count * _SLICE].reshape(count, _SLICE)).mean(axis=1)
    levels = np.maximum(10 * np.log10(power + 1e-12), _LEAST_DBFS)
    is_quiet = levels <= np.percentile(levels, _FLOOR_SHARE) + _ABOVE_FLOOR_DB
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_quiet, [False]))))
    spans = edges.reshape(-1, 2) * _SLICE / MODEL_RATE
    return tuple(
        (round(start_s + a, 3), round(start_s + b, 3))
        for a, b in spans.tolist()
        if b - a >= _SHORTEST_S
    )
