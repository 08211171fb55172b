"""How open an archive may keep a deposit: what each set of answers allows, as one table.

Nobody is asked about levels: they follow from what a consent record holds, and where a record says
less, the level is stricter. ``study.store.consent_checks`` asks for everybody who was heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from study.consent import (
    CapacityState,
    ConsentAnswer,
    ConsentBasis,
    ConsentPurpose,
    ConsentRecord,
)


class AccessLevel(StrEnum):
    """Who an archive gives a deposit to, the most open level first. The value is what is typed."""

    OPEN = "open"
    SAFEGUARDED = "safeguarded"
    CONTROLLED = "controlled"


ACCESS_MEANINGS: Final[Mapping[AccessLevel, str]] = MappingProxyType({
    AccessLevel.OPEN: "anybody may have it",
    AccessLevel.SAFEGUARDED: "whoever registers with the archive and accepts its terms",
    AccessLevel.CONTROLLED: "researchers whom the archive approves, where it controls the use",
})  # fmt: skip
"""Who may have a deposit of each level, in words for whoever receives it."""


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What one set of answers allows at most; an empty set leaves that part of a record open."""

    level: AccessLevel
    bases: frozenset[ConsentBasis] = frozenset()
    archive: frozenset[ConsentAnswer] = frozenset()
    quotes: frozenset[ConsentAnswer] = frozenset()
    sound: frozenset[ConsentAnswer] = frozenset()

    def fits(self, record: ConsentRecord) -> bool:
        """Whether a record holds these answers."""
        parts = (
            (self.bases, record.basis),
            (self.archive, record.read_answer(ConsentPurpose.ARCHIVE)),
            (self.quotes, record.read_answer(ConsentPurpose.QUOTES)),
            (self.sound, record.read_answer(ConsentPurpose.SOUND_HAND_OVER)),
        )
        return all(not wanted or part in wanted for wanted, part in parts)


_OWN, _YES = frozenset({ConsentBasis.OWN}), frozenset({ConsentAnswer.YES})

ACCESS_RULES: Final[tuple[AccessRule, ...]] = (
    AccessRule(AccessLevel.OPEN, bases=_OWN, archive=_YES, quotes=_YES),
    AccessRule(AccessLevel.SAFEGUARDED, bases=_OWN, archive=_YES),  # open text can be quoted
    # A consultee, a guardian or anybody else agreed for them; or nobody was asked about an archive.
    AccessRule(AccessLevel.CONTROLLED),
)
"""The first rule that fits a record counts. Where archives were refused, nothing is deposited."""

SOUND_ACCESS_RULES: Final[tuple[AccessRule, ...]] = (
    # A voice is known again by whoever hears it, so nobody is asked for more than "others".
    AccessRule(AccessLevel.SAFEGUARDED, bases=_OWN, archive=_YES, sound=_YES),
    AccessRule(AccessLevel.CONTROLLED),
)
"""The same for sound. Where sound was refused, none is handed over."""


def find_highest_access(record: ConsentRecord | None, *, has_sound: bool = False) -> AccessLevel:
    """Return the most open level that a participant's newest record allows, None for no record.

    has_sound: whether their voice is part of the deposit, which is as open as its strictest part.
    """
    if record is None or record.capacity is not CapacityState.HAS_CAPACITY:
        return AccessLevel.CONTROLLED
    tables = (ACCESS_RULES, SOUND_ACCESS_RULES) if has_sound else (ACCESS_RULES,)
    fitting = (next(rule.level for rule in rules if rule.fits(record)) for rules in tables)
    return find_strictest(fitting)


def is_more_open(one: AccessLevel, other: AccessLevel) -> bool:
    """Whether a level lets more people in than another."""
    return _STRICTNESS[one] < _STRICTNESS[other]


def find_strictest(levels: Iterable[AccessLevel]) -> AccessLevel:
    """Return the strictest of some levels; of none, the strictest that there is."""
    return max(levels, key=_STRICTNESS.__getitem__, default=AccessLevel.CONTROLLED)


_STRICTNESS = {level: number for number, level in enumerate(AccessLevel)}
