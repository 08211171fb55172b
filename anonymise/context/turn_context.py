"""A turn for the rules of context: which of its words may be names, and how likely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from anonymise.keep_list import KeepList
from anonymise.pieces import CutTurn, Pieces, touches_previous
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word, is_given_name, may_be_given_name

TITLES = load_word_list("people", "titles")
_MOST_WORDS = 3
_SHORTEST = 3  # letters of a word that no list knows
SURE, NAMED, WEAK = 1.0, 0.8, 0.5  # of ``nameness``


@dataclass(frozen=True, slots=True)
class TurnContext:
    """A turn in pieces, with the keep-list of the study."""

    spoken: CutTurn
    keep_list: KeepList

    @property
    def pieces(self) -> Pieces:
        """The turn in pieces."""
        return self.spoken.pieces

    @property
    def keeps_capitals(self) -> bool:
        """Whether the turn has capital letters."""
        return self.spoken.keeps_capitals

    def lowered_at(self, index: int) -> str:
        """Return the lower-cased piece at an index, "" beyond either end."""
        pieces = self.spoken.pieces  # asked of every word by many rules: no call between
        return pieces[index].lowered if 0 <= index < len(pieces) else ""

    def nameness(self, index: int) -> float:
        """How likely the piece at an index is (part of) a name, 0.0 to 1.0."""
        pieces = self.spoken.pieces
        if not 0 <= index < len(pieces) or not pieces[index].is_word:
            return 0.0
        piece = pieces[index]
        if self.spoken.keeps_capitals:
            is_acronym = len(piece.text) > 1 and piece.text.isupper()
            named = (
                piece.is_capital
                and not is_acronym
                and not self.keep_list.is_kept_phrase(piece.lowered_bare)
            )
            return SURE if named else 0.0
        return self._score_lowered(piece.lowered_bare)

    def _score_lowered(self, word: str) -> float:
        if len(word) < 2 or word in TITLES or word in self.keep_list.everyday:  # noqa: PLR2004 - one letter is no name
            return 0.0
        kind = classify_word(word)
        if kind == "name":
            return 0.9
        if kind == "unknown":
            return NAMED if len(word) >= _SHORTEST else 0.0
        return WEAK if may_be_given_name(word) else 0.0

    def name_end(self, index: int, *, most: int = _MOST_WORDS, least: float = NAMED) -> int:
        """Return the index after the name that begins here; ``index`` where there is none.

        most: words. least: the lowest ``nameness`` of its first word; those of the words after it
        are at least ``NAMED``.
        """
        last = index
        while last - index < 2 * most and self.nameness(last) >= (
            least if last == index else NAMED
        ):
            ends = self.pieces[last].bare_end != self.pieces[last].end
            last += 1
            if ends:
                break
            if self.lowered_at(last) == "-" and touches_previous(self.pieces, last):
                last += 1
        return last - 1 if last > index and self.lowered_at(last - 1) == "-" else last

    def iterate_names(
        self, index: int, *, most: int = _MOST_WORDS, least: float = NAMED
    ) -> Iterator[tuple[int, int]]:
        """Yield the name that begins here, and those that "and" or a comma joins to it."""
        last = self.name_end(index, most=most, least=least)
        while last > index:
            yield index, last
            following = last + 1 if self.lowered_at(last) == "," else last
            following += self.lowered_at(following) == "and"
            if following == last:
                return
            index = following
            last = self.name_end(index, most=most, least=0.85)
            if (
                self.keeps_capitals
                and last > index
                and not is_given_name(self.pieces[index].lowered_bare)
            ):
                return
