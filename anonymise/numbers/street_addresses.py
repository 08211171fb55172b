"""Addresses: a house number and a street, "42a Mill Lane", "forty two acacia avenue".

Street words that are also everyday words ("close", "way", "drive") count only with a capital, or
after "number" or "at". A house number is sometimes misheard: "To Station Road" for "2".
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.numbers.cued_codes import HOMOPHONES
from anonymise.numbers.number_readings import NumberReading, read_count
from anonymise.numbers.number_words import COUNTED
from anonymise.pieces import (
    Pieces,
    begins_sentence,
    list_words_before,
    lowered_at,
    split_listed_words,
    touches_previous,
)
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
_NUMBERED_HOUSES = load_word_list("numbers", "houses with a number")
_OLD_HOUSES = load_word_list("numbers", "old houses")
_ROWS = split_listed_words("cottages villas almshouses bungalows maisonettes buildings mansions")
_BLOCKS = split_listed_words("court tower towers buildings mansions heights point")
_OLD_PAIRS = split_listed_words("house office")  # "the old police house", "the old post office"
_LIVING = split_listed_words(
    "live lives lived living at bought called moved into address had rented own owned"
)
# Before a misheard house number; "to" too, as in "moved to for Mill Lane".
_BEFORE_HOMOPHONES = frozenset({"at", "number", "no", "flat", "to"})
_LOOSE_BEFORE = frozenset({"is", "it's", "was", "that's", ",", ":", "er", "um", "?", "address"})
_STOPS = frozenset({"", ".", ",", "?", "!", ";"})


def find_street_addresses(pieces: Pieces) -> Iterator[RuleFind]:
    """Find house numbers with their streets, and named houses with their streets."""
    yield from _find_numbered(pieces)
    yield from _find_named(pieces)
    yield from _find_old_houses(pieces)


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


def _find_old_houses(pieces: Pieces) -> Iterator[RuleFind]:
    """Find "the Old Forge" and "the old police house", where somebody lives or it is a name."""
    for at, piece in enumerate(pieces):
        if piece.lowered != "old" or lowered_at(pieces, at - 1) != "the":
            continue
        last = at + 2 if lowered_at(pieces, at + 1) in _OLD_HOUSES else at
        last += last > at and lowered_at(pieces, last) in _OLD_PAIRS
        written = piece.is_capital and all(p.is_capital for p in pieces[at:last])
        lives = not _LIVING.isdisjoint(list_words_before(pieces, at - 1, 3))
        if last > at and (written or lives):
            yield RuleFind(at - 1, last, Category.ADDRESS, 0.7 if written else 0.5)


def _may_name_house(pieces: Pieces, at: int) -> bool:
    piece = pieces[at]
    return piece.is_word and (piece.lowered not in _BREAKS or piece.lowered == "the")


def _find_numbered(pieces: Pieces) -> Iterator[RuleFind]:
    at = 0
    while at < len(pieces):
        read = read_count(pieces, at)
        misheard = None if read is not None else _read_misheard(pieces, at)
        if read is None and misheard is None:
            at += 1
            continue
        after = read.after if read is not None else at + 1
        last = _find_street_end(pieces, at, _skip_letter(pieces, after))
        if misheard is not None and (last is None or not _is_misheard(pieces, at, last)):
            at += 1
            continue
        if last is not None and (read or misheard or _NOTHING).value <= _HIGHEST:
            score = 0.9 if read is not None else 0.65
            first = _with_number(pieces, at, last) or _with_flat(pieces, at)
            yield RuleFind(first, last, Category.ADDRESS, score)
        at = last or after


_NOTHING = NumberReading(0, 0)


def _read_misheard(pieces: Pieces, at: int) -> NumberReading | None:
    digit = HOMOPHONES.get(pieces[at].lowered)
    return None if digit is None else NumberReading(int(digit), at + 1)


def _is_misheard(pieces: Pieces, at: int, last: int) -> bool:
    """Whether "to" or "for" before a street is a house number, as no other word fits there."""
    before = lowered_at(pieces, at - 1)
    if before in _BEFORE_HOMOPHONES:
        return before != pieces[at].lowered
    if before in _LOOSE_BEFORE:
        near = list_words_before(pieces, at, 6)
        if "address" in near or not {"live", "lives", "lived"}.isdisjoint(near):
            return True
    alone = at == 0 or (begins_sentence(pieces, at) and before != ":")
    return alone and lowered_at(pieces, last) in _STOPS


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
    if lowered_at(pieces, at) == "the":
        return _find_the_end(pieces, number_at, at)
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
        if following > at and _is_named_house(pieces, number_at, following):
            return following + 1
        if piece.lowered in _BREAKS or not piece.is_word:
            return None
    return None


def _is_named_house(pieces: Pieces, number_at: int, at: int) -> bool:
    """Whether it is "number 3 Rose Cottages" or "flat six, jubilee house"."""
    cue = lowered_at(pieces, number_at - 1)
    house = pieces[at].lowered
    rows = house in _ROWS and cue in _CUES
    return rows or (house in _HOUSES | _BLOCKS and cue in {"flat", "apartment"})


def _find_the_end(pieces: Pieces, number_at: int, at: int) -> int | None:
    """Return the index after "The Elms" of "7 The Elms" or "number 7 the elms"."""
    name = pieces[at + 1] if at + 1 < len(pieces) else None
    if name is None or not name.is_word:
        return None
    listed = name.lowered in STREETS | PLAIN_STREETS | _NUMBERED_HOUSES | _HOUSES
    cued = lowered_at(pieces, number_at - 1) in _CUES
    if pieces[at].is_capital and name.is_capital and (cued or listed):
        last = at + 2
        while last < len(pieces) and pieces[last].is_capital and last - at <= _MOST_WORDS:
            last += 1
        return last
    return at + 2 if listed and (cued or name.lowered in _NUMBERED_HOUSES | {"crescent"}) else None


def _is_shown(pieces: Pieces, number_at: int, street_at: int) -> bool:
    if pieces[street_at].is_capital:
        return True
    cue = lowered_at(pieces, number_at - 1)
    return cue in _CUES and not touches_previous(pieces, number_at)


def _with_number(pieces: Pieces, at: int, last: int) -> int | None:
    """Return the index of "number" before "7 The Elms", part of what the house is called."""
    words = [lowered_at(pieces, i) for i in range(at, last)]
    named = "the" in words or words[-1] in _ROWS
    return at - 1 if named and lowered_at(pieces, at - 1) == "number" else None


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
