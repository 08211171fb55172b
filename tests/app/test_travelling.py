"""What a person reads of a loan that came back."""

from __future__ import annotations

from app import describe_conflict
from study import Turn
from study.store import TurnConflict

LENT, HERE = Turn(57, "P07", 1.0, 2.0, "Yes."), Turn(57, "P07", 1.0, 2.0, "Yes, well.")


def test_a_turn_that_both_changed_has_the_number_that_it_has_here_and_not_its_key() -> None:
    shown = list(describe_conflict(TurnConflict("P07_i1", 57, (LENT,), (HERE,), ()), "3"))

    assert shown == [
        "P07_i1, turn 3", "  lent   P07: Yes.", "  here   P07: Yes, well.", "  there  (removed)",
    ]  # fmt: skip


def test_what_was_put_before_the_first_turn_says_so_and_is_named_0() -> None:
    shown = list(describe_conflict(TurnConflict("P07_i1", 0, (), (HERE,), ()), "0"))

    assert shown[0] == "P07_i1, before turn 1 (turn 0)"
