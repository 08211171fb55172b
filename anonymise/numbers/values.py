"""Read one number at a place: how many, which day, which year.

Each reader takes the pieces and an index and returns a ``Reading`` or None; none looks back.
"""

from __future__ import annotations

from dataclasses import dataclass

from anonymise.numbers.words import (
    DIGITS,
    ORDINAL_ENDINGS,
    ORDINALS,
    TEENS,
    TENS,
    UNITS,
)
from anonymise.pieces import Pieces, low_at

FIRST_YEAR, LAST_YEAR = 1880, 2029  # a year that somebody alive may tell of
_LAST_DAY = 31
_LONGEST_COUNT = 4  # digits
_HUNDRED, _THOUSAND = 100, 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """A number and the index of the piece after it."""

    value: int
    after: int


def below_hundred(pieces: Pieces, at: int) -> Reading | None:
    """Read "four", "fourteen", "forty", "forty two" or "forty-two"; no written digits."""
    word = low_at(pieces, at)
    if word in UNITS or word in TEENS:
        return Reading(UNITS.get(word) or TEENS[word], at + 1)
    if word not in TENS:
        return None
    unit_at = at + 2 if low_at(pieces, at + 1) == "-" else at + 1
    unit = UNITS.get(low_at(pieces, unit_at))
    return Reading(TENS[word] + unit, unit_at + 1) if unit else Reading(TENS[word], at + 1)


def count(pieces: Pieces, at: int) -> Reading | None:
    """Read a count up to 9,999: "74", "seventy four", "a hundred and two", "two thousand"."""
    if at >= len(pieces):
        return None
    if pieces[at].is_digits:
        short = len(pieces[at].text) <= _LONGEST_COUNT
        return Reading(int(pieces[at].text), at + 1) if short else None
    is_article = low_at(pieces, at) == "a" and low_at(pieces, at + 1) in {"hundred", "thousand"}
    small = Reading(1, at + 1) if is_article else below_hundred(pieces, at)
    if small is None:
        return None
    for word, size in (("thousand", _THOUSAND), ("hundred", _HUNDRED)):
        if low_at(pieces, small.after) == word:
            return _with_rest(pieces, small.value * size, small.after + 1)
    return small


def _with_rest(pieces: Pieces, value: int, at: int) -> Reading:
    """Add what follows "two thousand": "and six", "and forty two", or nothing."""
    rest_at = at + 1 if low_at(pieces, at) == "and" else at
    rest = below_hundred(pieces, rest_at)
    return Reading(value + rest.value, rest.after) if rest else Reading(value, at)


def day(pieces: Pieces, at: int) -> tuple[Reading, bool] | None:
    """Read a day of the month and whether it is an ordinal: "3rd", "twenty first", "14"."""
    ordinal = _ordinal(pieces, at)
    if ordinal is not None:
        return (ordinal, True) if ordinal.value <= _LAST_DAY else None
    plain = count(pieces, at)
    if plain is None or not 1 <= plain.value <= _LAST_DAY:
        return None
    ending = low_at(pieces, plain.after)
    if ending in ORDINAL_ENDINGS and pieces[at].is_digits:
        return Reading(plain.value, plain.after + 1), True
    return plain, False


def _ordinal(pieces: Pieces, at: int) -> Reading | None:
    word = low_at(pieces, at)
    if word in ORDINALS:
        return Reading(ORDINALS[word], at + 1)
    if word not in TENS:
        return None
    unit_at = at + 2 if low_at(pieces, at + 1) == "-" else at + 1
    unit = ORDINALS.get(low_at(pieces, unit_at), 99)
    return Reading(TENS[word] + unit, unit_at + 1) if unit < min(TEENS.values()) else None


def year(pieces: Pieces, at: int) -> Reading | None:
    """Read a year from 1880 to 2029: "1951", "nineteen fifty one", "two thousand and six"."""
    read = _written_year(pieces, at) or _two_part_year(pieces, at) or _thousands_year(pieces, at)
    return read if read is not None and FIRST_YEAR <= read.value <= LAST_YEAR else None


def _written_year(pieces: Pieces, at: int) -> Reading | None:
    if at < len(pieces) and pieces[at].is_digits and len(pieces[at].text) == _LONGEST_COUNT:
        return Reading(int(pieces[at].text), at + 1)
    return None


def _two_part_year(pieces: Pieces, at: int) -> Reading | None:
    """Read "nineteen" or "twenty" and then "forty two", "oh five", "twelve", "hundred"."""
    century = {"eighteen": 1800, "nineteen": 1900, "twenty": 2000}.get(low_at(pieces, at))
    if century is None:
        return None
    following = at + 2 if low_at(pieces, at + 1) == "-" else at + 1
    if low_at(pieces, following) == "hundred":
        return _with_rest(pieces, century, following + 1)
    if DIGITS.get(low_at(pieces, following)) == 0:
        unit = UNITS.get(low_at(pieces, following + 1))
        return Reading(century + unit, following + 2) if unit else None
    rest = below_hundred(pieces, following)
    return (
        Reading(century + rest.value, rest.after) if rest and rest.value > UNITS["nine"] else None
    )


def _thousands_year(pieces: Pieces, at: int) -> Reading | None:
    if (low_at(pieces, at), low_at(pieces, at + 1)) != ("two", "thousand"):
        return None
    return _with_rest(pieces, 2000, at + 2)
