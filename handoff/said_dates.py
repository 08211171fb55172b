"""Read days of the calendar and ages as they are said or written, to compare them.

"14 March 1951" is "the fourteenth of March nineteen fifty one", "14/03/1951", "14.3.51" and
"1951-03-14". A number is an age by what stands around it: "she was 93 by then", and not "page 93".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handoff.said_letters import read_number, read_numbers
from study import MONTHS, ORDINALS

_MONTHS = MONTHS | {"mar": 3, "jun": 6, "jul": 7}  # as they are written
_TENS = {"twenty": 20, "thirty": 30}
_WRITTEN = re.compile(r"(?<![\d/.-])(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?![\d/-]|\.\d)")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_TOKEN = re.compile(r"[^\W_]+")
_LAST_DAY, _LAST_MONTH = 31, 12
_CENTURIES = {"eighteen": 1800, "nineteen": 1900, "twenty": 2000}
_FIRST_YEAR, _LAST_YEAR = 1880, 2039
_OLDEST = 115
_BEFORE_AGE = frozenset({
    "was", "is", "am", "im", "were", "be", "been", "shes", "hes", "aged", "age", "turned",
    "turning", "nearly", "almost", "about", "over", "only", "him", "her", "me", "she", "he", "mum",
    "dad", "just", "at", "reached", "hit", "pushing", "theyre", "youre", "now", "being", "both",
    "mother", "father", "husband", "wife", "sister", "brother", "son", "daughter", "gran",
})  # fmt: skip
_AFTER_AGE = frozenset({
    "", "when", "and", "by", "but", "then", "now", "years", "year", "last", "next", "this", "at",
    "in", "so", "or", "because", "still", "with", "odd", "bless", "that", "before", "after", "yrs",
    "he", "she", "i", "we", "they", "already",
})  # fmt: skip
_AFTER_YEARS = frozenset({"old", "of", "young"})
_COUNTS = frozenset({"page", "number", "bus", "room", "ward", "bed", "line", "turn", "channel"})

_PARTS = frozenset({
    "chapter", "part", "round", "wave", "phase", "version", "study", "figure", "table", "day",
    "week", "month", "question", "site", "interview", "course", "no", "nr",
})  # fmt: skip
_YOUNGEST_BARE = 10  # fewer are mostly something else: "the second of 3"
# A word, or a sign that parts it from the next; a date in figures and a decimal are one.
_BARE = re.compile(r"\d[\d./:-]*\d|[^\W_]+(?:['\u2019][^\W_]+)?|[.,;?!]")


class SaidDay(NamedTuple):
    """A day of the calendar; year is 0 where none is said, and below 100 where two digits are."""

    day: int
    month: int
    year: int

    def is_like(self, other: SaidDay) -> bool:
        """Whether two days may be one: the year counts where both say it."""
        if (self.day, self.month) != (other.day, other.month):
            return False
        years = {self.year, other.year}
        if 0 in years or len(years) == 1:
            return True
        return min(years) < 100 and len({year % 100 for year in years}) == 1  # noqa: PLR2004 - two digits


def find_days(text: str) -> Iterator[tuple[int, int, SaidDay]]:
    """Yield (start, end, day) of each day of the calendar in a text."""
    for match in _WRITTEN.finditer(text):
        first, second, third = int(match[1]), int(match[3]), int(match[4])
        day, month, year = (
            (third, second, first) if len(match[1]) == 4 else (first, second, third)  # noqa: PLR2004 - a year
        )
        if 1 <= day <= _LAST_DAY and 1 <= month <= _LAST_MONTH:
            yield match.start(), match.end(), SaidDay(day, month, year)
    tokens = list(_TOKEN.finditer(text))
    words = [token.group().lower() for token in tokens]
    if not any(word in _MONTHS or word in ORDINALS or _ORDINAL.fullmatch(word) for word in words):
        return
    for at in range(len(words)):
        if (read := _read_day_first(words, at) or _read_month_first(words, at)) is not None:
            day, after = read
            yield tokens[at].start(), tokens[after - 1].end(), day


def _read_day(words: Sequence[str], at: int) -> tuple[int, int, bool] | None:
    """Read a day of the month: its number, the index after it, whether it is an ordinal."""
    if at >= len(words):
        return None
    word = words[at]
    if word in ORDINALS:
        return ORDINALS[word], at + 1, True
    if (written := _ORDINAL.fullmatch(word)) is not None:
        return int(written[1]), at + 1, True
    unit = ORDINALS.get(words[at + 1], 0) if at + 1 < len(words) else 0
    if word in _TENS and 0 < unit < 10:  # noqa: PLR2004 - "twenty first"
        return _TENS[word] + unit, at + 2, True
    number = read_number(words, at)
    if number is None or not 1 <= number[0] <= _LAST_DAY:
        return None
    return *number, False


def _read_day_first(words: Sequence[str], at: int) -> tuple[SaidDay, int] | None:
    """Read "the 3rd of June 2019", "3 June", "the fourteenth of the third fifty one"."""
    day = _read_day(words, at)
    if day is None or day[0] > _LAST_DAY:
        return None
    month_at = day[1] + (words[day[1] : day[1] + 1] == ["of"])
    if month_at < len(words) and words[month_at] in _MONTHS:
        if (
            words[month_at] in {"may", "march", "mar", "second"}
            and month_at == day[1]
            and not (day[2] or words[at].isdecimal())
        ):
            return None
        year, after = _read_year(words, month_at + 1)
        return SaidDay(day[0], _MONTHS[words[month_at]], year), after
    month = _read_day(words, month_at + 1) if words[month_at : month_at + 1] == ["the"] else None
    if month_at > day[1] and day[2] and month is not None and month[2] and month[0] <= _LAST_MONTH:
        year, after = _read_year(words, month[1])
        return SaidDay(day[0], month[0], year), after
    return None


def _read_month_first(words: Sequence[str], at: int) -> tuple[SaidDay, int] | None:
    """Read "June third", "March the 14th, 1951"."""
    if words[at] not in _MONTHS:
        return None
    day_at = at + 1 + (words[at + 1 : at + 2] == ["the"])
    day = _read_day(words, day_at)
    if day is None or not (day[2] or words[day_at].isdecimal()):
        return None
    year, after = _read_year(words, day[1])
    return SaidDay(day[0], _MONTHS[words[at]], year), after


def _read_year(words: Sequence[str], at: int) -> tuple[int, int]:
    """Read a year after a day: (year, index after it), (0, at) where none is said."""
    if words[at : at + 2] in (["of"], ["in"]):
        at += 1
    if at >= len(words):
        return 0, at
    if words[at].isdecimal():
        value = int(words[at])
        return (value, at + 1) if len(words[at]) in {2, 4} else (0, at)
    if words[at : at + 2] == ["two", "thousand"]:
        rest_at = at + 2 + (words[at + 2 : at + 3] == ["and"])
        rest = read_number(words, rest_at)
        return (2000 + rest[0], rest[1]) if rest else (2000, at + 2)
    if words[at] in _CENTURIES:
        rest = read_number(words, at + 1)
        if words[at + 1 : at + 2] == ["oh"] and (unit := read_number(words, at + 2)):
            return _CENTURIES[words[at]] + unit[0], unit[1]
        if rest and rest[0] < 100:  # noqa: PLR2004 - of a century
            return _CENTURIES[words[at]] + rest[0], rest[1]
    number = read_number(words, at)
    return number if number and number[0] < 100 else (0, at)  # noqa: PLR2004 - "fifty one"


def read_one_day(text: str) -> SaidDay | None:
    """Return the day that an original is, None where it is none or more than one."""
    days = [day for _, _, day in find_days(text)]
    return days[0] if days and len(set(days)) == 1 else None


def read_age(text: str) -> int:
    """Return the age that an original is, 0 where it tells none: "ninety-three", "aged 93"."""
    words = [word.lower() for word in _TOKEN.findall(text)]
    numbers = [read for at in range(len(words)) if (read := read_number(words, at))]
    return numbers[0][0] if numbers and numbers[0][0] <= _OLDEST else 0


def find_ages(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, age) of each number that is somebody's age by what stands around it."""
    tokens = list(re.finditer(r"[^\W_]+(?:['\u2019][^\W_]+)?|[.,;?!]", text))
    words = [re.sub(r"['\u2019]", "", token.group().lower()) for token in tokens]
    at = 0
    while at < len(words):
        read = read_number(words, at)
        if read is None or not 1 <= read[0] <= _OLDEST:
            at += 1
            continue
        value, after = read
        if _is_age(words, at, after):
            yield tokens[at].start(), tokens[after - 1].end(), value
        at = after


