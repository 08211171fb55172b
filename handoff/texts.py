"""The two text formats: plain text that every analysis program reads, and WebVTT.

Plain text is UTF-8 without a byte order mark, LF, one turn per paragraph, a blank line between,
``[hh:mm:ss] P07: text``. WebVTT has a byte order mark (Taguette reads it wrongly without), the
speaker as a prefix (``<v P07>`` is shown or dropped by half of the readers), and times that
never overlap and are at least a millisecond long.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from study.screen_text import clock, safe
from study.terms import Transcript, Turn

_MS = 1000


def plain_text(transcript: Transcript) -> bytes:
    """Return the transcript as the one form that all programs can take in."""
    paragraphs = (f"[{clock(t.start_s)}] {t.speaker}: {tidy(t.text)}\n" for t in transcript.turns)
    return "\n".join(paragraphs).encode()


def web_vtt(transcript: Transcript) -> bytes:
    """Return the transcript as WebVTT."""
    cues = [
        f"{number}\n{_vtt_clock(start)} --> {_vtt_clock(end)}\n{_escaped(turn)}\n"
        for number, (turn, start, end) in enumerate(_apart(transcript.turns), start=1)
    ]
    return "\n".join(["\ufeffWEBVTT\n", *cues]).encode()


def tidy(text: str) -> str:
    """Return text as it may stand in a file: one line, NFC, no control characters."""
    return unicodedata.normalize("NFC", safe(" ".join(text.split())))


def _escaped(turn: Turn) -> str:
    text = tidy(turn.text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{turn.speaker}: {text}"


def _apart(turns: Iterable[Turn]) -> list[tuple[Turn, int, int]]:
    """Return turns with start and end in milliseconds, in order, none overlapping the next."""
    cues: list[tuple[Turn, int, int]] = []
    for turn in turns:
        start = round(turn.start_s * _MS)
        end = max(round(turn.end_s * _MS), start + 1)
        if cues and cues[-1][2] > start:
            before, begun, _ = cues[-1]
            start = max(start, begun + 1)
            cues[-1] = (before, begun, start)
            end = max(end, start + 1)
        cues.append((turn, start, end))
    return cues


def _vtt_clock(ms: int) -> str:
    return f"{clock(ms // _MS)}.{ms % _MS:03}"
