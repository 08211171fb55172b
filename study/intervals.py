"""Intervals of time: merging, intersecting and subtracting sets of them.

An interval is ``(start_s, end_s)`` in seconds, with its start and without its end, and never ends
before it starts. Every function takes intervals in any order, overlapping or not, and returns
them in order and apart. Pure functions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

Interval = tuple[float, float]


def merge_intervals(intervals: Iterable[Interval], margin_s: float = 0.0) -> list[Interval]:
    """Return the intervals in order, each longer by ``margin_s`` at both ends, joined if they meet.

    One of no length stays unless it lies in another: it marks a moment.
    """
    merged: list[Interval] = []
    for start_s, end_s in sorted(intervals):
        begin_s, stop_s = start_s - margin_s, end_s + margin_s
        if merged and begin_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop_s))
        else:
            merged.append((begin_s, stop_s))
    return merged


def intersect_intervals(ones: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    """Return the time that is in both sets."""
    first, second = merge_intervals(ones), merge_intervals(others)
    common: list[Interval] = []
    one = other = 0
    while one < len(first) and other < len(second):
        start_s = max(first[one][0], second[other][0])
        end_s = min(first[one][1], second[other][1])
        if start_s < end_s:
            common.append((start_s, end_s))
        if first[one][1] < second[other][1]:
            one += 1
        else:
            other += 1
    return common


def subtract_intervals(intervals: Iterable[Interval], covers: Iterable[Interval]) -> list[Interval]:
    """Return the time of ``intervals`` that no cover lies over.

    One without length stays unless a cover lies over it or meets it.
    """
    whole, cuts = merge_intervals(intervals), merge_intervals(covers)
    edges_s = [-math.inf, *(edge_s for cut in cuts for edge_s in cut), math.inf]
    rest = intersect_intervals(whole, zip(edges_s[::2], edges_s[1::2], strict=True))
    moments = (
        (at_s, end_s)
        for at_s, end_s in whole
        if at_s == end_s and not any(start_s <= at_s <= stop_s for start_s, stop_s in cuts)
    )
    return sorted([*rest, *moments])


def measure_overlap_s(one: Interval, other: Interval) -> float:
    """Return for how many seconds both last, 0.0 where they do not meet."""
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))


def measure_total_s(intervals: Iterable[Interval]) -> float:
    """Return the length of all together; what two of them share counts twice."""
    return math.fsum(end_s - start_s for start_s, end_s in intervals)
