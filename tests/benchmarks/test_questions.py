"""How the benchmark counts the decisions that a search leaves to a person."""

from __future__ import annotations

from benchmarks._marked import KEEP, Set, Span, Turn
from benchmarks._questions import Decisions
from benchmarks._scoring import Found


def test_alike_finds_are_one_decision_and_a_question_is_right_on_what_is_marked() -> None:
    turns = (
        Turn("Jean came, and Jean left.", (Span(0, 4, "person"), Span(15, 19, "person"))),
        Turn("Take Aricept on Monday.", (Span(5, 12, KEEP),)),
    )
    given = Set("lines", (turns,), frozenset({"person"}))
    found = [[
        [Found(0, 4, "person", 0.9), Found(15, 19, "person", 0.3)],
        [Found(5, 12, "person", 0.3)],
    ]]  # fmt: skip
    decisions = Decisions()

    decisions.add(given, found)

    per_detail, right, per_words = decisions.make_rows("lines")
    assert (decisions.finds, len(decisions.alike), decisions.details) == (3, 2, 2)
    assert (decisions.right, decisions.questions) == (1, 2)
    # All sure finds of a kind, the question that is right, and the others together.
    assert (per_detail.value, right.value, right.holds) == (1.5, 0.5, False)
    assert per_words.value == 3 * 1000 / 9
