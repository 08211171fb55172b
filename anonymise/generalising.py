"""Broader words in the place of exact ones: an age band, a year, a kind of place, a kind of firm.

Nothing here deletes: what a detail tells an analysis stays, what it tells a neighbour goes. All
that it says is in [brackets].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from anonymise import lists, numbers
from anonymise.pieces import cut, without_possessive
from study.terms import Category, Dates, fold

TOP_AGE = 90  # from here on there is one band: so few live so long that a year names them
_BAND = 10  # years
_ADULT_BAND_FROM = 10
_CLOSE = 2  # months within which something was "around the time" of an event
_AGES = frozenset({Category.AGE, Category.HIGH_AGE})
_DAYS = frozenset({Category.DATE, Category.DATE_OF_BIRTH})
BROADENED = _AGES | _DAYS
_FINEST_FIRST = (Dates.DISTANCE, Dates.MONTH, Dates.YEAR, Dates.DECADE)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_ISO = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_DAY = re.compile(r"--(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that dates are told by: "the diagnosis", 2019-11. ``month`` is 0 if unknown."""

    name: str
    year: int
    month: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """How a study generalises. ``this_year`` is the year in which it is done, for the top code."""

    dates: Dates = Dates.YEAR
    this_year: int = 0
    events: tuple[Event, ...] = ()


def proposed(category: Category, text: str, policy: Policy) -> str:
    """Return what the study's policy puts in the place of an age or a date; "" where it can't."""
    found = _choices(category, text, policy)
    if category is Category.DATE:
        wanted = policy.dates
        if wanted is Dates.DISTANCE and not policy.events:
            wanted = Dates.YEAR
        found = [c for c in found if _FINEST_FIRST.index(c[0]) >= _FINEST_FIRST.index(wanted)]
    return found[0][1] if found else ""


def alternatives(category: Category, text: str, policy: Policy) -> list[str]:
    """Return everything broader that could stand for these words, finest first."""
    if category in {Category.PLACE, Category.ORGANISATION}:
        kind = kind_of(category, text)
        return [f"[{_article(kind)} {kind}]"] if kind else []
    return [words for _, words in _choices(category, text, policy)]


def kind_of(category: Category, text: str) -> str:
    """Return what kind of place or organisation it is, "" where nothing tells.

    "Skipton" gives "town in northern England", "Green Hill Coaches" gives "bus company".
    """
    name = fold(without_possessive(text.strip())).removeprefix("the ")
    if category is Category.PLACE:
        return _without(name, _places().get(name, ""))
    if category is Category.ORGANISATION:
        words = [p.low for p in cut(name) if p.is_word]
        return next((_kinds()[w] for w in reversed(words) if w in _kinds()), "")
    return ""


def event_of(name: str, date: str) -> Event | None:
    """Return an event from its name and a date as it is said; None where that is no date."""
    iso = _ISO.fullmatch(_iso(date))
    return Event(name, int(iso[1]), int(iso[2] or 0)) if iso else None


def _without(name: str, kind: str) -> str:
    """Cut a kind down until it holds no word of the name: London is a "city"."""
    said = set(name.split())
    if not said & set(fold(kind).split()):
        return kind
    short = kind.partition(" in ")[0]
    return "" if said & set(fold(short).split()) else short


def _choices(category: Category, text: str, policy: Policy) -> list[tuple[Dates, str]]:
    if category in _AGES:
        band = _age(text)
        return [(Dates.YEAR, band)] if band else []
    if category is Category.DATE_OF_BIRTH:
        decade = _birth(text, policy.this_year)
        return [(Dates.DECADE, decade)] if decade else []
    if category is not Category.DATE:
        return []
    return _dates(text, policy.events)


def _age(text: str) -> str:
    form = _form(text, _AGES, f"she is {text}") or text.strip()
    if not form.isdecimal() or len(form) > 3:  # noqa: PLR2004 - 122 is the oldest ever
        return ""
    years = int(form)
    if years >= TOP_AGE:
        return f"[aged {TOP_AGE} or over]"
    if years < _ADULT_BAND_FROM:
        return f"[aged under {_ADULT_BAND_FROM}]"
    low = years // _BAND * _BAND
    return f"[aged {low} to {low + _BAND - 1}]"


def _birth(text: str, this_year: int) -> str:
    iso = _ISO.fullmatch(_iso(text) or _form(text, _DAYS, f"born on {text}"))
    if iso is None:
        return ""
    year, oldest = int(iso[1]), this_year - TOP_AGE
    if this_year and year <= oldest:
        return f"[date in {oldest} or before]"
    return f"[date in the {year // 10 * 10}s]"


def _dates(text: str, events: tuple[Event, ...]) -> list[tuple[Dates, str]]:
    form = _iso(text)
    day = _DAY.fullmatch(form)
    if day is not None:
        return [(Dates.DECADE, f"[day in {_MONTHS[int(day[1]) - 1]}]")]
    iso = _ISO.fullmatch(form)
    if iso is None:
        return []
    year, month = int(iso[1]), int(iso[2] or 0)
    found = [(Dates.DISTANCE, _distance(year, month, event)) for event in events]
    if iso[3]:  # a month is no broader than what names no day
        found.append((Dates.MONTH, f"[{_MONTHS[month - 1]} {year}]"))
    if month:
        found.append((Dates.YEAR, f"[{year}]"))
    return [*found, (Dates.DECADE, f"[the {year // 10 * 10}s]")]


def _distance(year: int, month: int, event: Event) -> str:
    exact = bool(month and event.month)
    months = 12 * (year - event.year) + (month - event.month if exact else 0)
    if abs(months) < _CLOSE:
        return f"[around the time of {event.name}]"
    count = abs(months) if abs(months) < 12 else round(abs(months) / 12)  # noqa: PLR2004 - a year
    unit = "month" if abs(months) < 12 else "year"  # noqa: PLR2004 - a year
    side = "after" if months > 0 else "before"
    return f"[about {count} {unit}{'' if count == 1 else 's'} {side} {event.name}]"


def _iso(text: str) -> str:
    return _form(text, _DAYS, text) or _form(text, _DAYS, f"in {text}")


def _form(words: str, kinds: frozenset[Category], text: str) -> str:
    """Read the normal form of a number as it was said, from the grammar that found it."""
    found = [p for p in numbers.proposals(cut(text)) if p.category in kinds and p.form]
    best = max(found, key=lambda p: p.length, default=None)
    return best.form if best is not None and 2 * best.length >= len(words) else ""


@cache
def _places() -> dict[str, str]:
    return {fold(name): what for what, names in lists.shipped("places").items() for name in names}


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind, words in lists.shipped("kinds").items() for word in words}


def _article(words: str) -> str:
    return "an" if words[:1] in "aeiou" else "a"
