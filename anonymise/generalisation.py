"""Put broader words in the place of exact ones: an age band, a year, a kind of place or firm.

Nothing is deleted: an analysis still learns what it needs, a neighbour learns no more who it is.
Every broader expression is in [brackets].
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from anonymise.numbers import propose_number_details
from anonymise.pieces import cut_into_pieces, strip_possessive
from anonymise.shipped_lists import load_shipped_list
from study import MONTH_NAMES, Category, DateDetail, fold_name

TOP_AGE = 90  # one band from here on: so few people live so long that an exact age names them
_BAND = 10  # years
_ADULT_BAND_FROM = 10
_CLOSE = 2  # months within which something was "around the time" of an event
_AGES = frozenset({Category.AGE, Category.HIGH_AGE})
_DAYS = frozenset({Category.DATE, Category.DATE_OF_BIRTH})
BROADENED_CATEGORIES = _AGES | _DAYS
_FINEST_FIRST = (DateDetail.DISTANCE, DateDetail.MONTH, DateDetail.YEAR, DateDetail.DECADE)
_ISO = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_DAY = re.compile(r"--(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """An event that dates are counted from: "the diagnosis", 2019-11; ``month`` 0 if unknown."""

    name: str
    year: int
    month: int = 0


@dataclass(frozen=True, slots=True)
class GeneralisationPolicy:
    """How a study generalises; ``this_year`` is the current year, for the oldest dates of birth.

    births: dates of birth that an interview tells, as 1931-03-14, 1931-03 or 1931. A date that is
    one of them, or a part of it, becomes no more than they do.
    """

    dates: DateDetail = DateDetail.YEAR
    this_year: int = 0
    events: tuple[DatedEvent, ...] = ()
    births: tuple[str, ...] = ()


def read_births(details: Iterable[tuple[Category, str]]) -> tuple[str, ...]:
    """Return the dates of birth among details, each a category and its words, as 1931-03-14."""
    dates = {_read_birth(text) for kind, text in details if kind is Category.DATE_OF_BIRTH}
    return tuple(sorted(date for date in dates if _ISO.fullmatch(date)))


def propose_generalisation(category: Category, text: str, policy: GeneralisationPolicy) -> str:
    """Return the broader words of the study's policy for an age or a date; "" where it has none."""
    born = _find_birth(text, policy.births) if category is Category.DATE else ""
    if born:
        return _generalise_birth(born, policy.this_year)
    found = _list_choices(category, text, policy)
    if category is Category.DATE:
        wanted = policy.dates
        if wanted is DateDetail.DISTANCE and not policy.events:
            wanted = DateDetail.YEAR
        found = [c for c in found if _FINEST_FIRST.index(c[0]) >= _FINEST_FIRST.index(wanted)]
    return found[0][1] if found else ""


def list_generalisations(category: Category, text: str, policy: GeneralisationPolicy) -> list[str]:
    """Return all broader words for a detail, the most exact first."""
    if category in {Category.PLACE, Category.ORGANISATION}:
        kind = describe_kind(category, text)
        return [f"[{_choose_article(kind)} {kind}]"] if kind else []
    return [words for _, words in _list_choices(category, text, policy)]


def describe_kind(category: Category, text: str) -> str:
    """Return the kind of a place or an organisation, "" where it is not known.

    "Skipton" gives "town in northern England", "Green Hill Coaches" gives "bus company".
    """
    name = fold_name(strip_possessive(text.strip())).removeprefix("the ")
    if category is Category.PLACE:
        return _shorten_kind(name, _load_places().get(name, ""))
    if category is Category.ORGANISATION:
        words = [p.lowered for p in cut_into_pieces(name) if p.is_word]
        return next((_load_kinds()[w] for w in reversed(words) if w in _load_kinds()), "")
    return ""


def parse_dated_event(name: str, date: str) -> DatedEvent | None:
    """Return an event from its name and a date in words or digits; None where that is no date."""
    iso = _ISO.fullmatch(_read_iso_date(date))
    return DatedEvent(name, int(iso[1]), int(iso[2] or 0)) if iso else None


def _shorten_kind(name: str, kind: str) -> str:
    """Shorten a kind until it holds no word of the name: London is a "city"."""
    words = set(name.split())
    if not words & set(fold_name(kind).split()):
        return kind
    short = kind.partition(" in ")[0]
    return "" if words & set(fold_name(short).split()) else short


def _list_choices(
    category: Category, text: str, policy: GeneralisationPolicy
) -> list[tuple[DateDetail, str]]:
    if category in _AGES:
        band = _generalise_age(text)
        return [(DateDetail.YEAR, band)] if band else []
    if category is Category.DATE_OF_BIRTH:
        decade = _generalise_birth(text, policy.this_year)
        return [(DateDetail.DECADE, decade)] if decade else []
    if category is not Category.DATE:
        return []
    return _generalise_date(text, policy.events)


