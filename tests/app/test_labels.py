"""Times and shares as people say them."""

from __future__ import annotations

from app import format_duration, format_percent
from study import format_clock


def test_times_spans_and_shares_are_written_as_people_say_them() -> None:
    assert format_clock(3_725.9) == "01:02:05"
    assert [format_duration(s) for s in (0.2, 59, 90, 3_599, 7_500)] == [
        "1 s", "59 s", "2 min", "1 h 0 min", "2 h 5 min",
    ]  # fmt: skip
    assert format_percent(99.9, 100) == "99%"
    assert format_percent(100, 100) == "100%"
    assert format_percent(0, 0) == "none"
