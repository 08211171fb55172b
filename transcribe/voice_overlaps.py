"""Find where perhaps two voices are heard at once on one microphone. Pure functions.

The point of a sound in which two people talk lies between their voices, and near neither. So does
that of a piece in which one follows the other, but not for a second. Pieces that may hold two
voices are found first; around these shorter ones are compared every .2 s.

It is no proof. Of 48 such stretches in nine made interviews (the last limit was chosen after three
of them had been seen) 12 were two voices at once; 34 lay in five in which nobody talks over another
for a second. So nothing is marked in the transcript: a turn that is mostly such a stretch is
unsure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from study import Interval, Turn, merge_intervals
from transcribe.voice_clustering import Points
from transcribe.voice_pieces import FINE_S, FINE_STEP_S, VoicePiece

# Fitted on interviews that ``benchmarks/_speaker_sounds.py`` calls fitted. Lead: by how much the
# nearest voice is nearer than the next, as a share of what lies between these two.
_MAY_LEAD = 0.6  # of a whole piece that may hold two voices
_MOST_LEAD, _MOST_LIKENESS = 0.4, 0.78  # mean over a second, and of the nearest voice
_SMOOTHED = 5  # pieces: 1 s
_SHORTEST_S = 0.8
_MOST_OF_TURN = 0.5  # of a turn's words: from there on it is unsure whose it is

Values = npt.NDArray[np.float64]


def find_mixed_spans(
    pieces: Sequence[VoicePiece], points: Points, voices: Points
) -> list[Interval]:
    """Return the stretches that may hold two voices, with half a short piece around them.

    points: of the pieces, in their order. voices: the centres, rows of unit length.
    """
    whole = [n for n, piece in enumerate(pieces) if not piece.is_fine]
    if len(voices) < 2 or not whole:  # noqa: PLR2004 - two voices
        return []
    lead, _ = _measure_lead(points[whole], voices)
    mixed = ((pieces[n].start_s, pieces[n].end_s)
             for n, each in zip(whole, lead, strict=True) if each < _MAY_LEAD)  # fmt: skip
    return merge_intervals(mixed, FINE_S / 2)


def find_mixed_voices(
    pieces: Sequence[VoicePiece], points: Points, voices: Points
) -> tuple[Interval, ...]:
    """Return where the sound lies between two voices for about a second or longer.

    pieces: short ones, in order of time; those of one ``phrase`` follow each other closely.
    """
    if not len(pieces):
        return ()
    lead, likeness = _measure_lead(points, voices)
    found: list[Interval] = []
    for _, run in groupby(range(len(pieces)), key=lambda n: pieces[n].phrase):
        rows = list(run)
        is_mixed = (_smooth(lead[rows]) < _MOST_LEAD) & (_smooth(likeness[rows]) < _MOST_LIKENESS)
        for holds, some in groupby(zip(rows, is_mixed, strict=True), key=lambda pair: pair[1]):
            inside = [row for row, _ in some]
            start_s = pieces[inside[0]].middle_s - FINE_STEP_S
            end_s = pieces[inside[-1]].middle_s + FINE_STEP_S
            if holds and end_s - start_s >= _SHORTEST_S:
                found.append((round(max(0.0, start_s), 2), round(end_s, 2)))
    return tuple(merge_intervals(found))


def is_mostly_within(turn: Turn, mixed: Iterable[Interval]) -> bool:
    """Whether most words of a turn lie in such stretches."""
    spans = list(mixed)
    middles = [(word.start_s + word.end_s) / 2 for word in turn.words] if spans else []
    under = sum(any(a <= at_s <= b for a, b in spans) for at_s in middles)
    return under > 0 and under >= _MOST_OF_TURN * len(middles)


def _measure_lead(points: Points, voices: Points) -> tuple[Values, Values]:
    """Return of each point its lead, and its likeness to the nearest voice."""
    likeness = (points @ voices.T).astype(np.float64)
    order = np.argsort(-likeness, axis=1)[:, :2]
    first, second = np.take_along_axis(likeness, order, axis=1).T
    apart = 1.0 - (voices[order[:, 0]] * voices[order[:, 1]]).sum(axis=1)
    return (first - second) / np.maximum(apart, 1e-6), first


def _smooth(values: Values) -> Values:
    padded = np.pad(values, _SMOOTHED // 2, mode="edge")
    return np.convolve(padded, np.ones(_SMOOTHED) / _SMOOTHED, "valid")
