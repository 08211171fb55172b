"""The rules of each language, and the rank of each way of finding.

A rule takes a turn and yields finds. It can be switched off by its name, which stands in the log
beside each find. Another language is another entry in ``RULES_BY_LANGUAGE``; without rules, the
register and trained models still look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from anonymise.context.bent_names import find_bent_names
from anonymise.context.indirect_details import (
    find_backgrounds,
    find_faiths,
    find_feats,
    find_public_events,
)
from anonymise.context.named_sites import find_awards_and_cohorts, find_named_sites
from anonymise.context.occupations import find_occupations
from anonymise.context.papers_and_works import find_offices, find_papers_and_works
from anonymise.context.people import (
    find_familiar_names,
    find_introduced_people,
    find_names_that_are_words,
    find_owners,
    find_relatives,
    find_titled_people,
)
from anonymise.context.places_and_services import find_places, find_services, find_towns
from anonymise.context.torn_towns import find_torn_towns
from anonymise.context.turn_context import TurnContext
from anonymise.context.unexplained_capitals import find_unexplained_capitals
from anonymise.numbers import NUMBER_RULES
from anonymise.numbers.bent_numbers import find_bent_numbers
from anonymise.pieces import Pieces
from anonymise.proposals import RuleFind

REGISTER_SOURCE, REPEAT_SOURCE, NAMES_SOURCE = "register", "again", "names"
CAPITALS_SOURCE = "capitals"
TORN_SOURCE, BENT_SOURCE = "torn surnames", "bent names"
DOUBTED_SOURCE = "doubted words"


@dataclass(frozen=True, slots=True)
class FindingRule:
    """A rule, the name that its finds carry, and its rank.

    Of two overlapping finds of one length, the one of the lower rank stands.
    """

    name: str
    rank: int
    find: Callable[[TurnContext], Iterator[RuleFind]]


def _take_pieces(
    find: Callable[[Pieces], Iterator[RuleFind]],
) -> Callable[[TurnContext], Iterator[RuleFind]]:
    return lambda turn: find(turn.pieces)


_ENGLISH = (
    *(FindingRule(name, 1, _take_pieces(find)) for name, find in NUMBER_RULES.items()),
    FindingRule("bent numbers", 6, find_bent_numbers),
    FindingRule("titles", 2, find_titled_people),
    FindingRule("introductions", 2, find_introduced_people),
    FindingRule("relations", 2, find_relatives),
    FindingRule("familiar names", 3, find_familiar_names),
    FindingRule("owners", 3, find_owners),
    FindingRule("names that are words", 3, find_names_that_are_words),
    FindingRule("services", 2, find_services),
    FindingRule("named sites", 2, find_named_sites),
    FindingRule("papers and works", 3, find_papers_and_works),
    FindingRule("offices", 3, find_offices),
    FindingRule("awards", 3, find_awards_and_cohorts),
    FindingRule("places", 3, find_places),
    FindingRule("towns", 3, find_towns),
    FindingRule("occupations", 6, find_occupations),
    FindingRule("backgrounds", 6, find_backgrounds),
    FindingRule("religions", 6, find_faiths),
    FindingRule("events", 6, find_public_events),
    FindingRule("feats", 6, find_feats),
    FindingRule("torn towns", 6, find_torn_towns),
    FindingRule(BENT_SOURCE, 6, find_bent_names),
    FindingRule(CAPITALS_SOURCE, 7, find_unexplained_capitals),
)
RULES_BY_LANGUAGE: Mapping[str, tuple[FindingRule, ...]] = {"en": _ENGLISH}
_TRAINED_RANK = 4
_RANKS = {rule.name: rule.rank for rules in RULES_BY_LANGUAGE.values() for rule in rules} | {
    REGISTER_SOURCE: 0, TORN_SOURCE: 3, REPEAT_SOURCE: 5, DOUBTED_SOURCE: 8,
}  # fmt: skip


def is_rule_source(source: str) -> bool:
    """Whether a source is one of Earshot's own ways of finding, not a trained model."""
    return source in _RANKS


def rank_source(source: str) -> int:
    """Return the rank of a source: between finds of one length the lowest stands."""
    return _RANKS.get(source, _TRAINED_RANK)
