"""A doubt holds for some words of a turn, and goes with these when the turn is divided."""

from __future__ import annotations

from study.records import DoubtFlag, Turn, Word
from study.turn_division import divide_turn, join_turns

WORDS = tuple(
    Word(f" {text}", n, n + 0.5, 0.9) for n, text in enumerate(("how", "are", "you", "fine", "so"))
)
LOOP, HINT, GAP = (
    DoubtFlag("loop", where=((0.0, 1.5),)),
    DoubtFlag("hint", where=((3.0, 3.5),)),
    DoubtFlag("gap"),
)
TURN = Turn(1, "P07", 0.0, 4.5, "how are you fine so", WORDS, (LOOP, HINT, GAP))


def test_each_half_of_a_divided_turn_keeps_the_doubts_about_its_own_words() -> None:
    first, second = divide_turn(TURN, TURN.text.index("fine"), 2)

    assert [first.flags, second.flags] == [(LOOP, GAP), (HINT, GAP)]  # nobody noted where one is


def test_turns_that_are_joined_can_be_divided_anew_without_spreading_a_doubt() -> None:
    first, second = divide_turn(TURN, TURN.text.index("you"), 2)  # both have words of the loop

    whole = join_turns(first, second)
    first, second = divide_turn(whole, whole.text.index("fine"), 2)

    assert [set(first.flags), set(second.flags)] == [{LOOP, GAP}, {HINT, GAP}]
