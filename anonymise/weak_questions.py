"""Questions that are not worth asking: everyday words that a trained model alone took for a name.

In 3,300 marked turns of talk, calls, court reports and our own lines (benchmarks/_marked.py), one
in fifty of such words with a capital letter was a name, and one in nine without, "court" most
often. A word that may be somebody's given name is always asked, and so is what a rule or a second
model found as well. Where no capital tells, a word of the dictionary that nobody bears was a person
in none of 66 such questions ("palaver", "slate"), ordinary words together a body in one of six, and
a word that no town is called a place in one of nine.
"""

from __future__ import annotations

from collections.abc import Sequence

from anonymise.pieces import (
    CutTurn,
    Piece,
    Pieces,
    begins_sentence,
    lowered_at,
    split_listed_words,
)
from anonymise.proposals import Proposal
from anonymise.shipped_lists import load_word_list
from anonymise.small_letters import is_in_word_phrase
from anonymise.word_kinds import classify_word, may_be_given_name
from models import look_up_word
from study import Category

_EVERYDAY, _EVERYBODY_SAYS = 0.75, 1.0  # of WordFacts.common
_BORNE = 0.5  # of WordFacts.surname: a name that many bear
_EAGER_ALONE = 0.3  # a lower score: the model marked it only where it leaned towards names
_PLAIN_ALONE = 0.4  # a higher score: one of the words is what bodies are called by ("party")
_NATIONS = load_word_list("traits", "nationalities")
_BE = split_listed_words("is was are were be been being gone went looks looked")
_ENDS = split_listed_words(". , ; ? ! and but so with when") | {""}
_DOERS = split_listed_words("i he she we they you")
_SAYING = split_listed_words("said says say told goes went thought")
_MODALS = frozenset({"may", "will"})
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
    """Whether a word stands in a phrase that names nobody; a sentence's capital does not count."""
    small = not spoken.pieces[at].is_capital or begins_sentence(spoken.pieces, at)
    return small and (is_in_word_phrase(spoken.pieces, at) or _is_taken_up(spoken.pieces, at))


def _is_taken_up(pieces: Pieces, at: int) -> bool:
    """Whether a word is said again after "they said": "Sue, they said, sue the lot"."""
    after = [lowered_at(pieces, at + i) for i in range(1, 6)]
    quoted = after[0] == after[3] == "," and after[1] in _DOERS and after[2] in _SAYING
    again = pieces[at + 5].text if quoted and at + 5 < len(pieces) else ""
    return again == pieces[at].lowered and again not in _MODALS


def _is_worth(spoken: CutTurn, proposal: Proposal, inside: Sequence[int]) -> bool:
    words = [spoken.pieces[at] for at in inside if spoken.pieces[at].is_word]
    if words and all(word.lowered_bare in _EVERY_WEEK for word in words):
        return False  # "on Sundays"; "Sunday" may be a name
    if any(classify_word(word.lowered_bare) != "word" for word in words):
        return True
    if len(words) == 1:
        return _is_one_worth(spoken, proposal, inside, words[0])
    if not words or proposal.category is Category.PERSON or proposal.score > _PLAIN_ALONE:
        return True
    return any(word.is_capital or word.lowered_bare in _NATIONS for word in words)  # "british rail"


def _is_one_worth(spoken: CutTurn, proposal: Proposal, inside: Sequence[int], word: Piece) -> bool:
    """Whether one word of the dictionary is asked."""
    if not word.is_capital and _is_no_name(spoken, proposal, inside, word):
        return False
    is_person = proposal.category is Category.PERSON
    return is_person or _may_be_somebody(word, proposal) or not _is_plain(word, proposal)


def _may_be_somebody(word: Piece, proposal: Proposal) -> bool:
    """Whether a word may be a given name; not the "church" that the model only leaned to."""
    weak = not word.is_capital and proposal.score < _EAGER_ALONE
    known = look_up_word(word.lowered_bare)
    return may_be_given_name(word.lowered_bare) and not (weak and known.given == 0.0)


def _is_no_name(spoken: CutTurn, proposal: Proposal, inside: Sequence[int], word: Piece) -> bool:
    """Whether a word in small letters stands for nobody and nowhere."""
    known = look_up_word(word.lowered_bare)
    if proposal.category is Category.PERSON:
        is_thing = lowered_at(spoken.pieces, inside[0] - 1) == "the"  # "goes the bell"
        if is_thing or (known.given == 0.0 and _is_told_of_thing(spoken, inside)):
            return True
        return not may_be_given_name(word.lowered_bare) and known.surname < _BORNE
    if proposal.category is not Category.PLACE or may_be_given_name(word.lowered_bare):
        return False
    is_place = max(known.town, known.country) > 0.0 or proposal.score > _EAGER_ALONE
    return not is_place and not _is_numbered(spoken, inside)


def _is_told_of_thing(spoken: CutTurn, inside: Sequence[int]) -> bool:
    """Whether a word only says how something is: "the dale was green"."""
    before = lowered_at(spoken.pieces, inside[0] - 1)
    return before in _BE and lowered_at(spoken.pieces, inside[-1] + 1) in _ENDS


def _is_numbered(spoken: CutTurn, inside: Sequence[int]) -> bool:
    """Whether a number belongs to it: "suite 787", "apt. 12"."""
    return any(p.is_digits for p in spoken.pieces[inside[0] : inside[-1] + 3])


def _is_plain(word: Piece, proposal: Proposal) -> bool:
    common = look_up_word(word.lowered_bare).common
    if proposal.category is Category.ORGANISATION:
        return common >= _EVERYDAY or (not word.is_capital and proposal.score < _EAGER_ALONE)
    if word.is_capital:
        return False
    return common >= _EVERYBODY_SAYS or proposal.score < _EAGER_ALONE
