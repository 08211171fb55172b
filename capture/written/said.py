"""What a transcript made elsewhere says, before it is a transcript of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from study.screen_text import safe

CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_JOINED_GAP_S = 2.0  # a pause that a subtitle makes, not a speaker
_JOINED_MOST = 1500  # characters of a turn made of subtitles


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch by one speaker as the file writes it: "" where it names none.

    ``start_s`` and ``end_s`` are None where the file gives no time.
    """

    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None


def seconds(found: re.Match[str], first: int = 1) -> float:
    """Return the time of a match of ``CLOCK`` whose groups begin with number ``first``."""
    hours, minutes, whole, part = (found[first + i] for i in range(4))
    fraction = float(f"0.{part}") if part else 0.0
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + fraction


def tidy(text: str) -> str:
    """Return text on one line, with nothing in it that could act on a terminal."""
    return safe(" ".join(text.split()))


def joined(cues: Iterable[Said]) -> list[Said]:
    """Join subtitles of one named speaker that follow each other without a pause."""
    turns: list[Said] = []
    for cue in cues:
        last = turns[-1] if turns else None
        if last is not None and _goes_on(last, cue):
            turns[-1] = replace(last, text=f"{last.text} {cue.text}", end_s=cue.end_s)
        elif cue.text:
            turns.append(cue)
    return turns


def _goes_on(last: Said, cue: Said) -> bool:
    if not cue.speaker or cue.speaker != last.speaker or last.end_s is None or cue.start_s is None:
        return False
    near = cue.start_s - last.end_s <= _JOINED_GAP_S
    return near and len(last.text) + len(cue.text) < _JOINED_MOST
