"""Every way of finding by rules, by name: what a pipeline is put together from, per language.

A rule takes a turn and yields finds. Its name is the spaCy component's, can be switched off, and
stands in the log beside each find. Another language is another tuple in ``RULES``; what it has
no rules for is still searched for known names and by trained models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from anonymise import numbers
from anonymise.context import people, sites, traits
from anonymise.context.turn import Turn
from anonymise.pieces import Pieces
from anonymise.proposals import Find

Rule = Callable[[Turn], Iterator[Find]]
REGISTER, AGAIN, NAMES = "register", "again", "names"


@dataclass(frozen=True, slots=True)
class Way:
    """One rule and its rank: of two finds of one length, the lower rank stands."""

    find: Rule
    rank: int


def _of_pieces(find: Callable[[Pieces], Iterator[Find]]) -> Rule:
    return lambda turn: find(turn.pieces)


_ENGLISH: Mapping[str, Way] = {
    **{name: Way(_of_pieces(find), 1) for name, find in numbers.EVERY.items()},
    "titles": Way(people.titled, 2),
    "introductions": Way(people.introduced, 2),
    "relations": Way(people.related, 2),
    "familiar names": Way(people.ours, 3),
    "owners": Way(people.possessed, 3),
    "services": Way(sites.services, 2),
    "places": Way(sites.places, 3),
    "towns": Way(sites.towns, 3),
    "occupations": Way(traits.occupations, 6),
    "backgrounds": Way(traits.backgrounds, 6),
    "religions": Way(traits.faiths, 6),
    "events": Way(traits.events, 6),
}
RULES: Mapping[str, Mapping[str, Way]] = {"en": _ENGLISH}
_TRAINED = 4  # a model of whatever name
_RANKS = {name: way.rank for ways in RULES.values() for name, way in ways.items()} | {
    REGISTER: 0, AGAIN: 5,
}  # fmt: skip


def is_rule(source: str) -> bool:
    """Whether what carries this name was found by Earshot's own rules, by no trained model."""
    return source in _RANKS


def rank(source: str) -> int:
    """Return how early a source's finds are believed, 0 first."""
    return _RANKS.get(source, _TRAINED)
