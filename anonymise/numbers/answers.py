"""Answers: "Eighty-eight." says an age only beside the turn before it, "How old are you?".

The end of a turn that asks is put before the beginning of the next one, and the rules for numbers
look at both together; what they find in the answer is a find there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from anonymise.numbers import propose_number_details
from anonymise.pieces import CutTurn, cut_into_pieces, split_listed_words
from anonymise.proposals import Proposal
from anonymise.shipped_lists import load_word_list

_ASKED = load_word_list("numbers", "asked for")
_ASKING = split_listed_words(
    "? what what's whats how which can could have your where when do would tell give and"
)
_QUESTION, _ANSWER = 14, 40  # pieces of the question's end and of the answer's beginning
_REMEMBERED = 4096


def propose_answers(
    question: CutTurn, answer: CutTurn, skipped_rules: Collection[str] = ()
) -> tuple[Proposal, ...]:
    """Return what the rules for numbers find in a turn because of the question before it.

    skipped_rules: names of rules that are left out.
    """
    asked = question.pieces[-_QUESTION:]
    words = {piece.lowered_bare for piece in asked}
    if not answer.pieces or words.isdisjoint(_ASKED) or words.isdisjoint(_ASKING):
        return ()
    end = answer.pieces[: _ANSWER + 1][-1].end
    found = _find_answers(question.text[asked[0].start :], answer.text[:end])
    return tuple(p for p in found if p.source not in skipped_rules)


@lru_cache(maxsize=_REMEMBERED)
def _find_answers(question: str, answer: str) -> tuple[Proposal, ...]:
    asked = question.rstrip()
    if asked.endswith((",", ";", "-")) or asked[-1].isalnum():
        asked = asked.rstrip(",;-") + "?"
    start = len(asked) + 1
    return tuple(
        replace(p, start=p.start - start, end=p.end - start)
        for p in propose_number_details(cut_into_pieces(f"{asked} {answer}"))
        if p.start >= start
    )
