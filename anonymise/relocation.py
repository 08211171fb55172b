"""Find the new places of mentions in a transcript that was corrected after the search.

A mention moves with its words, into another turn where its own was split or joined. One whose words
were edited has no place any more: only a new search can tell what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from anonymise.text_diff import TextDiff
from study import DecidedMention

TurnSpan = tuple[int, int, int]  # turn, start, end


class MentionRelocation:
    """Maps places in the searched turns to places in the turns as they are now.

    old, new: the text of each turn by its key. successors: the turns that the words of a turn may
    have moved to (``TranscriptSource.successors``).
    """

    def __init__(
        self,
        old: Mapping[int, str],
        new: Mapping[int, str],
        successors: Mapping[int, Sequence[int]] | None = None,
    ) -> None:
        self._old, self._new, self._successors = old, new, successors or {}
        self._diffs: dict[tuple[int, int], TextDiff] = {}

    def relocate_span(self, turn: int, start: int, end: int) -> TurnSpan | None:
        """Return the place of characters of a searched turn now; None where they are gone."""
        text = self._old.get(turn)
        if text is None:
            return None
        if self._new.get(turn) == text:
            return turn, start, end
        for key in self._list_candidates(turn):
            diff = self._diffs.get((turn, key))
            if diff is None:
                diff = self._diffs[turn, key] = TextDiff(text, self._new[key])
            span = diff.relocate(start, end)
            if span is not None and self._new[key][span[0] : span[1]] == text[start:end]:
                return key, *span
        return None

    def relocate_mentions(self, decided: Iterable[DecidedMention]) -> tuple[DecidedMention, ...]:
        """Return the mentions that still have a place, at that place.

        An edit may leave one place for two mentions of the same words: a decided one gets it
        before an undecided one, and a replaced one before a rejected one.
        """
        every = list(decided)
        taken: dict[int, list[tuple[int, int]]] = {}
        relocated: dict[int, DecidedMention] = {}
        for number, one in sorted(enumerate(every), key=_weight):
            mention = one.mention
            place = self.relocate_span(mention.turn, mention.start, mention.end)
            if place is None:
                continue
            turn, start, end = place
            there = taken.setdefault(turn, [])
            if all(end <= a or b <= start for a, b in there):
                there.append((start, end))
                is_there = place == (mention.turn, mention.start, mention.end)
                relocated[number] = one if is_there else _move(one, place)
        return tuple(relocated[number] for number in sorted(relocated))

    def _list_candidates(self, turn: int) -> list[int]:
        """Return the turns to look in: the turn itself, its successors, theirs, and so on."""
        found: list[int] = []
        waiting = [turn]
        while waiting:
            key = waiting.pop(0)
            if key not in found:
                found.append(key)
                waiting += self._successors.get(key, ())
        return [key for key in found if key in self._new]


def _move(decided: DecidedMention, place: TurnSpan) -> DecidedMention:
    turn, start, end = place
    return replace(decided, mention=replace(decided.mention, turn=turn, start=start, end=end))


def _weight(pair: tuple[int, DecidedMention]) -> tuple[bool, bool]:
    return pair[1].decision is None, not pair[1].is_replaced