def find_bare_ages(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, age) of each number that stands alone, as in "Ann, 83".

    It is for texts of a few words, in which nothing needs to tell that a number is an age.
    """
    tokens = list(_BARE.finditer(text))
    words = [re.sub(r"['\u2019]", "", token.group().lower()) for token in tokens]
    for at, after, value in read_numbers(words):
        before = words[at - 1] if at else ""
        following = words[after] if after < len(words) else ""
        is_alone = following in _AFTER_AGE or not following[:1].isalnum()
        if _YOUNGEST_BARE <= value <= _OLDEST and is_alone and before not in _COUNTS | _PARTS:
            yield tokens[at].start(), tokens[after - 1].end(), value


def _is_age(words: Sequence[str], at: int, after: int) -> bool:
    before = words[at - 1] if at else ""
    following = words[after] if after < len(words) else ""
    second = words[after + 1] if after + 1 < len(words) else ""
    if following in {"year", "years", "yrs"}:
        return second in _AFTER_YEARS - {"of"} or (
            second == "of" and words[after + 2 : after + 3] == ["age"]
        )
    if before in _COUNTS:
        return False
    if before == "of":
        return (
            words[max(0, at - 2) : at - 1] == ["age"]
            or words[max(0, at - 2) : at - 1] == ["woman"]
            or words[max(0, at - 2) : at - 1] == ["man"]
        )
    if before == "," and words[max(0, at - 2) : at - 1] and words[at - 2] in _BEFORE_AGE:
        before = words[at - 2]
    return before in _BEFORE_AGE and (following in _AFTER_AGE or not following.isalnum())
