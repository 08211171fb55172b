"""Proposals: stretches of a turn that a rule or a trained model takes for identifying details."""

from __future__ import annotations

from dataclasses import dataclass

from anonymise.pieces import Pieces
from study import LIKELY_SCORE, Category

NAME_CATEGORIES = frozenset({Category.PERSON, Category.PLACE, Category.ORGANISATION})


@dataclass(frozen=True, slots=True)
class Proposal:
    """One find: characters ``start`` to ``end`` of a turn, ``score`` 0.0 to 1.0.

    form: its normal form (digits of a phone number, a date as 1951-03-14, the register's spelling
        of a misheard name); "" where that is the words themselves.
    trained: whether a trained model found it.
    """

    start: int
    end: int
    category: Category
    source: str
    score: float
    form: str = ""
    trained: bool = False

    @property
    def length(self) -> int:
        """How many characters it covers."""
        return self.end - self.start

    @property
    def is_likely(self) -> bool:
        """Whether it counts as found, not as a question to a person."""
        return self.score >= LIKELY_SCORE

    def overlaps(self, other: Proposal) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class RuleFind:
    """The find of a rule: the pieces ``first`` to ``last`` (exclusive)."""

    first: int
    last: int
    category: Category
    score: float
    form: str = ""

    def to_proposal(self, pieces: Pieces, source: str) -> Proposal:
        """Return the same find in characters, without a final possessive."""
        return Proposal(
            pieces[self.first].start, pieces[self.last - 1].bare_end,
            self.category, source, self.score, self.form,
        )  # fmt: skip
