"""Find words in a transcript and put others in their place, seen before it is done.

Words of the turns and headings of the topics are searched; times and codes are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from study.corrected import Corrected
from study.errors import EditFlaw, NotCorrectable
from study.terms import MarkKind, Turn

_CONTEXT = 24  # characters to either side that a preview shows


@dataclass(frozen=True, slots=True)
class Find:
    """Where words stand: ``start`` to ``end`` of a turn's text, or of an event's note.

    ``turn`` is the turn's key, ``event`` the place of the event (one of the two is -1). ``words``
    is what stands there, so that an edit in between is noticed.
    """

    turn: int
    event: int
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Replacing:
    """What is looked for, and what is to stand there instead.

    wanted: words as they are spelled; runs of blanks match any. whole: only whole words, so that
    "Ann" does not find "Anna". cased: capitals matter.
    """

    wanted: str
    instead: str = ""
    whole: bool = True
    cased: bool = False

    def finds(self, state: Corrected) -> list[Find]:
        """Return every place, in the order of reading, headings last.

        Raises:
            NotCorrectable: there is nothing to look for.
        """
        pattern = self._pattern()
        found = [
            Find(turn.key, -1, m.start(), m.end(), m.group())
            for turn in state.turns
            for m in pattern.finditer(turn.text)
        ]
        return found + [
            Find(-1, place, m.start(), m.end(), m.group())
            for place, event in enumerate(state.events)
            if event.kind == MarkKind.TOPIC
            for m in pattern.finditer(event.note)
        ]

    def replaced(
        self, state: Corrected, finds: Iterable[Find]
    ) -> tuple[list[tuple[Turn, str]], list[tuple[int, str]], int]:
        """Return turns with their new texts, new notes, and how many finds were replaced.

        A find that no longer says what it said, and one whose turn would be left empty, stays.
        """
        by_place: dict[tuple[int, int], list[Find]] = {}
        for find in finds:
            by_place.setdefault((find.turn, find.event), []).append(find)
        turns: list[tuple[Turn, str]] = []
        notes: list[tuple[int, str]] = []
        done = 0
        for (key, event), here in by_place.items():
            turn = state.turn(key) if event < 0 else None
            if turn is None and not 0 <= event < len(state.events):
                continue
            old = turn.text if turn else state.events[event].note
            new, count = self._with(old, here)
            if not count or not new.strip():
                continue
            done += count
            if turn is not None:
                turns.append((turn, new.strip()))
            else:
                notes.append((event, new))
        return turns, notes, done

    def preview(self, state: Corrected, find: Find) -> tuple[str, str, str]:
        """Return the words before a find, at it, and after it, some of each."""
        turn = state.turn(find.turn)
        text = turn.text if turn else state.events[find.event].note if find.event >= 0 else ""
        before = text[max(0, find.start - _CONTEXT) : find.start]
        after = text[find.end : find.end + _CONTEXT]
        lead = "…" if find.start > _CONTEXT else ""
        return lead + before, find.words, after + ("…" if find.end + _CONTEXT < len(text) else "")

    def _with(self, text: str, finds: Iterable[Find]) -> tuple[str, int]:
        count = 0
        for find in sorted(finds, key=lambda find: -find.start):
            if text[find.start : find.end] == find.words:
                text = text[: find.start] + self.instead + text[find.end :]
                count += 1
        return text, count

    def _pattern(self) -> re.Pattern[str]:
        parts = [re.escape(part) for part in self.wanted.split()]
        if not parts:
            raise NotCorrectable(EditFlaw.NOTHING_SOUGHT)
        words = r"\s+".join(parts)
        if self.whole:
            words = rf"(?<!\w){words}(?!\w)"
        return re.compile(words, 0 if self.cased else re.IGNORECASE)


def matches(state: Corrected, wanted: str) -> Iterator[Find]:
    """Yield every place where ``wanted`` stands, even within a word; nothing for no words."""
    if wanted.strip():
        yield from Replacing(wanted, whole=False).finds(state)
