"""Find the new places of words in a turn that a person edited.

The beginning and the end that both texts share keep their places; in between, words are matched one
by one. Words that the edit changed have no new place: somebody has to decide about them again.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cached_property

from anonymise.pieces import CutTurn, Piece, cut_into_pieces

_MOST_MATCHED = 3000  # pieces: matching takes the square of it, 1 s at worst


class TextDiff:
    """Maps characters of an old text to those of a new one."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        most = min(len(old), len(new))
        self._head = next((i for i in range(most) if old[i] != new[i]), most)
        self._tail = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)

    def relocate(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the new place of the characters ``start`` to ``end``; None where they are gone."""
        if end <= self._head:
            return start, end
        if start >= len(self._old) - self._tail:
            shift = len(self._new) - len(self._old)
            return start + shift, end + shift
        pieces = self._spoken.pieces
        matched = [
            self._matched.get(pieces[i].start) for i in self._spoken.list_indices_within(start, end)
        ]
        first, last = (matched[0], matched[-1]) if matched else (None, None)
        if first is None or last is None:
            return None
        new_end = first.start + end - start
        is_same = self._new[first.start : new_end] == self._old[start:end]
        return (first.start, new_end) if is_same else None

    @cached_property
    def _spoken(self) -> CutTurn:
        return CutTurn.cut_text(self._old)

    @cached_property
    def _matched(self) -> dict[int, Piece]:
        """The matching piece of the new text, by the start of the piece of the old one."""
        old, new = self._spoken.pieces, cut_into_pieces(self._new)
        if max(len(old), len(new)) > _MOST_MATCHED:
            return {}
        words = [p.text for p in old], [p.text for p in new]
        matcher = SequenceMatcher(None, *words, autojunk=False)
        return {
            old[block.a + i].start: new[block.b + i]
            for block in matcher.get_matching_blocks()
            for i in range(block.size)
        }
