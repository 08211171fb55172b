"""One turn as the rules of context see it: which of its words may be a name, and how surely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from anonymise import lists, vocabulary
from anonymise.keep import KeepList
from anonymise.pieces import Pieces, Spoken, low_at, touches

TITLES = lists.words("people", "titles")
_MOST_WORDS = 3
_SHORTEST = 3  # letters of a word that no list knows
SURE, NAMED, WEAK = 1.0, 0.8, 0.5  # of ``nameness``


@dataclass(frozen=True, slots=True)
class Turn:
    """The pieces of a turn, the keep-list, and whether it has capitals at all."""

    spoken: Spoken
    keep: KeepList

    @property
    def pieces(self) -> Pieces:
        """The turn in pieces."""
        return self.spoken.pieces

    @property
    def cased(self) -> bool:
        """Whether capitals tell something."""
        return self.spoken.cased

    def low(self, at: int) -> str:
        """Return the lower-cased piece at an index, "" beyond either end."""
        return low_at(self.pieces, at)

    def nameness(self, at: int) -> float:
        """How far the piece at an index may be (part of) a name, 0.0 to 1.0."""
        if not 0 <= at < len(self.pieces) or not self.pieces[at].is_word:
            return 0.0
        piece = self.pieces[at]
        if self.cased:
            is_acronym = len(piece.text) > 1 and piece.text.isupper()
            named = piece.is_capital and not is_acronym and not self.keep.keeps(piece.bare)
            return SURE if named else 0.0
        return self._lowered(piece.bare)

    def _lowered(self, word: str) -> float:
        if len(word) < 2 or word in TITLES or word in self.keep.everyday:  # noqa: PLR2004 - one letter is no name
            return 0.0
        kind = vocabulary.kind(word)
        if kind == "name":
            return 0.9
        if kind == "unknown":
            return NAMED if len(word) >= _SHORTEST else 0.0
        return WEAK if vocabulary.may_be_given(word) else 0.0

    def name_end(self, at: int, *, most: int = _MOST_WORDS, least: float = NAMED) -> int:
        """Return the index after the name that begins here; ``at`` where there is none.

        least: of ``nameness``, for its first word; those after it must be names for certain.
        """
        last = at
        while last - at < 2 * most and self.nameness(last) >= (least if last == at else NAMED):
            ends = self.pieces[last].bare_end != self.pieces[last].end
            last += 1
            if ends:
                break
            if self.low(last) == "-" and touches(self.pieces, last):
                last += 1
        return last - 1 if last > at and self.low(last - 1) == "-" else last

    def names_from(
        self, at: int, *, most: int = _MOST_WORDS, least: float = NAMED
    ) -> Iterator[tuple[int, int]]:
        """Yield the name that begins here, and those that "and" or a comma joins to it."""
        last = self.name_end(at, most=most, least=least)
        while last > at:
            yield at, last
            following = last + 1 if self.low(last) == "," else last
            following += self.low(following) == "and"
            if following == last:
                return
            at = following
            last = self.name_end(at, most=most, least=0.85)
            if self.cased and last > at and not vocabulary.is_given(self.pieces[at].bare):
                return
