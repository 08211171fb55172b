"""Sets of intervals: laws that hold for any, checked moment by moment against the definitions."""

from __future__ import annotations

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from study.intervals import (
    Interval,
    intersect_intervals,
    measure_overlap_s,
    measure_total_s,
    merge_intervals,
    subtract_intervals,
)

# Whole seconds, so that every half second in between is inside or outside and never at an edge.
seconds = st.integers(0, 20).map(float)
intervals = st.lists(
    st.tuples(seconds, seconds).map(lambda edges: (min(edges), max(edges))), max_size=8
)
MOMENTS = [at + 0.5 for at in range(-3, 24)]


def moments(spans: list[Interval]) -> set[float]:
    return {at for at in MOMENTS if any(start <= at < end for start, end in spans)}


def is_in_order_and_apart(spans: list[Interval]) -> bool:
    return all(one[1] < other[0] for one, other in itertools.pairwise(spans))


@given(intervals)
def test_merged_intervals_hold_the_same_time_in_order_and_apart(spans: list[Interval]) -> None:
    merged = merge_intervals(spans)

    assert moments(merged) == moments(spans)
    assert is_in_order_and_apart(merged)
    assert merge_intervals(merged) == merged
    assert all(any(a <= start and end <= b for a, b in merged) for start, end in spans)


@given(intervals, st.integers(0, 3).map(float))
def test_a_margin_widens_each_at_both_ends_before_they_are_joined(
    spans: list[Interval], margin_s: float
) -> None:
    assert merge_intervals(spans, margin_s) == merge_intervals(
        (a - margin_s, b + margin_s) for a, b in spans
    )


@given(intervals, intervals)
def test_the_intersection_is_the_time_in_both(ones: list[Interval], others: list[Interval]) -> None:
    common = intersect_intervals(ones, others)

    assert moments(common) == moments(ones) & moments(others)
    assert common == intersect_intervals(others, ones)
    assert all(start < end for start, end in common)
    assert is_in_order_and_apart(common)


@given(intervals, intervals)
def test_what_is_subtracted_is_gone_and_the_rest_stays(
    spans: list[Interval], covers: list[Interval]
) -> None:
    rest = subtract_intervals(spans, covers)

    assert moments(rest) == moments(spans) - moments(covers)
    assert {start for start, end in rest if start == end} == {
        start
        for start, end in merge_intervals(spans)
        if start == end and not any(a <= start <= b for a, b in covers)
    }
    assert measure_total_s(rest) + measure_total_s(
        intersect_intervals(spans, covers)
    ) == measure_total_s(merge_intervals(spans))


@given(intervals)
def test_the_total_of_merged_intervals_counts_each_moment_once(spans: list[Interval]) -> None:
    assert measure_total_s(merge_intervals(spans)) == len(moments(spans))


@given(st.tuples(seconds, seconds).map(sorted), st.tuples(seconds, seconds).map(sorted))
def test_two_intervals_share_as_long_as_their_intersection_lasts(
    one: list[float], other: list[float]
) -> None:
    a, b = (one[0], one[1]), (other[0], other[1])

    assert (
        measure_overlap_s(a, b)
        == measure_overlap_s(b, a)
        == measure_total_s(intersect_intervals([a], [b]))
    )


def test_intervals_that_only_touch_are_one() -> None:
    assert merge_intervals([(2.0, 3.0), (1.0, 2.0)]) == [(1.0, 3.0)]


def test_a_moment_without_length_stays_unless_it_lies_in_another() -> None:
    assert merge_intervals([(5.0, 5.0), (1.0, 2.0), (1.5, 1.5)]) == [(1.0, 2.0), (5.0, 5.0)]


def test_nothing_has_no_time() -> None:
    assert (
        merge_intervals([])
        == intersect_intervals([], [(0.0, math.inf)])
        == subtract_intervals([], [])
        == []
    )
    assert measure_total_s([]) == 0.0
