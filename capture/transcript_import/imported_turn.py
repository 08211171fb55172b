"""A turn of an imported file, before it becomes a turn of a transcript; shared parsing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from study import sanitise_text

MOST_TRANSCRIPT_TURNS = 100_000
CLOCK_PATTERN = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_JOINED_GAP_S = 2.0  # shorter gaps come from subtitles, not from speakers
_JOINED_MOST = 1500  # characters of a turn made of subtitles


@dataclass(frozen=True, slots=True)
class ImportedTurn:
    """A turn of one speaker, named as in the file; "" if it names none.

    ``start_s`` and ``end_s`` are None if the file gives no time.
    """

    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None


def parse_clock_s(match: re.Match[str], first: int = 1) -> float:
    """Return the time of a match of ``CLOCK_PATTERN`` whose groups begin with number ``first``."""
    hours, minutes, whole, part = (match[first + i] for i in range(4))
    fraction = float(f"0.{part}") if part else 0.0
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + fraction


def tidy_line(text: str) -> str:
    """Return text on one line, without control characters."""
    return sanitise_text(" ".join(text.split()))


def join_cues(cues: Iterable[ImportedTurn]) -> list[ImportedTurn]:
    """Join subtitles of one named speaker that follow each other without a pause."""
    turns: list[ImportedTurn] = []
    for cue in cues:
        last = turns[-1] if turns else None
        if last is not None and _goes_on(last, cue):
            turns[-1] = replace(last, text=f"{last.text} {cue.text}", end_s=cue.end_s)
        elif cue.text:
            turns.append(cue)
    return turns


def _goes_on(last: ImportedTurn, cue: ImportedTurn) -> bool:
    if not cue.speaker or cue.speaker != last.speaker or last.end_s is None or cue.start_s is None:
        return False
    near = cue.start_s - last.end_s <= _JOINED_GAP_S
    return near and len(last.text) + len(cue.text) < _JOINED_MOST
