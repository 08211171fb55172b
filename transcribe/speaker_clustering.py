"""Group the voices of an interview's blocks into people. Pure functions.

The diariser gets an interview in blocks, so that memory does not grow with its length, and finds
more voices in each than there are people: surplus voices are joined here, missed ones could never
be split. A person gives the number of people, for diarisers guess it wrong in a third of the cases.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]


def group_voices(
    points: Sequence[Sequence[float]], weights: Sequence[float], count: int
) -> list[int]:
    """Cluster points into ``count`` groups by mean cosine distance; return each point's group.

    points: all of one length, none all zeros. weights: of each point, above 0. There are fewer
    groups only if there are fewer points. Groups are numbered by their first point.
    """
    unit = _normalise(np.asarray(points, dtype=np.float64))
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
    groups = {p: group for group, points in enumerate(sorted(members, key=min)) for p in points}
    return [groups[n] for n in range(len(unit))]


def measure_margins(
    points: Sequence[Sequence[float]], weights: Sequence[float], groups: Sequence[int]
) -> list[float]:
    """Return for each point how much nearer it is to the centre of its group than to another's.

    The margin is negative if another centre is nearer, and 2.0 if there is no other group.
    """
    unit = _normalise(np.asarray(points, dtype=np.float64))
    heavy = unit * np.asarray(weights, dtype=np.float64)[:, None]
    numbers = sorted(set(groups))
    mask = np.array([[group == number for group in groups] for number in numbers])
    apart = 1 - unit @ _normalise(mask @ heavy).T
    own = apart[np.arange(len(unit)), [numbers.index(group) for group in groups]]
    apart[np.arange(len(unit)), [numbers.index(group) for group in groups]] = np.inf
    nearest = apart.min(axis=1) if len(numbers) > 1 else own + 2.0
    return [float(gap) for gap in nearest - own]


def _normalise(points: Points) -> Points:
    length = np.linalg.norm(points, axis=1, keepdims=True)
    return points / np.maximum(length, 1e-12)
