"""Estimate how loud each track's microphone is set, from what the tracks carry of each other. Pure.

Two microphones in one room hear both people, each its own person louder. How much louder on one
track than on the other a moment is has therefore two common values, one for each person who speaks;
half-way between them lies the difference of the gains, and half their distance is how far the
microphones are apart. A microphone set 10 dB higher moves both values by 10 dB and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_Levels = npt.NDArray[np.float32] | npt.NDArray[np.float64]

FLOOR_DB = -100.0  # of silence; lower levels count as this
NOISE_SHARE = 0.05  # the quietest moments, between two words, have nothing but noise
_WIDEST_DB, _BIN_DB = 60.0, 0.5
_BINS = round(2 * _WIDEST_DB / _BIN_DB)
_CENTRES = (np.arange(_BINS) + 0.5) * _BIN_DB - _WIDEST_DB
_STEPS = 20  # of the search for the two values; it settles in a few
_CLEAR_DB = 6.0  # above the noise a level is off by 1 dB at most
_LEAST_S = 2.0  # of each person's speech, and
_LEAST_SHARE = 0.02  # of all speech, or it may be no person at all
_LEAST_APART_DB = 3.0  # microphones that are closer cannot be told from one
# Of all moments, in the middle third between the two values. One person's moments, normally
# distributed, have .21 there however they are parted in two; in mixes with the neighbour 6 to 20 dB
# lower .02 to .09 were there.
_MOST_BETWEEN = 0.15

# Where a track is this share of the distance quieter than its neighbour, nobody speaks into it:
# a voice 9 dB below the neighbour's would lift it by more.
_BLEED_SHARE = 0.7
# In mixes with the neighbour 6 to 12 dB lower the last words of a sentence, over which the
# neighbour begins, lay .75 to .95 of the distance lower, and words of the neighbour's alone .96 to
# 1.1.
_SURE_SHARE = 0.9
_NEAREST_BLEED_DB, _FARTHEST_BLEED_DB = 4.0, 12.0


@dataclass(frozen=True, slots=True)
class TrackGains:
    """The gain of each track, and how far the microphones are apart.

    gains_db: in dB, relative to the first track. apart_db: by how many dB a voice is louder on its
    own track than on the nearest other, gains aside; None where it is not known, because only one
    person has spoken so far or the tracks carry the same.
    """

    gains_db: tuple[float, ...]
    apart_db: float | None = None

    @property
    def bleed_db(self) -> float:
        """A track that is this much quieter than another, gains aside, has no voice of its own."""
        if self.apart_db is None:
            return _FARTHEST_BLEED_DB
        return min(max(_BLEED_SHARE * self.apart_db, _NEAREST_BLEED_DB), _FARTHEST_BLEED_DB)

    @property
    def sure_bleed_db(self) -> float:
        """A track that is this much quieter has not even the end of a sentence of its own."""
        return self.bleed_db * _SURE_SHARE / _BLEED_SHARE

    def balance(self, levels: _Levels) -> npt.NDArray[np.float64]:
        """Return levels in dB, shape (moments, tracks), as equal microphones would have them."""
        return np.maximum(levels, FLOOR_DB) - np.asarray(self.gains_db)


class GainEstimator:
    """Collects the levels of moments in which somebody speaks; needs the same memory always."""

    def __init__(self, tracks: int) -> None:
        self._tracks = tracks
        # Seconds for each difference in level between a track and the first.
        self._seconds = np.zeros((tracks, _BINS))

    def add_moments(
        self, levels: _Levels, seconds: npt.NDArray[np.float64], noise: _Levels
    ) -> None:
        """Add moments: their levels in dB, shape (moments, tracks), and the seconds each lasts.

        noise: the level of each track while nobody speaks, of a shape that fits. Moments in which
        a track has little more than that are left out: they would tell how loud somebody speaks.
        """
        clear = (levels >= noise + _CLEAR_DB).all(axis=1)
        if self._tracks == 1 or not clear.any():
            return
        floored, seconds = np.maximum(levels[clear], FLOOR_DB), seconds[clear]
        loudest = floored.argmax(axis=1)
        for track in range(1, self._tracks):
            # A third person's voice says nothing about two other microphones.
            mine = (loudest == track) | (loudest == 0)
            difference = floored[mine, track] - floored[mine, 0]
            within = np.minimum(np.maximum(difference, -_WIDEST_DB), _WIDEST_DB - _BIN_DB)
            places = ((within + _WIDEST_DB) / _BIN_DB).astype(np.intp)
            np.add.at(self._seconds[track], places, seconds[mine])

    def estimate_gains(self) -> TrackGains:
        """Return the gains as far as the moments tell them; equal ones where they do not."""
        pairs = [_part_values(self._seconds[track]) for track in range(1, self._tracks)]
        known = [pair for pair in pairs if pair is not None]
        if not pairs or len(known) < len(pairs):
            return TrackGains((0.0,) * self._tracks)
        gains = tuple(float(low + high) / 2 for low, high in known)
        return TrackGains((0.0, *gains), min(float(high - low) / 2 for low, high in known))


def _part_values(seconds: npt.NDArray[np.float64]) -> tuple[float, float] | None:
    """Return the two common values of a histogram, the lower first; None where it has one."""
    total = float(seconds.sum())
    if not total:
        return None
    run = np.cumsum(seconds)
    low, high = (float(_CENTRES[np.searchsorted(run, total * end)]) for end in (0.01, 0.99))
    for _ in range(_STEPS):
        is_low = (low + high) / 2 > _CENTRES
        shares = (seconds[is_low].sum(), seconds[~is_low].sum())
        if min(shares) < max(_LEAST_S, _LEAST_SHARE * total):
            return None
        low, high = (
            float((seconds[side] * _CENTRES[side]).sum() / share)
            for side, share in zip((is_low, ~is_low), shares, strict=True)
        )
    third = (high - low) / 3
    between = seconds[(low + third < _CENTRES) & (high - third > _CENTRES)].sum()
    if high - low < 2 * _LEAST_APART_DB or between > _MOST_BETWEEN * total:
        return None
    return low, high
