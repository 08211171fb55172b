"""Addresses: a house number and a street, "42a Mill Lane", "forty two acacia avenue".

Street words that are also everyday words ("close", "way", "drive") are believed only with a
capital, or after "number" or "at".
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise import lists
from anonymise.numbers.values import count
from anonymise.numbers.words import COUNTED
from anonymise.pieces import Pieces, listed, low_at, touches
from anonymise.proposals import Find
from study.terms import Category

STREETS = lists.words("numbers", "streets")
PLAIN_STREETS = lists.words("numbers", "streets that are words")
_BREAKS = COUNTED | lists.words("numbers", "no street") | listed(". , ; ? ! : ( )")
_HOUSES = lists.words("numbers", "houses")
_MOST_WORDS = 3
_HIGHEST = 2000
_CUES = frozenset({"number", "at", "flat", "live", "no"})


def find(pieces: Pieces) -> Iterator[Find]:
    """Find house numbers with their streets, and named houses with theirs."""
    yield from _numbered(pieces)
    yield from _named(pieces)


def _named(pieces: Pieces) -> Iterator[Find]:
    """Find "The Old Vicarage, Church Lane"."""
    for at, piece in enumerate(pieces):
        if piece.bare not in _HOUSES or low_at(pieces, at + 1) != ",":
            continue
        last = _street_end(pieces, at, at + 2)
        first = at
        while first > 0 and at - first < _MOST_WORDS and _may_name_house(pieces, first - 1):
            first -= 1
        if last is not None and first < at:
            yield Find(first, last, Category.ADDRESS, 0.85)


def _may_name_house(pieces: Pieces, at: int) -> bool:
    piece = pieces[at]
    return piece.is_word and (piece.low not in _BREAKS or piece.low == "the")


def _numbered(pieces: Pieces) -> Iterator[Find]:
    at = 0
    while at < len(pieces):
        read = count(pieces, at)
        if read is None:
            at += 1
            continue
        last = _street_end(pieces, at, _over_letter(pieces, read.after))
        if last is not None and read.value <= _HIGHEST:
            yield Find(_with_flat(pieces, at), last, Category.ADDRESS, 0.9)
        at = last or read.after


def _over_letter(pieces: Pieces, at: int) -> int:
    """Step over the letter of "42A", "forty two a" and the comma of "42, Mill Lane"."""
    letter = low_at(pieces, at)
    if letter in {"a", "b", "c", "d", "e"} and (letter != "a" or _goes_on(pieces, at + 1)):
        at += 1
    return at + 1 if low_at(pieces, at) == "," else at


def _goes_on(pieces: Pieces, at: int) -> bool:
    return at < len(pieces) and pieces[at].is_word


def _street_end(pieces: Pieces, number_at: int, at: int) -> int | None:
    """Return the index after the street's name, None where no street follows."""
    if low_at(pieces, at) == "the" and low_at(pieces, at + 1) in STREETS | PLAIN_STREETS:
        return at + 2 if low_at(pieces, number_at - 1) in {"number", "no"} else None
    for following in range(at, min(at + _MOST_WORDS + 1, len(pieces))):
        piece = pieces[following]
        if following > at and piece.bare in STREETS:
            return following + 1
        if (
            following > at
            and piece.low in PLAIN_STREETS
            and _is_shown(pieces, number_at, following)
        ):
            return following + 1
        if piece.low in _BREAKS or not piece.is_word:
            return None
    return None


def _is_shown(pieces: Pieces, number_at: int, street_at: int) -> bool:
    if pieces[street_at].is_capital:
        return True
    cue = low_at(pieces, number_at - 1)
    return cue in _CUES and not touches(pieces, number_at)


def _with_flat(pieces: Pieces, at: int) -> int:
    """Take in "flat" before the number, or "flat 3," before that."""
    if low_at(pieces, at - 1) in {"flat", "apartment"}:
        return at - 1
    for back in (3, 2):
        if low_at(pieces, at - back) == "flat" and count(pieces, at - back + 1) is not None:
            return at - back
    return at