def _generalise_age(text: str) -> str:
    form = _read_form(text, _AGES, f"she is {text}") or text.strip()
    if not form.isdecimal() or len(form) > 3:  # noqa: PLR2004 - 122 is the oldest ever
        return ""
    years = int(form)
    if years >= TOP_AGE:
        return f"[aged {TOP_AGE} or over]"
    if years < _ADULT_BAND_FROM:
        return f"[aged under {_ADULT_BAND_FROM}]"
    low = years // _BAND * _BAND
    return f"[aged {low} to {low + _BAND - 1}]"


def _find_birth(text: str, births: tuple[str, ...]) -> str:
    """Return the date of birth of which a date tells the year or the day, "" for none."""
    form = _read_iso_date(text) if births else ""
    day, year = form.removeprefix("--"), form[:4]
    is_day = form.startswith("--")
    return next((b for b in births if form and (b[5:] == day if is_day else b[:4] == year)), "")


def _read_birth(text: str) -> str:
    return _read_iso_date(text) or _read_form(text, _DAYS, f"born on {text}")


def _generalise_birth(text: str, this_year: int) -> str:
    iso = _ISO.fullmatch(text) or _ISO.fullmatch(_read_birth(text))
    if iso is None:
        return ""
    year, oldest = int(iso[1]), this_year - TOP_AGE
    if this_year and year <= oldest:
        return f"[date in {oldest} or before]"
    return f"[date in the {year // 10 * 10}s]"


def _generalise_date(text: str, events: tuple[DatedEvent, ...]) -> list[tuple[DateDetail, str]]:
    form = _read_iso_date(text)
    day = _DAY.fullmatch(form)
    if day is not None:
        return [(DateDetail.DECADE, f"[day in {MONTH_NAMES[int(day[1]) - 1]}]")]
    iso = _ISO.fullmatch(form)
    if iso is None:
        return []
    year, month = int(iso[1]), int(iso[2] or 0)
    found = [(DateDetail.DISTANCE, _format_distance(year, month, event)) for event in events]
    if iso[3]:  # a month is no broader than what names no day
        found.append((DateDetail.MONTH, f"[{MONTH_NAMES[month - 1]} {year}]"))
    if month:
        found.append((DateDetail.YEAR, f"[{year}]"))
    return [*found, (DateDetail.DECADE, f"[the {year // 10 * 10}s]")]


def _format_distance(year: int, month: int, event: DatedEvent) -> str:
    exact = bool(month and event.month)
    months = 12 * (year - event.year) + (month - event.month if exact else 0)
    if abs(months) < _CLOSE:
        return f"[around the time of {event.name}]"
    count = abs(months) if abs(months) < 12 else round(abs(months) / 12)  # noqa: PLR2004 - a year
    unit = "month" if abs(months) < 12 else "year"  # noqa: PLR2004 - a year
    side = "after" if months > 0 else "before"
    return f"[about {count} {unit}{'' if count == 1 else 's'} {side} {event.name}]"


def _read_iso_date(text: str) -> str:
    return _read_form(text, _DAYS, text) or _read_form(text, _DAYS, f"in {text}")


def _read_form(words: str, kinds: frozenset[Category], text: str) -> str:
    """Return the normal form of spoken words, from the rules for numbers; "" where none fits."""
    found = [
        p for p in propose_number_details(cut_into_pieces(text)) if p.category in kinds and p.form
    ]
    best = max(found, key=lambda p: p.length, default=None)
    return best.form if best is not None and 2 * best.length >= len(words) else ""


@cache
def load_kind_words() -> frozenset[str]:
    """Return the words that only say what kind of site a name is: "hospital", "home", "care"."""
    kinds = load_shipped_list("kinds")
    named = {word for kind in kinds for word in kind.split()}
    return frozenset(named.union(_QUALIFIERS, *kinds.values()))


# What stands before a kind: "nursing home", "day centre", "primary school".
_QUALIFIERS = frozenset({
    "day", "nursing", "residential", "rest", "retirement", "medical", "health", "primary",
    "junior", "infant", "infants", "secondary", "grammar", "comprehensive",
})  # fmt: skip


@cache
def _load_places() -> dict[str, str]:
    return {
        fold_name(name): what
        for what, names in load_shipped_list("places").items()
        for name in names
    }


@cache
def _load_kinds() -> dict[str, str]:
    return {word: kind for kind, words in load_shipped_list("kinds").items() for word in words}


def _choose_article(words: str) -> str:
    return "an" if words[:1] in "aeiou" else "a"
