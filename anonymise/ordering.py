"""What to decide first: what could name somebody, and what settles most.

Mentions that one decision can settle stand together. Undecided groups come before decided ones,
what names a person alone before what does so only together with more, what was surely found
before what is a question, many before few; then as they were said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from study.decided import Decided
from study.terms import Category


@dataclass(frozen=True, slots=True)
class Group:
    """All mentions of one interview for which the same replacement was proposed."""

    category: Category
    replacement: str
    mentions: tuple[Decided, ...]

    @property
    def undecided(self) -> int:
        """How many of them wait for a person."""
        return sum(one.decision is None for one in self.mentions)

    @property
    def first(self) -> Decided:
        """The one to look at: the first that is undecided, else the first of all."""
        return next((one for one in self.mentions if one.decision is None), self.mentions[0])


def groups(mentions: Iterable[Decided]) -> list[Group]:
    """Return mentions that belong together, what matters most first."""
    together: dict[tuple[Category, str], list[Decided]] = {}
    for one in mentions:
        key = one.mention.category, one.mention.replacement
        together.setdefault(key, []).append(one)
    made = [Group(*key, tuple(found)) for key, found in together.items()]
    return sorted(made, key=_weight)  # stable: otherwise in the order of the interview


def first_things_first(mentions: Iterable[Decided]) -> list[Decided]:
    """Return mentions by what matters most; within a group as they were said."""
    return [one for group in groups(mentions) for one in group.mentions]


def _weight(group: Group) -> tuple[bool, bool, bool, int]:
    is_likely = any(one.mention.is_likely for one in group.mentions)
    return (
        not group.undecided,
        not group.first.mention.is_direct,
        not is_likely,
        -(group.undecided or len(group.mentions)),
    )
