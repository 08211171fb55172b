"""The numbers of turns, which people see, beside their keys, which stay."""

from __future__ import annotations

import pytest

from study import TurnNumbers
from study.errors import UnknownTurn

NUMBERS = TurnNumbers([3, 4, 12, 1])


def test_turns_are_shown_by_their_place_whatever_their_keys_are() -> None:
    assert [NUMBERS.show_turn(key) for key in (3, 4, 12, 1)] == ["1", "2", "3", "4"]


def test_a_turn_that_is_gone_is_shown_by_its_key() -> None:
    assert NUMBERS.show_turn(7) == "k7"
    assert NUMBERS.find_number(7) == 0


@pytest.mark.parametrize(("named", "key"), [("3", 12), ("k12", 12), ("k1", 1), (" 1 ", 3)])
def test_a_turn_is_named_by_its_number_or_its_key(named: str, key: int) -> None:
    assert NUMBERS.read_turn(named) == key


@pytest.mark.parametrize("named", ["0", "5", "k7", "", "k", "-1", "1.5", "\u0663", "9" * 40])
def test_what_names_no_turn_is_refused(named: str) -> None:
    with pytest.raises(UnknownTurn, match="its turns are 1 to 4"):
        NUMBERS.read_turn(named)


def test_an_interview_without_turns_says_so() -> None:
    with pytest.raises(UnknownTurn, match="has no turn 1: it has none"):
        TurnNumbers([]).read_turn("1")
