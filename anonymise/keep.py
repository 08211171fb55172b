"""The keep-list: diseases, medicines, days, national bodies, words that are also names.

``keep.txt`` holds it, by section. A kept phrase is never proposed as a name; a name that is
also a word is believed only where it is written like a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from anonymise import lists
from anonymise.pieces import Pieces, Spoken, begins_sentence, listed, low_at, without_possessive
from study.terms import fold

_LONGEST_PHRASE = 5  # pieces: "university of the third age"
_EVERYDAY, _ALSO_NAMES = "everyday words", "names that are words"
_VERBS_FOLLOW = lists.words("verbs", "after a verb")
COUNTRIES = frozenset({"US", "USA", "UAE", "NZ"})  # words, were it not for their capitals
_FINITE = lists.words("verbs", "finite")
_MONTHS = listed("may june april august")
_BEFORE_MONTHS = listed("in of since by until till last next this early late mid from every")


@dataclass(frozen=True, slots=True)
class KeepList:
    """Folded phrases: ``kept`` as a whole, ``everyday`` words, words that are ``also_names``."""

    kept: frozenset[str]
    everyday: frozenset[str]
    also_names: frozenset[str]

    def keeps(self, text: str) -> bool:
        """Whether these words, as a whole, name nobody ("the Alzheimer's Society")."""
        words = fold(text).removeprefix("the ")
        if words in self.also_names:
            return False
        if words in self.kept or words in self.everyday:
            return True
        return fold(without_possessive(text)).removeprefix("the ") in self.kept

    def is_kept(self, word: str) -> bool:
        """Whether a word stands in the list itself, though it may be a name as well ("May")."""
        return fold(word) in self.kept

    def is_common(self, word: str) -> bool:
        """Whether one word is too common to be searched for without a capital letter."""
        bare = fold(word)
        return bare in self.everyday or bare in self.also_names or bare in self.kept

    def is_used_as_word(self, pieces: Pieces, at: int) -> bool:
        """Whether the word at an index, though also a name, stands here as a word."""
        piece, following = pieces[at], low_at(pieces, at + 1)
        if not self.is_common(piece.bare):
            return False
        if piece.low in _MONTHS and _is_dated(low_at(pieces, at - 1), following):
            return True
        if not piece.is_capital:
            return not (following in _FINITE or _is_past(following))
        return begins_sentence(pieces, at) and low_at(pieces, at + 1) in _VERBS_FOLLOW

    def is_in_phrase(self, spoken: Spoken, start: int, end: int) -> bool:
        """Whether it is a part of a kept phrase: "Clinic" of "Memory Clinic"."""
        inside = spoken.within(start, end)
        if not inside:
            return False
        for first in range(max(0, inside[-1] - _LONGEST_PHRASE + 1), inside[0] + 1):
            for last in range(inside[-1] + 1, first + _LONGEST_PHRASE + 1):
                words = " ".join(fold(p.text) for p in spoken.pieces[first:last])
                if last - first > 1 and words in self.kept:
                    return True
        return False

    def keeps_span(self, spoken: Spoken, start: int, end: int) -> bool:
        """Whether a name found from ``start`` to ``end`` is a false friend where it stands."""
        if spoken.cased and spoken.text[start:end] in COUNTRIES:
            return False
        owner = spoken.text[start : end + len("'s")]
        if owner.endswith(("'s", "\u2019s")) and fold(owner) in self.kept:
            return True  # "Huntington's" is an illness, "Huntington" is not
        if self.keeps(spoken.text[start:end]) or self.is_in_phrase(spoken, start, end):
            return True
        words = [i for i in spoken.within(start, end) if spoken.pieces[i].is_word]
        return len(words) == 1 and spoken.cased and self.is_used_as_word(spoken.pieces, words[0])


def _is_past(word: str) -> bool:
    """Whether a word looks like a verb's past, which no "may" and no "will" stands before."""
    return word.endswith("ed") and len(word) > 5  # noqa: PLR2004 - "need", "feed"


def _is_dated(before: str, after: str) -> bool:
    """Whether a month stands between these words: "in May", "8 May", "May 2019"."""
    numbered = before.removesuffix("th").isdecimal() or after.isdecimal()
    return numbered or before in _BEFORE_MONTHS


@cache
def shipped() -> KeepList:
    """Return the list that ships with Earshot."""
    entries = {k: frozenset(map(fold, v)) for k, v in lists.shipped("keep").items()}
    everyday, also_names = entries.pop(_EVERYDAY), entries.pop(_ALSO_NAMES)
    return KeepList(frozenset[str]().union(*entries.values()), everyday, also_names)
