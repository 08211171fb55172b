"""Dates and dates of birth, written and spoken: "the fourteenth of March nineteen fifty one".

A date near a word of birth is a date of birth. A month with a year, a day with a month and a bare
year are dates of lower score; weekdays and months alone are no dates. The normal form is as much of
1951-03-14 as is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from anonymise.numbers.digit_runs import read_run_item
from anonymise.numbers.number_readings import (
    FIRST_YEAR,
    LAST_YEAR,
    NumberReading,
    read_below_hundred,
    read_day,
    read_year,
)
from anonymise.numbers.number_words import COUNTED, MONTHS_THAT_ARE_WORDS
from anonymise.pieces import (
    Pieces,
    list_words_before,
    lowered_at,
    split_listed_words,
    touches_previous,
)
from anonymise.proposals import RuleFind
from study import DIGITS, MONTHS, ORDINALS, TEENS, TENS, UNITS, Category

_BIRTH = frozenset({"born", "birth", "birthday", "dob", "birthdate", "b'day", "birthdays",
                    "birth's", "birthday's", "dob's"})  # fmt: skip
_BEFORE, _AFTER = 9, 5  # how near a word of birth must be, in pieces
_SEPARATORS = frozenset({"/", ".", "-"})
_OPENERS = frozenset({"in", "since", "until", "till", "from", "by", "of", "during", "before",
                      "after", "around", "about", "year", "back", "to"})  # fmt: skip
_AFTER_YEAR = split_listed_words(
    ". , ! ? and when we i he she they it because just before after"
) | {""}
_CENTURY, _TURN = 100, 30  # '29 is 2029, '30 is 1930
_TWO, _FOUR = 2, 4
# Between day, month and year, as they are heard: "the 3rd or 3rd. 31".
_PARTED = split_listed_words(", . / - stroke slash dash the of or")


@dataclass(frozen=True, slots=True)
class _Date:
    """The pieces and parts of a date; a part that is missing is 0."""

    first: int
    last: int
    year: int
    month: int = 0
    day: int = 0

    @property
    def form(self) -> str:
        """The date as far as it is known, largest part first."""
        parts = (f"{self.year:04}" if self.year else "-", self.month, self.day)
        return "-".join(p if isinstance(p, str) else f"{p:02}" for p in parts if p)

    @property
    def score(self) -> float:
        """How likely it is a date that tells something, 0.0 to 1.0."""
        if self.year and self.month:
            return 0.95 if self.day else 0.8
        return 0.6 if self.month else 0.4


def find_dates(pieces: Pieces) -> Iterator[RuleFind]:
    """Find dates; at each place the fullest reading."""
    at = 0
    while at < len(pieces):
        date = _read_date(pieces, at) if _may_begin(pieces, at) else None
        if date is None:
            at += 1
            continue
        born = _is_birth(pieces, date)
        category = Category.DATE_OF_BIRTH if born else Category.DATE
        score = max(date.score, 0.9) if born else date.score
        yield RuleFind(date.first, date.last, category, score, date.form)
        at = date.last


def _may_begin(pieces: Pieces, at: int) -> bool:
    word = pieces[at].lowered
    return (
        pieces[at].is_digits
        or any(word in words for words in (MONTHS, ORDINALS, TENS, TEENS, DIGITS))
        or word in {"'", "\u2019"}
    )


def _read_date(pieces: Pieces, at: int) -> _Date | None:
    return (
        _read_numeric(pieces, at)
        or _read_day_first(pieces, at)
        or _read_month_first(pieces, at)
        or _read_spoken_numeric(pieces, at)
        or _read_two_ordinals(pieces, at)
        or _read_bare_year(pieces, at)
    )


def _read_numeric(pieces: Pieces, at: int) -> _Date | None:
    """Read 14/03/1951, 14.3.51, 1951-03-14."""
    group = pieces[at : at + 5]
    if len(group) < 5 or not all(touches_previous(pieces, i) for i in range(at + 1, at + 5)):  # noqa: PLR2004 - three numbers, two signs
        return None
    first, sign, second, again, third = group
    if sign.text not in _SEPARATORS or sign.text != again.text:
        return None
    if not (first.is_digits and second.is_digits and third.is_digits):
        return None
    numbers = int(first.text), int(second.text), int(third.text)
    if len(first.text) == _FOUR:
        return _make_valid_date(at, at + 5, *numbers)
    if len(third.text) not in {_TWO, _FOUR}:
        return None
    return _make_valid_date(
        at, at + 5, _complete_year(numbers[2]), numbers[1], numbers[0]
    ) or _make_valid_date(at, at + 5, _complete_year(numbers[2]), numbers[0], numbers[1])


def _make_valid_date(first: int, last: int, year: int, month: int, day: int) -> _Date | None:
    fits = FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004 - the calendar
    return _Date(first, last, year, month, day) if fits else None


def _complete_year(year: int) -> int:
    if year >= _CENTURY:
        return year
    return year + (2000 if year < _TURN else 1900)


def _read_day_first(pieces: Pieces, at: int) -> _Date | None:
    """Read "14 March", "the 3rd of March 1931", "fourteenth of March nineteen fifty one"."""
    read = read_day(pieces, at)
    if read is None:
        return None
    number, is_ordinal = read
    has_of = lowered_at(pieces, number.after) == "of"
    month_at = number.after + 1 if has_of else number.after
    month = MONTHS.get(lowered_at(pieces, month_at))
    if month is None:
        return None
    found_year, last = _read_year_after(pieces, month_at + 1)
    is_word = pieces[month_at].text in MONTHS_THAT_ARE_WORDS and not (is_ordinal or has_of)
    if is_word and not found_year:
        return None
    return _Date(at, last, found_year, month, number.value)


def _read_month_first(pieces: Pieces, at: int) -> _Date | None:
    """Read "March 1951", "March 14th, 1951", "March the fourteenth"."""
    month = MONTHS.get(lowered_at(pieces, at))
    if month is None:
        return None
    alone_year, last = _read_year_after(pieces, at + 1)
    if alone_year:
        return _Date(at, last, alone_year, month)
    the = lowered_at(pieces, at + 1) == "the"
    read = read_day(pieces, at + 2 if the else at + 1)
    if read is None:
        return None
    number, is_ordinal = read
    found_year, last = _read_year_after(pieces, number.after)
    is_word = pieces[at].lowered in MONTHS_THAT_ARE_WORDS and not (is_ordinal or the)
    counts = lowered_at(pieces, number.after) in COUNTED
    return None if (is_word or counts) and not found_year else _Date(
        at, last, found_year, month, number.value
    )  # fmt: skip


def _read_year_after(pieces: Pieces, at: int) -> tuple[int, int]:
    """Return the year that follows a month and the index after it, or 0 and ``at``."""
    following = at
    if lowered_at(pieces, following) in {",", "of", "in", "."}:
        following += 1
    if lowered_at(pieces, following) in {"'", "\u2019"}:
        following += 1
    read = read_year(pieces, following)
    if read is not None and lowered_at(pieces, read.after) not in COUNTED:
        return read.value, read.after
    short = read_run_item(pieces, following)
    is_short = short is not None and len(short.digits) == _TWO and int(short.digits) >= _TURN
    if short is not None and is_short and lowered_at(pieces, short.after) not in COUNTED:
        return _complete_year(int(short.digits)), short.after
    if _is_torn_year(pieces, following):
        return 0, following + 1
    return 0, at


def _is_torn_year(pieces: Pieces, at: int) -> bool:
    """Whether it is a misheard year ("March 151"), which belongs to its date all the same."""
    digits = at < len(pieces) and pieces[at].is_digits and len(pieces[at].text) in {3, 4}
    return digits and lowered_at(pieces, at + 1) not in COUNTED


def _read_spoken_numeric(pieces: Pieces, at: int) -> _Date | None:
    """Read "fourteen three fifty one" and "14 3 51", near a word of birth only."""
    if not _tells_birth(list_words_before(pieces, at, _BEFORE)):
        return None
    numbers: list[int] = []
    following = at
    for _ in range(3):
        while lowered_at(pieces, following) in _PARTED:
            following += 1
        whole = read_year(pieces, following) if len(numbers) == _TWO else None
        ordinal = read_day(pieces, following) if len(numbers) < _TWO else None
        part = read_run_item(pieces, following)
        if ordinal is not None and ordinal[1]:
            numbers.append(ordinal[0].value)
            following = ordinal[0].after
        elif whole is not None:
            numbers.append(whole.value)
            following = whole.after
        elif part is not None and len(part.digits) <= _FOUR:
            numbers.append(int(part.digits))
            following = part.after
            if numbers[-1] == 0 and (unit := read_run_item(pieces, following)):  # "oh three"
                numbers[-1], following = int(unit.digits), unit.after
        else:
            return None
    return _make_valid_date(at, following, _complete_year(numbers[2]), numbers[1], numbers[0])


def _read_two_ordinals(pieces: Pieces, at: int) -> _Date | None:
    """Read "the twenty first of the tenth, fifty three", which nothing else looks like."""
    day = read_day(pieces, at)
    if day is None or not day[1]:
        return None
    of = day[0].after
    if (lowered_at(pieces, of), lowered_at(pieces, of + 1)) != ("of", "the"):
        return None
    month = read_day(pieces, of + 2)
    if month is None or not month[1]:
        return None
    found_year, last = _read_year_after(pieces, month[0].after)
    if not found_year:
        return None
    return _make_valid_date(at, last, found_year, month[0].value, day[0].value)


def _read_bare_year(pieces: Pieces, at: int) -> _Date | None:
    """Read a year alone; 2000 and later in words only after a word like "in"."""
    opened = lowered_at(pieces, at - 1) in _OPENERS
    if pieces[at].text in {"'", "\u2019"}:
        return _read_short_year(pieces, at) if opened else None
    if lowered_at(pieces, at - 1) in {"in", "since"} and (
        short := _read_spoken_short_year(pieces, at)
    ):
        return short
    read = read_year(pieces, at)
    if (
        read is None
        or lowered_at(pieces, read.after) in COUNTED
        or not _stands_alone(pieces, at, read.after)
    ):
        return None
    written = pieces[at].is_digits
    # "Two thousand", "twenty twenty" and "twenty, thirty" are said of other things as well.
    is_round = read.value == 2000 or (pieces[at].lowered == "twenty" and read.value > 2019)  # noqa: PLR2004
    return None if is_round and not written and not opened else _Date(at, read.after, read.value)


def _read_short_year(pieces: Pieces, at: int) -> _Date | None:
    glued = at + 1 < len(pieces) and touches_previous(pieces, at + 1)
    if not glued or not pieces[at + 1].is_digits or len(pieces[at + 1].text) != _TWO:
        return None
    return _Date(at, at + 2, _complete_year(int(pieces[at + 1].text)))


def _read_spoken_short_year(pieces: Pieces, at: int) -> _Date | None:
    """Read "oh nine" and "eighty five" where nothing that could be counted follows."""
    if lowered_at(pieces, at) in {"oh", "nought"}:
        unit = UNITS.get(lowered_at(pieces, at + 1))
        read = None if unit is None else NumberReading(unit, at + 2)
    else:
        read = read_below_hundred(pieces, at) if lowered_at(pieces, at) in TENS else None
    if read is None or lowered_at(pieces, read.after) not in _AFTER_YEAR:
        return None
    if at + 1 < read.after or read.value % 10 == 0:
        return _Date(at, read.after, _complete_year(read.value))
    return None


def _stands_alone(pieces: Pieces, at: int, after: int) -> bool:
    """Whether it is not part of a longer number, a sum of money or a decade ("1950s")."""
    before, behind = lowered_at(pieces, at - 1), lowered_at(pieces, after)
    if before in {"\u00a3", "$", "\u20ac", "+"} or behind in {"s", "%"}:
        return False
    return read_run_item(pieces, at - 1) is None and read_run_item(pieces, after) is None


def _is_birth(pieces: Pieces, date: _Date) -> bool:
    before = list_words_before(pieces, date.first, _BEFORE)
    after = [p.lowered for p in pieces[date.last : date.last + _AFTER]]
    if not date.month:  # "born in Leeds, and in 1975 we married": a bare year wants it close
        return not _BIRTH.isdisjoint(before[-3:])
    return _tells_birth(before) or not _BIRTH.isdisjoint(after)


def _tells_birth(before: list[str]) -> bool:
    """Whether "born", "date of birth" or "d o b" stands before."""
    letters = [word for word in before if word != "."]
    spelled = any(letters[i : i + 3] == ["d", "o", "b"] for i in range(len(letters)))
    return spelled or not _BIRTH.isdisjoint(before)
