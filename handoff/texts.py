"""The two text formats: plain text that every analysis program reads, and WebVTT.

Plain text is UTF-8 without a byte order mark, LF, one turn per paragraph, a blank line between,
``[hh:mm:ss] P07: text``. WebVTT has a byte order mark (Taguette reads it wrongly without), the
speaker as a prefix (``<v P07>`` is shown or dropped by half of the readers), and times that
never overlap and are at least a millisecond long.

Between the turns stands what happened during the recording, as paragraphs of plain text and as
NOTE blocks of WebVTT, which players skip: a topic as ``[hh:mm:ss] Topic: heading``, and in round
brackets a marker, a silence, who spoke at once and what was not recorded. Distress and dissent are
told as the pause that they brought: how somebody felt about the interview is for those who hold
it, not for every reader.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from study.events import BREAKS, among, told
from study.screen_text import clock, safe
from study.terms import Mark, MarkKind, Transcript, Turn

_MS = 1000
_HANDED_OVER = BREAKS | {MarkKind.MARKER, MarkKind.SILENCE, MarkKind.OVERLAP}
_WITH_NOTE = {MarkKind.TOPIC, MarkKind.OVERLAP}  # a heading, and speakers' codes


def plain_text(transcript: Transcript) -> bytes:
    """Return the transcript as the one form that all programs can take in."""
    paragraphs = (
        f"[{clock(one.start_s)}] {one.speaker}: {tidy(one.text)}\n"
        if isinstance(one, Turn)
        else f"{_event(one)}\n"
        for one in among(transcript.turns, _handed_over(transcript.events))
    )
    return "\n".join(paragraphs).encode()


def web_vtt(transcript: Transcript) -> bytes:
    """Return the transcript as WebVTT."""
    cues = enumerate(_apart(transcript.turns), start=1)
    blocks: list[str] = []
    for one in among(transcript.turns, _handed_over(transcript.events)):
        if isinstance(one, Turn):
            number, (start, end) = next(cues)
            times = f"{_vtt_clock(start)} --> {_vtt_clock(end)}"
            blocks.append(f"{number}\n{times}\n{one.speaker}: {_escaped(tidy(one.text))}\n")
        else:
            blocks.append(f"NOTE {_escaped(_event(one))}\n")
    return "\n".join(["\ufeffWEBVTT\n", *blocks]).encode()


def tidy(text: str) -> str:
    """Return text as it may stand in a file: one line, NFC, no control characters."""
    return unicodedata.normalize("NFC", safe(" ".join(text.split())))


def _handed_over(events: Iterable[Mark]) -> Iterator[Mark]:
    for event in events:
        if event.kind == MarkKind.DISTRESS:
            yield replace(event, kind=MarkKind.PAUSED, note="")
        elif event.kind in _HANDED_OVER:
            yield event if event.kind in _WITH_NOTE else replace(event, note="")


def _event(event: Mark) -> str:
    return f"[{clock(event.at_s)}] {tidy(told(event))}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _apart(turns: Iterable[Turn]) -> list[tuple[int, int]]:
    """Return start and end of each turn in milliseconds, in order, none overlapping the next."""
    cues: list[tuple[int, int]] = []
    for turn in turns:
        start = round(turn.start_s * _MS)
        end = max(round(turn.end_s * _MS), start + 1)
        if cues and cues[-1][1] > start:
            begun = cues[-1][0]
            start = max(start, begun + 1)
            cues[-1] = (begun, start)
            end = max(end, start + 1)
        cues.append((start, end))
    return cues


def _vtt_clock(ms: int) -> str:
    return f"{clock(ms // _MS)}.{ms % _MS:03}"
