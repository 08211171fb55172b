"""Where words of a turn are after a person edited it.

What both texts share at their beginning and end stands where it stood; in between, words are
matched one by one. Words that the edit touched are nowhere: they have to be looked at again.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cached_property

from anonymise.pieces import Piece, Spoken, cut

_MOST_MATCHED = 3000  # pieces: matching takes the square of it, 1 s at worst


class Moves:
    """The way from an old text to a new one, in characters."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        most = min(len(old), len(new))
        self._head = next((i for i in range(most) if old[i] != new[i]), most)
        self._tail = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the characters ``start`` to ``end`` are now, None where nowhere."""
        if end <= self._head:
            return start, end
        if start >= len(self._old) - self._tail:
            shift = len(self._new) - len(self._old)
            return start + shift, end + shift
        pieces = self._spoken.pieces
        matched = [self._matched.get(pieces[i].start) for i in self._spoken.within(start, end)]
        first, last = (matched[0], matched[-1]) if matched else (None, None)
        if first is None or last is None:
            return None
        found = self._new[first.start : first.start + end - start]
        return (first.start, first.start + end - start) if found == self._old[start:end] else None

    @cached_property
    def _spoken(self) -> Spoken:
        return Spoken.of(self._old)

    @cached_property
    def _matched(self) -> dict[int, Piece]:
        """The piece of the new text that each piece of the old one is, by its start."""
        old, new = self._spoken.pieces, cut(self._new)
        if max(len(old), len(new)) > _MOST_MATCHED:
            return {}
        words = [p.text for p in old], [p.text for p in new]
        matcher = SequenceMatcher(None, *words, autojunk=False)
        return {
            old[block.a + i].start: new[block.b + i]
            for block in matcher.get_matching_blocks()
            for i in range(block.size)
        }
