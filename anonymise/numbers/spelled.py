"""Names that are spelled out: "M A double T Y", "S-M-Y-T-H-E", "h for hotel, a for alpha".

Letters said one by one are a name or a code; what everybody abbreviates ("N H S", "M R I") is
neither. Three letters want a word that says they are spelling.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise import lists
from anonymise.numbers.words import FILLERS, LETTERS, TIMES
from anonymise.pieces import Pieces, listed, low_at, words_before
from anonymise.proposals import Find
from study.terms import Category

_SHORT = lists.words("numbers", "abbreviations")
_CUES = listed("spelled spelt spell spelling spells letters written write surname name name's it's "
               "that's")  # fmt: skip
_PLACE_CUES = listed("village town street place road area farm")
_SURE_CUES = listed("spelled spelt spell spelling spells surname surname's")
_SHORTEST, _SHORTEST_CUED = 4, 3
_REACH = 6
_JOINTS = frozenset({"-", ",", ".", "then", "and"}) | FILLERS


def find(pieces: Pieces) -> Iterator[Find]:
    """Find runs of single letters that spell something."""
    at = 0
    while at < len(pieces):
        read = _letter(pieces, at)
        if read is None:
            at += 1
            continue
        word, last = _run(pieces, at)
        found = _judged(pieces, at, last, word)
        if found is not None:
            yield found
        at = max(last, at + 1)


def _run(pieces: Pieces, at: int) -> tuple[str, int]:
    word, last, following = "", at, at
    while (read := _letter(pieces, following)) is not None:
        letters, last = read
        word += letters
        following = last
        while low_at(pieces, following) in _JOINTS and following - last < 2:  # noqa: PLR2004 - ", then"
            following += 1
    return word, last


def _letter(pieces: Pieces, at: int) -> tuple[str, int] | None:
    """Read "m", "zed", "double t", "h for hotel", "b as in bravo"; letters and index after."""
    word = _plain(low_at(pieces, at))
    if word in TIMES:
        doubled = _plain(low_at(pieces, at + 1))
        if not _is_one(doubled):
            return None
        if (word, doubled) == ("double", "u"):
            return "w", at + 2
        return doubled * TIMES[word], at + 2
    if not _is_one(word):
        return None
    for link in (("for",), ("as", "in"), ("like",)):
        after = at + 1 + len(link)
        linked = tuple(low_at(pieces, at + 1 + i) for i in range(len(link))) == link
        if linked and low_at(pieces, after)[:1] == word and len(low_at(pieces, after)) > 1:
            return word, after + 1
    return word, at + 1


def _plain(word: str) -> str:
    """Return the letter that a word names, or the word itself."""
    return LETTERS.get(word, word)


def _is_one(word: str) -> bool:
    return len(word) == 1 and word.isascii() and word.isalpha()


def _judged(pieces: Pieces, at: int, last: int, word: str) -> Find | None:
    before = words_before(pieces, at, _REACH)
    cued = not _CUES.isdisjoint(before)
    if word in _SHORT or word.removesuffix("s") in _SHORT or len(set(word)) == 1:
        return None
    if len(word) < (_SHORTEST_CUED if cued else _SHORTEST) or _only_words(pieces, at, last):
        return None
    place = not _PLACE_CUES.isdisjoint(before)
    sure = not _SURE_CUES.isdisjoint(before) or len(word) >= _SHORTEST
    category = Category.PLACE if place else Category.PERSON
    return Find(at, last, category, 0.9 if sure else 0.6, word)


def _only_words(pieces: Pieces, at: int, last: int) -> bool:
    """Whether it is no more than "I, I, a": stammered small words."""
    return {low_at(pieces, i) for i in range(at, last)} <= {"i", "a", "o", ",", ".", "-", "and"}
