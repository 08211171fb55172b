"""Other forms of a name: short forms, what a title leaves of it, words joined, what is cut off.

"Mags" is Margaret, "doctor p" is Dr Patel, "parkview" is Park View and "Forth Valley" is the
hospital of that name. The lists stand in ``gate_words.txt``. Nothing here reads a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from models import is_ordinary_word, look_up_word
from study import fold_name, load_list_sections

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_LEAST_JOINED = 7  # letters of two words or more that may be written as one
_MOST_WORDS = 3  # that are written as one
_SHORTEST_PREFIX = 2  # words that still say which hospital
_FEW = 2  # a form of more names than these says little of any
_TITLES = {
    "dr": "doctor", "doc": "doctor", "mister": "mr", "missus": "mrs", "missis": "mrs",
    "prof": "professor", "aunty": "aunt", "auntie": "aunt", "rev": "reverend",
}  # fmt: skip
TITLES = frozenset({
    *_TITLES, "doctor", "mr", "mrs", "miss", "ms", "professor", "sister", "nurse", "matron", "aunt",
    "uncle", "father", "reverend",
})  # fmt: skip
_GIVEN = 0.25  # from here on somebody is called so, by the bundled table


@cache
def load_gate_section(name: str) -> tuple[str, ...]:
    """Return the entries of a section of the gate's own words."""
    return load_list_sections("handoff", "gate_words")[name]


@cache
def _load_groups() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the lines of short forms in which each name stands."""
    groups: dict[str, list[tuple[str, ...]]] = {}
    for line in load_gate_section("short forms"):
        names = tuple(line.split())
        for name in names:
            groups.setdefault(name, []).append(names)
    return {name: tuple(lines) for name, lines in groups.items()}


def list_short_forms(name: str) -> frozenset[str]:
    """Return how somebody of this folded given name may be called as well, folded."""
    groups = _load_groups().get(name, ())
    own = [group for group in groups if group[0] == name]
    found = {form for group in own for form in group}
    others = [group for group in groups if group[0] != name]
    if len(others) == 1:
        found.update(others[0])
    elif len(others) <= _FEW:
        found.update(group[0] for group in others)
    return frozenset(found) - {name}


def is_another_name(word: str, name: str) -> bool:
    """Whether two folded given names are those of two people, however alike: "john", "joan"."""
    if word == name or word in list_short_forms(name) or name in list_short_forms(word):
        return False
    groups = _load_groups()
    is_known = word in groups and name in groups
    return is_known and min(look_up_word(word).given, look_up_word(name).given) >= _GIVEN


def plain_title(word: str) -> str:
    """Return the one spelling of a folded title: "doctor" of "dr"; other words as they are."""
    return _TITLES.get(word, word)


def list_initials(name: str) -> Iterator[tuple[str, str]]:
    """Yield what may stand before the initial of a person's surname, and the initial, folded.

    That is the title of the name, any title where the name has none and two words, and the given
    name: "doctor p", "jean r".
    """
    words = [fold_name(word) for word in _WORD.findall(name)]
    if len(words) < 2 or not words[-1]:  # noqa: PLR2004 - a surname and more
        return
    first, initial = plain_title(words[0]), words[-1][0]
    if first in TITLES:
        yield first, initial
        if len(words) > 2:  # noqa: PLR2004 - a title and two names
            yield words[1], initial
        return
    yield first, initial
    for title in TITLES - _TITLES.keys():
        yield title, initial


def join_words(name: str) -> Iterator[str]:
    """Yield a name of two or three words written as one, without a title, folded."""
    words = [fold_name(word) for word in _WORD.findall(name)]
    if words and words[0] in TITLES:
        return
    if 1 < len(words) <= _MOST_WORDS and len(joined := "".join(words)) >= _LEAST_JOINED:
        yield joined


def list_beginnings(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the beginnings of a long name that still say which it is: "forth valley".

    words: of a place or an organisation, folded.
    """
    generic = frozenset(load_gate_section("institutions"))
    for length in range(_SHORTEST_PREFIX, len(words)):
        if words[length - 1] not in generic and not set(words[:length]) <= generic:
            yield tuple(words[:length])
    # "St Columba's", of a church; a possessive is a word of its own here.


def list_own_parts(words: list[str]) -> Iterator[str]:
    """Yield the first word of "Stow on the Wold", which is a town for short though it is a word."""
    if len(words) > 2 and words[1] in {"on", "upon", "in", "le", "by", "under"}:  # noqa: PLR2004 - and one more
        yield words[0]


def list_streets(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the street of an address, without its number and what follows a number."""
    street = [word for word in words if not word[:1].isdecimal()]
    if len(street) > 1 and street[0] != "the" and len(street) < len(words):
        yield tuple(street)


def are_ordinary(words: Iterable[str]) -> bool:
    """Whether these folded words are all ordinary ones; a single letter is."""
    return all(len(word) == 1 or is_ordinary_word(word) for word in words)
