"""Read one number at an index: a count, a day of the month, a year.

Each reader takes the pieces and an index and returns a ``NumberReading`` or None; none looks at the
pieces before the index.
"""

from __future__ import annotations

from dataclasses import dataclass

from anonymise.numbers.number_words import ORDINAL_ENDINGS
from anonymise.pieces import Pieces, lowered_at
from study import DIGITS, ORDINALS, TEENS, TENS, UNITS

FIRST_YEAR, LAST_YEAR = 1880, 2029  # years that somebody alive may speak of
_LAST_DAY = 31
_LONGEST_COUNT = 4  # digits
_HUNDRED, _THOUSAND = 100, 1000


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A number and the index of the piece after it."""

    value: int
    after: int


def read_below_hundred(pieces: Pieces, index: int) -> NumberReading | None:
    """Read "four", "fourteen", "forty", "forty two" or "forty-two"; no written digits."""
    word = lowered_at(pieces, index)
    if word in UNITS or word in TEENS:
        return NumberReading(UNITS.get(word) or TEENS[word], index + 1)
    if word not in TENS:
        return None
    unit_at = index + 2 if lowered_at(pieces, index + 1) == "-" else index + 1
    unit = UNITS.get(lowered_at(pieces, unit_at))
    return (
        NumberReading(TENS[word] + unit, unit_at + 1)
        if unit
        else NumberReading(TENS[word], index + 1)
    )


def read_count(pieces: Pieces, index: int) -> NumberReading | None:
    """Read a count up to 9,999: "74", "seventy four", "a hundred and two", "two thousand"."""
    if index >= len(pieces):
        return None
    if pieces[index].is_digits:
        short = len(pieces[index].text) <= _LONGEST_COUNT
        return NumberReading(int(pieces[index].text), index + 1) if short else None
    is_article = lowered_at(pieces, index) == "a" and lowered_at(pieces, index + 1) in {
        "hundred",
        "thousand",
    }
    small = NumberReading(1, index + 1) if is_article else read_below_hundred(pieces, index)
    if small is None:
        return None
    for word, size in (("thousand", _THOUSAND), ("hundred", _HUNDRED)):
        if lowered_at(pieces, small.after) == word:
            return _add_rest(pieces, small.value * size, small.after + 1)
    return small


def _add_rest(pieces: Pieces, value: int, at: int) -> NumberReading:
    """Add what follows "two thousand": "and six", "and forty two", or nothing."""
    rest_at = at + 1 if lowered_at(pieces, at) == "and" else at
    rest = read_below_hundred(pieces, rest_at)
    return NumberReading(value + rest.value, rest.after) if rest else NumberReading(value, at)


def read_day(pieces: Pieces, index: int) -> tuple[NumberReading, bool] | None:
    """Read a day of the month and whether it is an ordinal: "3rd", "twenty first", "14"."""
    ordinal = _read_ordinal(pieces, index)
    if ordinal is not None:
        return (ordinal, True) if ordinal.value <= _LAST_DAY else None
    plain = read_count(pieces, index)
    if plain is None or not 1 <= plain.value <= _LAST_DAY:
        return None
    ending = lowered_at(pieces, plain.after)
    if ending in ORDINAL_ENDINGS and pieces[index].is_digits:
        return NumberReading(plain.value, plain.after + 1), True
    return plain, False


def _read_ordinal(pieces: Pieces, at: int) -> NumberReading | None:
    word = lowered_at(pieces, at)
    if word in ORDINALS:
        return NumberReading(ORDINALS[word], at + 1)
    if word not in TENS:
        return None
    unit_at = at + 2 if lowered_at(pieces, at + 1) == "-" else at + 1
    unit = ORDINALS.get(lowered_at(pieces, unit_at), 99)
    return NumberReading(TENS[word] + unit, unit_at + 1) if unit < min(TEENS.values()) else None


def read_year(pieces: Pieces, index: int) -> NumberReading | None:
    """Read a year from 1880 to 2029: "1951", "nineteen fifty one", "two thousand and six"."""
    read = (
        _read_written_year(pieces, index)
        or _read_two_part_year(pieces, index)
        or _read_thousands_year(pieces, index)
    )
    return read if read is not None and FIRST_YEAR <= read.value <= LAST_YEAR else None


def _read_written_year(pieces: Pieces, at: int) -> NumberReading | None:
    if at < len(pieces) and pieces[at].is_digits and len(pieces[at].text) == _LONGEST_COUNT:
        return NumberReading(int(pieces[at].text), at + 1)
    return None


def _read_two_part_year(pieces: Pieces, at: int) -> NumberReading | None:
    """Read "nineteen" or "twenty" and then "forty two", "oh five", "twelve", "hundred"."""
    century = {"eighteen": 1800, "nineteen": 1900, "twenty": 2000}.get(lowered_at(pieces, at))
    if century is None:
        return None
    following = at + 2 if lowered_at(pieces, at + 1) == "-" else at + 1
    if lowered_at(pieces, following) == "hundred":
        return _add_rest(pieces, century, following + 1)
    if DIGITS.get(lowered_at(pieces, following)) == 0:
        unit = UNITS.get(lowered_at(pieces, following + 1))
        return NumberReading(century + unit, following + 2) if unit else None
    rest = read_below_hundred(pieces, following)
    return (
        NumberReading(century + rest.value, rest.after)
        if rest and rest.value > UNITS["nine"]
        else None
    )


def _read_thousands_year(pieces: Pieces, at: int) -> NumberReading | None:
    if (lowered_at(pieces, at), lowered_at(pieces, at + 1)) != ("two", "thousand"):
        return None
    return _add_rest(pieces, 2000, at + 2)
