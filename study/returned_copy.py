"""A participant's copy that came back: every part of it, and what a person ruled about each.

A part is whatever in the document is not of the copy that was sent: a row of its table, a comment,
words typed into the talk, a ticked box. Its standing says how sure the reading is. Nothing of it is
entered before a person ruled about every part, whatever its standing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class ReturnedStanding(StrEnum):
    """How a part of a returned copy was read; the values are the words people see."""

    READ = "read"  # it says which line, and what it should say
    ASKED = "asked"  # it may be meant so, or only the line is known
    UNCLEAR = "not understood"  # a person reads it, and says what it means


@dataclass(frozen=True, slots=True)
class ReturnedChange:
    """The new text of a turn; "" removes the turn. line: its number on the copy.

    A text holds replacements as the copy did; their originals are put back when it is entered.
    """

    turn: int
    line: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReturnedPart:
    """One part of a returned copy. words: the participant's own.

    where, kind: its place and what it is, in our own words; they may be logged, ``words`` may not.
    changes: what it would change, () where nobody can tell. approves: it says that the talk is
    right as it is. line: the line of the copy that it is about, 0 where it names none.
    """

    where: str
    kind: str
    standing: ReturnedStanding
    words: str = field(default="", repr=False)
    changes: tuple[ReturnedChange, ...] = ()
    approves: bool = False
    line: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether a person can take it as it was read."""
        return bool(self.changes) or self.approves


@dataclass(frozen=True, slots=True)
class ReturnedCopy:
    """A copy that came back. received_on: the day, as YYYY-MM-DD.

    turns: the key of the turn of each line of the copy, from line 1 on. clean_version: of the clean
    transcript that the copy was made of.
    """

    received_on: str
    clean_version: int
    turns: tuple[int, ...]
    parts: tuple[ReturnedPart, ...]


@dataclass(frozen=True, slots=True)
class ReturnedRuling:
    """What a person ruled about a part; the newest about a part counts.

    part: its number, from 1; 0 in the ruling that ends the list, when all was entered. changes:
    what is to be entered for it, () for nothing. approves: the participant agreed to the talk.
    discards: it ends the list, and nothing of it was entered.
    """

    part: int
    by: int
    at: str
    changes: tuple[ReturnedChange, ...] = ()
    approves: bool = False
    discards: bool = False

    @property
    def is_end(self) -> bool:
        """Whether it ends the list."""
        return not self.part


@dataclass(frozen=True, slots=True)
class ReturnedList:
    """A returned copy with the rulings about it. version: of the copy in the study."""

    version: int
    copy: ReturnedCopy
    rulings: dict[int, ReturnedRuling]
    is_entered: bool = False
    is_discarded: bool = False

    @property
    def open_parts(self) -> tuple[int, ...]:
        """The numbers of the parts without a ruling."""
        every = range(1, len(self.copy.parts) + 1)
        return tuple(number for number in every if number not in self.rulings)

    @property
    def changes(self) -> tuple[ReturnedChange, ...]:
        """What is to be entered, in the order of the parts."""
        return tuple(
            change for number in sorted(self.rulings) for change in self.rulings[number].changes
        )

    @property
    def is_approved(self) -> bool:
        """Whether a person took a part as the participant's agreement."""
        return any(ruling.approves for ruling in self.rulings.values())


def collect_rulings(
    version: int, copy: ReturnedCopy, entries: Iterable[ReturnedRuling]
) -> ReturnedList:
    """Return the list with the newest ruling about each part."""
    every = list(entries)
    rulings = {one.part: one for one in every if not one.is_end}
    is_discarded = any(one.is_end and one.discards for one in every)
    is_entered = any(one.is_end and not one.discards for one in every)
    return ReturnedList(version, copy, rulings, is_entered, is_discarded)


def find_repeated_lines(parts: Sequence[ReturnedPart]) -> frozenset[int]:
    """Return the keys of turns that more than one part would change."""
    seen: set[int] = set()
    twice: set[int] = set()
    for part in parts:
        turns = {change.turn for change in part.changes}
        twice |= turns & seen
        seen |= turns
    return frozenset(twice)
