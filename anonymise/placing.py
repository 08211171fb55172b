"""Where mentions stand in a transcript that was corrected after they were found.

A mention moves along with its words, into another turn where its own was split or joined. One
whose words were typed over stands nowhere: only a new search can tell what is there now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from anonymise.moves import Moves
from study.decided import Decided

Place = tuple[int, int, int]  # turn, start, end


class Placing:
    """The way from the turns that were searched to the turns as they are now.

    old, new: the text of each turn by its key. kin: the turns that the words of a turn may have
    gone to (``Corrected.kin``).
    """

    def __init__(
        self,
        old: Mapping[int, str],
        new: Mapping[int, str],
        kin: Mapping[int, Sequence[int]] | None = None,
    ) -> None:
        self._old, self._new, self._kin = old, new, kin or {}
        self._moves: dict[tuple[int, int], Moves] = {}

    def place(self, turn: int, start: int, end: int) -> Place | None:
        """Return where characters of a turn that was searched are now, None where nowhere."""
        text = self._old.get(turn)
        if text is None:
            return None
        if self._new.get(turn) == text:
            return turn, start, end
        for key in self._candidates(turn):
            moves = self._moves.get((turn, key))
            if moves is None:
                moves = self._moves[turn, key] = Moves(text, self._new[key])
            found = moves.place(start, end)
            if found is not None and self._new[key][found[0] : found[1]] == text[start:end]:
                return key, *found
        return None

    def placed(self, decided: Iterable[Decided]) -> tuple[Decided, ...]:
        """Return those that stand somewhere, where they stand now.

        Of two whose words are the same, an edit may leave one place: what is replaced has it before
        what was kept, and what was decided before what waits.
        """
        every = list(decided)
        taken: dict[int, list[tuple[int, int]]] = {}
        found: dict[int, Decided] = {}
        for number, one in sorted(enumerate(every), key=_weight):
            mention = one.mention
            place = self.place(mention.turn, mention.start, mention.end)
            if place is None:
                continue
            turn, start, end = place
            there = taken.setdefault(turn, [])
            if all(end <= a or b <= start for a, b in there):
                there.append((start, end))
                is_there = place == (mention.turn, mention.start, mention.end)
                found[number] = one if is_there else _moved(one, place)
        return tuple(found[number] for number in sorted(found))

    def _candidates(self, turn: int) -> list[int]:
        """Return the turns to look in: itself, then where its words went, however often."""
        found: list[int] = []
        waiting = [turn]
        while waiting:
            key = waiting.pop(0)
            if key not in found:
                found.append(key)
                waiting += self._kin.get(key, ())
        return [key for key in found if key in self._new]


def _moved(one: Decided, place: Place) -> Decided:
    turn, start, end = place
    return replace(one, mention=replace(one.mention, turn=turn, start=start, end=end))


def _weight(pair: tuple[int, Decided]) -> tuple[bool, bool]:
    return pair[1].decision is None, not pair[1].is_replaced
