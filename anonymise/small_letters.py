"""Whether a name that is a word is the word where a transcript has no capital letters.

"everybody calls me will" names somebody, "i will" does not, and no capital tells. The words on
both sides do in most places; where they leave it open a person is asked. The lists stand in
``people.txt``, the phrases in study/name_words.txt.
"""

from __future__ import annotations

from anonymise.pieces import Pieces, lowered_at
from anonymise.shipped_lists import load_word_list
from study import PHRASE_REACH, WordUse, is_phrase_word

_BEFORE = load_word_list("people", "before no entered name")
_OPEN_OWNERS = load_word_list("people", "owner before no entered name")
_OWNED = load_word_list("people", "owned")
_NO_CLAUSE = load_word_list("people", "after no entered name")
_DOES = load_word_list("verbs", "finite") | {"would", "could", "should", "did"}
_DONE_TO = load_word_list("people", "what is done to")
_DOERS = frozenset({"i", "you", "he", "she", "it", "we", "they", "who"})
_MODALS = frozenset({"may", "will"})
_ARTICLES = frozenset({"a", "an", "the"})


def is_surely_word(pieces: Pieces, at: int) -> bool:
    """Whether a name that is a word can only be the word here: "a rose", "i will go"."""
    before, following = lowered_at(pieces, at - 1), lowered_at(pieces, at + 1)
    if pieces[at].lowered_bare in _MODALS:
        is_clause = before in _DOERS and following not in _NO_CLAUSE
    else:
        is_clause = before in _DOERS - {"you"} and following not in _DOES
    return is_clause or before in _ARTICLES or is_in_word_phrase(pieces, at)


def judge_in_small_letters(pieces: Pieces, at: int, use: WordUse) -> WordUse:
    """Return what an entered name that is a word is here, where capitals say nothing.

    use: what the words around it say, as ``judge_piece`` weighs them. What does not surely make a
    word of it leaves it open.
    """
    if use is WordUse.NAME:
        return use
    if is_in_word_phrase(pieces, at):
        return WordUse.WORD
    before = lowered_at(pieces, at - 1)
    is_ruled_out = before in _BEFORE and not (
        _is_open(pieces, at, before) or _is_another(pieces, at, before)
    )
    return use if is_ruled_out else WordUse.UNSURE


def _is_another(pieces: Pieces, at: int, before: str) -> bool:
    """Whether it is somebody else of the name: "a mark, not this one"."""
    after = [p.lowered for p in pieces[at + 1 : at + 4] if p.text != ","]
    told = after[:1] == ["not"] and after[1:2] in (["this"], ["that"], ["the"])
    return before in {"a", "another"} and told


def _is_open(pieces: Pieces, at: int, before: str) -> bool:
    """Whether a word that mostly stands before no name may stand before one here."""
    word, following = pieces[at].lowered_bare, lowered_at(pieces, at + 1)
    if before in _OPEN_OWNERS:
        return word not in _OWNED or (before == "our" and word in _MODALS)  # "our will", "my dean"
    if before in {"that", "this"}:
        return word in _MODALS and following in _NO_CLAUSE | {""}
    if before == "to":
        return following not in _DONE_TO  # "down to mark that is"
    if before == "it":
        return word in _MODALS and lowered_at(pieces, at - 2) in {"is", "was"}  # "is it will"
    if before == "of":
        return True  # "the image of summer"
    return before == "you" and word not in _MODALS and following in _DOES  # "for you jack would"


def is_in_word_phrase(pieces: Pieces, at: int) -> bool:
    """Whether a word stands in a phrase in which it names nobody: "the gas bill"."""
    before = [p.lowered for p in pieces[max(0, at - PHRASE_REACH) : at]]
    after = [p.lowered for p in pieces[at + 1 : at + 1 + PHRASE_REACH]]
    return is_phrase_word(before, pieces[at].lowered, after)
