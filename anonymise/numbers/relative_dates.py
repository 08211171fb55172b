"""Dates told from another day: "a week last Tuesday", "last March", "the 19th of every month".

Together with the day of the interview each is a date. "Last Tuesday" and "two years ago" alone are
said too often, and tell too little; a weekday beside what happens once in a life ("he died last
Tuesday") is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.numbers.number_readings import read_below_hundred, read_day
from anonymise.pieces import Pieces, lowered_at, split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from study import MONTHS, TEENS, TENS, UNITS, Category

_WEEKDAYS = load_word_list("times", "weekdays")
_FEASTS = frozenset(tuple(f.split()) for f in load_word_list("times", "feasts"))
_UNITS = split_listed_words("week weeks fortnight month months year years day days night")
_SPANS = frozenset({"day", "week", "weekend", "night", "morning", "sunday", "fortnight", "month"})
_FROM = split_listed_words("last on come this next past gone since from")
_NTH = split_listed_words("first second third fourth last")
_LONGEST_FEAST = max(len(feast) for feast in _FEASTS)
_TODAY = frozenset({"today", "tomorrow", "yesterday"})
_BEGIN = (
    frozenset({"the", "a", "an", "fortnight"} | UNITS.keys() | TEENS.keys() | TENS.keys())
    | _WEEKDAYS
    | _TODAY
    | MONTHS.keys()
    | {"last", "next"}
)
_AMBIGUOUS = frozenset({"may", "march"})  # "the last march", "next may be you"
_BEFORE_DAY = split_listed_words("on by every each since from around until till")
_SEASONS = split_listed_words("spring summer autumn winter")
_LIFE = load_word_list("times", "once in a life")
_LIFE_REACH = 8
_SCORE = 0.4
_MANY = 100


def find_relative_dates(pieces: Pieces) -> Iterator[RuleFind]:
    """Find days that are told from other days."""
    at = 0
    while at < len(pieces):
        if pieces[at].lowered not in _BEGIN and not pieces[at].is_digits:
            at += 1
            continue
        last = (
            _read_span(pieces, at)
            or _read_definite(pieces, at)
            or _read_weekday(pieces, at)
            or _read_last_day(pieces, at)
            or _read_month(pieces, at)
        )
        if last is not None:
            yield RuleFind(at, last, Category.DATE, _SCORE)
        at = last or at + 1


def _read_named_day(pieces: Pieces, at: int, *, months: bool = True) -> int | None:
    """Return the index after a weekday, a month or a feast, None where none stands here."""
    word = lowered_at(pieces, at)
    if word in _WEEKDAYS or (months and word in MONTHS):
        return at + 1
    words = tuple(lowered_at(pieces, at + i) for i in range(_LONGEST_FEAST))
    for length in range(_LONGEST_FEAST, 0, -1):
        if words[:length] in _FEASTS:
            return at + length
    return None


def _skip_count(pieces: Pieces, at: int) -> int:
    """Return the index after "two", "a" or "10", where a unit may stand; -1 where none may."""
    word = lowered_at(pieces, at)
    read = read_below_hundred(pieces, at)
    if read is not None:
        return read.after
    if word in {"a", "an"} or (pieces[at].is_digits and int(word) < _MANY):
        return at + 1
    return at if word == "fortnight" else -1


def _read_span(pieces: Pieces, at: int) -> int | None:
    """Read "a week last Tuesday", "two years this November", "ten years ago in August"."""
    unit = _skip_count(pieces, at)
    if lowered_at(pieces, unit) not in _UNITS:
        return None
    following = unit + 1
    if lowered_at(pieces, following) == "ago":
        following += 1
        if lowered_at(pieces, following) not in {"in", "on", "last", "this", "come", "next"}:
            return None
        return _read_named_day(pieces, following + 1)
    is_bare = lowered_at(pieces, following) not in _FROM
    if lowered_at(pieces, following) == "in" and lowered_at(pieces, unit) == "years":
        is_bare = False
    if lowered_at(pieces, following) in _TODAY:
        return following + 1
    day = _read_named_day(pieces, following if is_bare else following + 1, months=not is_bare)
    if day is None or lowered_at(pieces, day) in {"morning", "night", "club", "group"}:
        return None
    return day


def _read_definite(pieces: Pieces, at: int) -> int | None:
    """Read "the Thursday before last", "the day after Boxing Day", "the 19th of every month"."""
    if lowered_at(pieces, at) != "the":
        bare = read_day(pieces, at) if lowered_at(pieces, at - 1) in _BEFORE_DAY else None
        return _read_of_month(pieces, bare[0].after, named=False) if bare and bare[1] else None
    return _read_before_last(pieces, at + 1) or _read_around(pieces, at)


def _read_around(pieces: Pieces, at: int) -> int | None:
    """Read "the Thursday before last", "the day before yesterday", "the 19th of every month"."""
    word, turn = lowered_at(pieces, at + 1), lowered_at(pieces, at + 2)
    if word in _NTH and turn in _WEEKDAYS:
        return _read_of_month(pieces, at + 3)
    if (word in _SPANS or word in _WEEKDAYS) and turn in {"before", "after"}:
        told = lowered_at(pieces, at + 3)
        near = told in {"yesterday", "tomorrow"} and word == "day" and _is_of_life(pieces, at)
        if near or (told in {"last", "next"} and _ends_there(pieces, at + 4)):
            return at + 4
        return _read_named_day(pieces, at + 3)
    day = read_day(pieces, at + 1)
    if day is None or not day[1]:
        return None
    return _read_of_month(pieces, day[0].after, named=False)


def _read_before_last(pieces: Pieces, at: int) -> int | None:
    """Read "Easter before last", "winter before last"."""
    is_season = lowered_at(pieces, at) in _SEASONS
    after = at + 1 if is_season else _read_named_day(pieces, at)
    if after is None or lowered_at(pieces, at) in _WEEKDAYS:
        return None
    told = (lowered_at(pieces, after), lowered_at(pieces, after + 1)) == ("before", "last")
    return after + 2 if told else None


def _read_last_day(pieces: Pieces, at: int) -> int | None:
    """Read "last Tuesday" beside what happens once in a life."""
    if lowered_at(pieces, at) not in {"last", "next"} or lowered_at(pieces, at - 1) == "the":
        return None
    is_day = lowered_at(pieces, at + 1) in _WEEKDAYS and lowered_at(pieces, at + 1)[-1] == "y"
    return at + 2 if is_day and _is_of_life(pieces, at) else None


def _is_of_life(pieces: Pieces, at: int) -> bool:
    """Whether the words before, in the same sentence, tell of a death, a move, a diagnosis."""
    for back in range(1, _LIFE_REACH + 1):
        word = lowered_at(pieces, at - back)
        if word in {"", ".", "?", "!", ";"}:
            return False
        if word in _LIFE:
            return True
    return False


def _ends_there(pieces: Pieces, at: int) -> bool:
    """Whether "last" is no part of "the day before last Christmas" or "last orders"."""
    return lowered_at(pieces, at) in _WEEKDAYS or not lowered_at(pieces, at).isalpha() or (
        lowered_at(pieces, at) in {"and", "when", "she", "he", "we", "i", "they", "it", "at", "in"}
    )  # fmt: skip


def _read_of_month(pieces: Pieces, at: int, *, named: bool = True) -> int | None:
    """Return the index after "of every month", "in the month" or, if named, "of June"."""
    if lowered_at(pieces, at) not in {"of", "in", "every", "each"}:
        return None
    following = at
    while lowered_at(pieces, following) in {"of", "in", "every", "each", "the"}:
        following += 1
    word = lowered_at(pieces, following)
    return following + 1 if word == "month" or (named and word in MONTHS) else None


def _read_weekday(pieces: Pieces, at: int) -> int | None:
    """Read "Tuesday week", "tomorrow fortnight"."""
    first = lowered_at(pieces, at)
    if first not in _WEEKDAYS | _TODAY:
        return None
    return at + 2 if lowered_at(pieces, at + 1) in {"week", "fortnight"} else None


def _read_month(pieces: Pieces, at: int) -> int | None:
    """Read "last March", "next April", "January last year"."""
    first, second = lowered_at(pieces, at), lowered_at(pieces, at + 1)
    if first in MONTHS and second in {"last", "this", "next"}:
        return at + 3 if lowered_at(pieces, at + 2) == "year" else None
    if first not in {"last", "next"} or second not in MONTHS or lowered_at(pieces, at - 1) == "the":
        return None
    if second in _AMBIGUOUS and not pieces[at + 1].is_capital:
        following = lowered_at(pieces, at + 2)
        return at + 2 if following in _CLOSES else None
    return at + 2


_CLOSES = frozenset({"", ".", ",", "?", "!", "and", "when", "she", "he", "i", "we", "they", "it"})
