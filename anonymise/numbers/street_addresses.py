"""Addresses: a house number and a street, "42a Mill Lane", "forty two acacia avenue".

Street words that are also everyday words ("close", "way", "drive") count only with a capital, or
after "number" or "at".
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.numbers.number_readings import read_count
from anonymise.numbers.number_words import COUNTED
from anonymise.pieces import Pieces, lowered_at, split_listed_words, touches_previous
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from study import Category

STREETS = load_word_list("numbers", "streets")
PLAIN_STREETS = load_word_list("numbers", "streets that are words")
_BREAKS = COUNTED | load_word_list("numbers", "no street") | split_listed_words(". , ; ? ! : ( )")
_HOUSES = load_word_list("numbers", "houses")
_MOST_WORDS = 3
_HIGHEST = 2000
_CUES = frozenset({"number", "at", "flat", "live", "no"})


def find_street_addresses(pieces: Pieces) -> Iterator[RuleFind]:
    """Find house numbers with their streets, and named houses with their streets."""
    yield from _find_numbered(pieces)
    yield from _find_named(pieces)


def _find_named(pieces: Pieces) -> Iterator[RuleFind]:
    """Find "The Old Vicarage, Church Lane"."""
    for at, piece in enumerate(pieces):
        if piece.lowered_bare not in _HOUSES or lowered_at(pieces, at + 1) != ",":
            continue
        last = _find_street_end(pieces, at, at + 2)
        first = at
        while first > 0 and at - first < _MOST_WORDS and _may_name_house(pieces, first - 1):
            first -= 1
        if last is not None and first < at:
            yield RuleFind(first, last, Category.ADDRESS, 0.85)


def _may_name_house(pieces: Pieces, at: int) -> bool:
    piece = pieces[at]
    return piece.is_word and (piece.lowered not in _BREAKS or piece.lowered == "the")


def _find_numbered(pieces: Pieces) -> Iterator[RuleFind]:
    at = 0
    while at < len(pieces):
        read = read_count(pieces, at)
        if read is None:
            at += 1
            continue
        last = _find_street_end(pieces, at, _skip_letter(pieces, read.after))
        if last is not None and read.value <= _HIGHEST:
            yield RuleFind(_with_flat(pieces, at), last, Category.ADDRESS, 0.9)
        at = last or read.after


def _skip_letter(pieces: Pieces, at: int) -> int:
    """Return the index after the letter of "42A" or "forty two a" and the comma of "42, Mill"."""
    letter = lowered_at(pieces, at)
    if letter in {"a", "b", "c", "d", "e"} and (letter != "a" or _goes_on(pieces, at + 1)):
        at += 1
    return at + 1 if lowered_at(pieces, at) == "," else at


def _goes_on(pieces: Pieces, at: int) -> bool:
    return at < len(pieces) and pieces[at].is_word


def _find_street_end(pieces: Pieces, number_at: int, at: int) -> int | None:
    """Return the index after the street's name, None where no street follows."""
    if lowered_at(pieces, at) == "the" and lowered_at(pieces, at + 1) in STREETS | PLAIN_STREETS:
        return at + 2 if lowered_at(pieces, number_at - 1) in {"number", "no"} else None
    for following in range(at, min(at + _MOST_WORDS + 1, len(pieces))):
        piece = pieces[following]
        if following > at and piece.lowered_bare in STREETS:
            return following + 1
        if (
            following > at
            and piece.lowered in PLAIN_STREETS
            and _is_shown(pieces, number_at, following)
        ):
            return following + 1
        if piece.lowered in _BREAKS or not piece.is_word:
            return None
    return None


def _is_shown(pieces: Pieces, number_at: int, street_at: int) -> bool:
    if pieces[street_at].is_capital:
        return True
    cue = lowered_at(pieces, number_at - 1)
    return cue in _CUES and not touches_previous(pieces, number_at)


def _with_flat(pieces: Pieces, at: int) -> int:
    """Return the index of "flat" before the number, or of "flat 3,", else that of the number."""
    if lowered_at(pieces, at - 1) in {"flat", "apartment"}:
        return at - 1
    for back in (3, 2):
        if (
            lowered_at(pieces, at - back) == "flat"
            and read_count(pieces, at - back + 1) is not None
        ):
            return at - back
    return at
