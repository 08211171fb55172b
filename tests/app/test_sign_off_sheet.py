"""The sign-off sheet names what a person should know before the transcript leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import describe_heard, describe_kept_names
from study import Category, Coverage, DoubtFlag, LogLine, Provenance, Transcript, Turn

LINE = LogLine(
    mention="m1", turn=2, start_s=13.0, category=Category.PERSON, direct=True, action="kept",
    replacement="", source="register", score=0.98, by=1, at="2026-11-29T10:00:00+00:00",
)  # fmt: skip
REPLACED = replace(LINE, action="replaced", replacement="[Person 1]")
MANY = ", ".join(["00:00:13"] * 5)
FOUND = replace(LINE, source="names")


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ([], []),
        ([REPLACED, FOUND], []),
        ([LINE, REPLACED], ["! A name that was entered stays as it was said, at 00:00:13."]),
        (
            [LINE, replace(LINE, start_s=70.0)],
            ["! 2 names that were entered stay as they were said, at 00:00:13, 00:01:10."],
        ),
        (
            [LINE] * 6,
            [f"! 6 names that were entered stay as they were said, at {MANY} and later."],
        ),
    ],
)
def test_a_name_that_was_entered_and_kept_is_told(log: list[LogLine], said: list[str]) -> None:
    """A participant's own name left after one x, and neither the box nor the sheet told it."""
    assert describe_kept_names(log) == said


def test_the_turns_to_check_are_those_that_nobody_has_settled() -> None:
    """It told the passages as they were heard, "7 passages", where the review said 6 turns."""
    coverage = Coverage(60, 40, 40, doubts=((0, 1), (2, 3)))
    settled, doubted = Turn(1, "P01", 0, 1, "Yes."), Turn(2, "P01", 2, 3, "No.")
    doubted = replace(doubted, flags=(DoubtFlag("loop"),))
    made_by = Provenance("transcribe", "earshot tests")
    both = Transcript((settled, doubted), made_by, coverage=coverage)

    assert describe_heard(both)[0].endswith(" 1 turn to check.")
    assert "to check" not in describe_heard(replace(both, turns=(settled,)))[0]
    assert describe_heard(Transcript((settled,), made_by)) == []
