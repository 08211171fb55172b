"""What every format shows: the turns, and between them what happened, as lines of clean text.

A line is one paragraph: NFC, no line break, nothing that a terminal obeys or XML cannot hold. Of
what happened stay a topic's heading, which comes from the study's guide, and speakers' codes; other
notes do not leave. Distress and dissent are told as the pause that they brought: how somebody felt
about the interview is for those who hold it, not for every reader.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from study.events import among, shown, told
from study.screen_text import clock, safe
from study.terms import Mark, MarkKind, Transcript, Turn

# Of interest to whoever looks after the sound, and to nobody who reads the words.
_OF_THE_SOUND = frozenset({MarkKind.MUTED, MarkKind.SOURCE, MarkKind.CLIPPED})
_WITH_NOTE = frozenset({MarkKind.TOPIC, MarkKind.OVERLAP})  # a heading, and speakers' codes
_MS = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. ``speaker`` is "" for what happened; ``turn`` is then 0.

    ``is_timed`` is False in a transcript that was typed elsewhere without times.
    """

    start_s: float
    end_s: float
    speaker: str
    text: str
    turn: int = 0
    is_topic: bool = False
    doubts: tuple[str, ...] = ()
    is_timed: bool = True

    @property
    def stamp(self) -> str:
        """What stands in front of it: ``[hh:mm:ss]`` and a blank, "" where there are no times."""
        return f"[{self.clock}] " if self.is_timed else ""

    @property
    def clock(self) -> str:
        """When it begins, as ``hh:mm:ss``."""
        return clock(self.start_s)


def lines(transcript: Transcript) -> list[Line]:
    """Return all that is handed over of a transcript, in the order in which it is read."""
    every = among(transcript.turns, _handed_over(transcript.events))
    return [_line(one, is_timed=transcript.is_timed) for one in every]


def tidy(text: str) -> str:
    """Return text as it may stand in a file: one line, NFC, no control characters."""
    return unicodedata.normalize("NFC", safe(" ".join(text.split())))


def times_ms(given: Iterable[Line]) -> list[tuple[int, int]]:
    """Return start and end of each line in milliseconds, in order.

    None overlaps the next, and each lasts a millisecond at least.
    """
    cues: list[tuple[int, int]] = []
    for line in given:
        start = round(line.start_s * _MS)
        end = max(round(line.end_s * _MS), start + 1)
        if cues and cues[-1][1] > start:
            begun = cues[-1][0]
            start = max(start, begun + 1)
            cues[-1] = (begun, start)
            end = max(end, start + 1)
        cues.append((start, end))
    return cues


def clock_ms(ms: int, point: str) -> str:
    """Return milliseconds as ``hh:mm:ss`` and the thousandths behind a point of one's choice."""
    return f"{clock(ms // _MS)}{point}{ms % _MS:03}"


def _handed_over(events: Iterable[Mark]) -> Iterator[Mark]:
    known = frozenset(MarkKind)
    for event in shown(events):
        if event.kind == MarkKind.DISTRESS:
            yield replace(event, kind=MarkKind.PAUSED, note="")
        elif event.kind in known and event.kind not in _OF_THE_SOUND:
            yield event if event.kind in _WITH_NOTE else replace(event, note="")


def _line(one: Turn | Mark, *, is_timed: bool) -> Line:
    if isinstance(one, Turn):
        doubts = tuple(sorted({flag.kind for flag in one.flags}))
        return Line(
            one.start_s, one.end_s, one.speaker, tidy(one.text), one.key,
            doubts=doubts, is_timed=is_timed,
        )  # fmt: skip
    is_topic = one.kind == MarkKind.TOPIC
    return Line(
        one.at_s, one.at_s, "", tidy(told(one)), is_topic=is_topic, is_timed=is_timed
    )  # fmt: skip
