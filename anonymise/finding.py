"""The rules of each language, and how early each way of finding is believed.

A rule takes a turn and yields finds. Its name can be switched off, and stands in the log beside
each find. Another language is another tuple in ``RULES``; what it has no rules for is still
searched for known names and by trained models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from anonymise import numbers
from anonymise.context import people, sites, traits
from anonymise.context.turn import Turn
from anonymise.pieces import Pieces
from anonymise.proposals import Find

REGISTER, AGAIN, NAMES = "register", "again", "names"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, the name that its finds carry, and its rank.

    Of two finds of one length, that of the lower rank stands.
    """

    name: str
    rank: int
    find: Callable[[Turn], Iterator[Find]]


def _of_pieces(find: Callable[[Pieces], Iterator[Find]]) -> Callable[[Turn], Iterator[Find]]:
    return lambda turn: find(turn.pieces)


_ENGLISH = (
    *(Rule(name, 1, _of_pieces(find)) for name, find in numbers.EVERY.items()),
    Rule("titles", 2, people.titled),
    Rule("introductions", 2, people.introduced),
    Rule("relations", 2, people.related),
    Rule("familiar names", 3, people.ours),
    Rule("owners", 3, people.possessed),
    Rule("services", 2, sites.services),
    Rule("places", 3, sites.places),
    Rule("towns", 3, sites.towns),
    Rule("occupations", 6, traits.occupations),
    Rule("backgrounds", 6, traits.backgrounds),
    Rule("religions", 6, traits.faiths),
    Rule("events", 6, traits.events),
)
RULES: Mapping[str, tuple[Rule, ...]] = {"en": _ENGLISH}
_TRAINED = 4  # a model of whatever name
_RANKS = {rule.name: rule.rank for rules in RULES.values() for rule in rules} | {
    REGISTER: 0, AGAIN: 5,
}  # fmt: skip


def is_rule(source: str) -> bool:
    """Whether what carries this name was found by Earshot's own rules, by no trained model."""
    return source in _RANKS


def rank(source: str) -> int:
    """Return how early a source's finds are believed, 0 first."""
    return _RANKS.get(source, _TRAINED)
