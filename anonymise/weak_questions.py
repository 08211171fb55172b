"""Questions that are not worth asking: everyday words that a trained model alone took for a name.

In 3,300 marked turns of talk, calls, court reports and our own lines (benchmarks/_marked.py), one
in fifty of such words with a capital letter was a name, and one in nine without, "court" most
often. A word that may be somebody's given name is always asked, and so is what a rule or a second
model found as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from anonymise.pieces import CutTurn, Piece
from anonymise.proposals import Proposal
from anonymise.shipped_lists import load_word_list
from anonymise.small_letters import is_in_word_phrase
from anonymise.word_kinds import classify_word, may_be_given_name
from models import look_up_word
from study import Category

_EVERYDAY, _EVERYBODY_SAYS = 0.75, 1.0  # of WordFacts.common
_EAGER_ALONE = 0.3  # a lower score: the model marked it only where it leaned towards names
_EVERY_WEEK = frozenset(day for day in load_word_list("times", "weekdays") if day.endswith("s"))


def is_worth_asking(spoken: CutTurn, proposal: Proposal) -> bool:
    """Whether a find is put to a person; everything but a trained model's question mostly is."""
    if not proposal.trained:
        return True
    inside = spoken.list_indices_within(proposal.start, proposal.end)
    if len(inside) == 1 and _is_in_phrase(spoken, inside[0]):
        return False  # "two days grace on the rent"
    return proposal.is_likely or _is_worth(spoken, proposal, inside)


def _is_in_phrase(spoken: CutTurn, at: int) -> bool:
    return not spoken.pieces[at].is_capital and is_in_word_phrase(spoken.pieces, at)


def _is_worth(spoken: CutTurn, proposal: Proposal, inside: Sequence[int]) -> bool:
    words = [spoken.pieces[at] for at in inside if spoken.pieces[at].is_word]
    if words and all(word.lowered_bare in _EVERY_WEEK for word in words):
        return False  # "on Sundays"; "Sunday" may be a name
    if proposal.category is Category.PERSON:
        return True
    if not words or any(classify_word(word.lowered_bare) != "word" for word in words):
        return True
    if len(words) == 1:
        return may_be_given_name(words[0].lowered_bare) or not _is_plain(words[0], proposal)
    weak = proposal.score <= _EAGER_ALONE and not spoken.keeps_capitals
    return not (weak and _least_common(words) >= _EVERYDAY)


def _is_plain(word: Piece, proposal: Proposal) -> bool:
    common = look_up_word(word.lowered_bare).common
    if proposal.category is Category.ORGANISATION:
        return common >= _EVERYDAY or (not word.is_capital and proposal.score < _EAGER_ALONE)
    if word.is_capital:
        return False
    return common >= _EVERYBODY_SAYS or proposal.score < _EAGER_ALONE


def _least_common(words: Sequence[Piece]) -> float:
    return min(look_up_word(word.lowered_bare).common for word in words)
