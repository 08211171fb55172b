"""Sort mentions by what a person should decide first.

Mentions that one decision can settle stand together, and undecided groups come before decided
ones. The order is by what a decision is worth: how many details it is expected to settle, a direct
one counting as much as three indirect ones; then in the order of the interview.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from study import Category, DecidedMention

_DIRECT_WORTH = 3.0  # one direct detail names a person alone; of indirect ones three do, together


@dataclass(frozen=True, slots=True)
class MentionGroup:
    """All mentions of one interview with the same proposed replacement."""

    category: Category
    replacement: str
    mentions: tuple[DecidedMention, ...]

    @property
    def undecided(self) -> int:
        """How many of them nobody has decided."""
        return sum(one.decision is None for one in self.mentions)

    @property
    def first(self) -> DecidedMention:
        """The mention to show: the first undecided one, else the first of all."""
        return next((one for one in self.mentions if one.decision is None), self.mentions[0])


def group_mentions(mentions: Iterable[DecidedMention]) -> list[MentionGroup]:
    """Return mentions grouped by proposed replacement, the most important group first."""
    together: dict[tuple[Category, str], list[DecidedMention]] = {}
    for one in mentions:
        key = one.mention.category, one.mention.replacement
        together.setdefault(key, []).append(one)
    made = [MentionGroup(*key, tuple(found)) for key, found in together.items()]
    return sorted(made, key=_weight)  # stable: otherwise in the order of the interview


def order_mentions(mentions: Iterable[DecidedMention]) -> list[DecidedMention]:
    """Return mentions in the order of their groups; within a group in that of the interview."""
    return [one for group in group_mentions(mentions) for one in group.mentions]


def _weight(group: MentionGroup) -> tuple[bool, float]:
    return not group.undecided, -measure_worth(group)


def measure_worth(group: MentionGroup) -> float:
    """Return how many details a decision about a group is expected to settle, direct ones thrice.

    A mention is expected to be a detail as likely as its score says.
    """
    undecided = [d for d in group.mentions if d.decision is None] or group.mentions
    expected = sum(d.mention.score for d in undecided)
    return expected * (_DIRECT_WORTH if group.first.mention.is_direct else 1.0)
