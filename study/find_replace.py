"""Find and replace in a transcript, with a preview of each match.

Searches the words of the turns and the headings of the topics, never times and codes. Changes
nothing: ``study.store.transcript_editor`` writes the replacements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from study.corrected_transcript import CorrectedTranscript
from study.errors import EditFlaw, NotCorrectable
from study.records import MarkKind, Turn

_CONTEXT = 24  # characters to either side that a preview shows


@dataclass(frozen=True, slots=True)
class TextMatch:
    """A match: the characters ``start`` to ``end`` of a turn's text, or of an event's note.

    ``turn`` is the turn's key, ``event`` the place of the event (one of the two is -1). ``words``
    are the characters there, so that an edit in between is noticed.
    """

    turn: int
    event: int
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class FindReplace:
    """A search and its replacement.

    wanted: words as they are spelled; a blank matches any white space. whole_words: "Ann" does not
    match "Anna". match_case: capitals matter.
    """

    wanted: str
    replacement: str = ""
    whole_words: bool = True
    match_case: bool = False

    def find_matches(self, state: CorrectedTranscript) -> list[TextMatch]:
        """Return every match, in reading order, headings last.

        Raises:
            NotCorrectable: ``wanted`` holds no word.
        """
        pattern = self._pattern()
        turns = state.turns
        # Looked for in all turns at once first: most interviews of a large study lack the words.
        is_there = pattern.search("\n".join(turn.text for turn in turns)) is not None
        matches = [
            TextMatch(turn.key, -1, m.start(), m.end(), m.group())
            for turn in (turns if is_there else ())
            for m in pattern.finditer(turn.text)
        ]
        return matches + [
            TextMatch(-1, place, m.start(), m.end(), m.group())
            for place, event in enumerate(state.events)
            if event.kind == MarkKind.TOPIC
            for m in pattern.finditer(event.note)
        ]

    def replace_matches(
        self, state: CorrectedTranscript, matches: Iterable[TextMatch]
    ) -> tuple[list[tuple[Turn, str]], list[tuple[int, str]], int]:
        """Return turns with their new texts, new notes, and how many matches were replaced.

        A match whose words have changed, and one whose turn would be left empty, is not replaced.
        """
        by_place: dict[tuple[int, int], list[TextMatch]] = {}
        for match in matches:
            by_place.setdefault((match.turn, match.event), []).append(match)
        turns: list[tuple[Turn, str]] = []
        notes: list[tuple[int, str]] = []
        done = 0
        for (key, event), here in by_place.items():
            turn = state.find_turn(key) if event < 0 else None
            if turn is None and not 0 <= event < len(state.events):
                continue
            old = turn.text if turn else state.events[event].note
            new, count = self._replace(old, here)
            if not count or not new.strip():
                continue
            done += count
            if turn is not None:
                turns.append((turn, new.strip()))
            else:
                notes.append((event, new))
        return turns, notes, done

    def preview_match(self, state: CorrectedTranscript, match: TextMatch) -> tuple[str, str, str]:
        """Return the text before a match, the match, and the text after it.

        At most 24 characters each, cut off between words where there is a blank to cut at.
        """
        turn = state.find_turn(match.turn)
        text = turn.text if turn else state.events[match.event].note if match.event >= 0 else ""
        first, last = max(0, match.start - _CONTEXT), match.end + _CONTEXT
        before, after = text[first : match.start], text[match.end : last]
        if first and not text[first - 1].isspace() and " " in before:
            before = before[before.index(" ") :]
        if last < len(text) and not text[last].isspace() and " " in after:
            after = after[: after.rindex(" ") + 1]
        lead = "…" if first else ""
        return lead + before, match.words, after + ("…" if last < len(text) else "")

    def _replace(self, text: str, matches: Iterable[TextMatch]) -> tuple[str, int]:
        count = 0
        for match in sorted(matches, key=lambda match: -match.start):
            if text[match.start : match.end] == match.words:
                text = text[: match.start] + self.replacement + text[match.end :]
                count += 1
        return text, count

    def _pattern(self) -> re.Pattern[str]:
        parts = [re.escape(part) for part in self.wanted.split()]
        if not parts:
            raise NotCorrectable(EditFlaw.NOTHING_SOUGHT)
        words = r"\s+".join(parts)
        if self.whole_words:
            words = rf"(?<!\w){words}(?!\w)"
        return re.compile(words, 0 if self.match_case else re.IGNORECASE)


def find_text(state: CorrectedTranscript, wanted: str) -> Iterator[TextMatch]:
    """Yield every match of ``wanted``, even within a word; none where it holds no word."""
    if wanted.strip():
        yield from FindReplace(wanted, whole_words=False).find_matches(state)
