"""Which voices of different parts of an interview are the same person's. Pure functions.

The diariser hears an interview in blocks, so that memory does not grow with it, and within each
finds more voices than there are people: too many are joined here, too few could not be parted.
Their number is given: left to guess, diarisers are wrong in a third of the cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody speaks from ``start_s`` to ``end_s``; ``voice`` is a number from 0 on.

    margin: how much nearer it lies to its own voice than to the next, 0 (as near) to 2, in
    cosine distance.
    """

    start_s: float
    end_s: float
    voice: int
    margin: float


def grouped(points: Sequence[Sequence[float]], weights: Sequence[float], count: int) -> list[int]:
    """Return for each point which of ``count`` groups it is in, by mean cosine distance.

    points: all of one length, none all zeros. weights: how much each counts, above 0. Fewer
    groups come out only where there are fewer points. Groups are numbered by their first point.
    """
    unit = _unit(np.asarray(points, dtype=np.float64))
    size = np.asarray(weights, dtype=np.float64)
    members = [[n] for n in range(len(unit))]
    apart = 1 - unit @ unit.T
    np.fill_diagonal(apart, np.inf)
    while len(members) > count:
        a, b = sorted(divmod(int(apart.argmin()), len(members)))
        joined = (apart[a] * size[a] + apart[b] * size[b]) / (size[a] + size[b])
        apart[a], apart[:, a] = joined, joined
        apart[a, a] = np.inf
        apart = np.delete(np.delete(apart, b, axis=0), b, axis=1)
        size[a] += size[b]
        size = np.delete(size, b)
        members[a] += members.pop(b)
    of = {point: group for group, every in enumerate(sorted(members, key=min)) for point in every}
    return [of[n] for n in range(len(unit))]


def margins(
    points: Sequence[Sequence[float]], weights: Sequence[float], groups: Sequence[int]
) -> list[float]:
    """Return for each point how much nearer it is to the middle of its group than to another's.

    It is negative for one that lies nearer to another's, and 2.0 where there is no other.
    """
    unit = _unit(np.asarray(points, dtype=np.float64))
    heavy = unit * np.asarray(weights, dtype=np.float64)[:, None]
    numbers = sorted(set(groups))
    mask = np.array([[group == number for group in groups] for number in numbers])
    apart = 1 - unit @ _unit(mask @ heavy).T
    own = apart[np.arange(len(unit)), [numbers.index(group) for group in groups]]
    apart[np.arange(len(unit)), [numbers.index(group) for group in groups]] = np.inf
    nearest = apart.min(axis=1) if len(numbers) > 1 else own + 2.0
    return [float(gap) for gap in nearest - own]


def _unit(points: Points) -> Points:
    length = np.linalg.norm(points, axis=1, keepdims=True)
    return points / np.maximum(length, 1e-12)
