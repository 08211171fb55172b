"""What a rule or a trained model finds: a stretch of a turn that may identify somebody."""

from __future__ import annotations

from dataclasses import dataclass

from anonymise.pieces import Pieces
from study.terms import LIKELY, Category

NAMES = frozenset({Category.PERSON, Category.PLACE, Category.ORGANISATION})


@dataclass(frozen=True, slots=True)
class Proposal:
    """One find: characters ``start`` to ``end`` of a turn, ``score`` 0 to 1.

    ``form`` is what it says in one normal writing (digits of a phone number, a date as
    1951-03-14, the register's spelling of a misheard name); "" stands for the words themselves.
    ``trained`` tells that a trained model found it, whichever one.
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
        """Whether it counts as found before anybody looked."""
        return self.score >= LIKELY

    def overlaps(self, other: Proposal) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Find:
    """What a rule found: the pieces ``first`` to ``last`` (exclusive)."""

    first: int
    last: int
    category: Category
    score: float
    form: str = ""

    def as_proposal(self, pieces: Pieces, source: str) -> Proposal:
        """Say the same in characters, a final possessive left out."""
        return Proposal(
            pieces[self.first].start, pieces[self.last - 1].bare_end,
            self.category, source, self.score, self.form,
        )  # fmt: skip
