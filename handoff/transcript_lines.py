"""The lines of a clean transcript that every format writes: its turns, and events between them.

A line is one paragraph: NFC, no line break, no escape sequence, nothing that XML cannot hold. The
notes of events do not leave, except for headings, which come from the study's guide, and speakers'
codes. Distress is written as the pause that it caused, and what somebody said when they were asked
again is not written: how they felt about the interview is not for every reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from handoff.spoken_words import TimedWord
from study import (
    CONSENT_KINDS,
    Mark,
    MarkKind,
    QuotePermission,
    Transcript,
    Turn,
    TurnNumbers,
    describe_event,
    format_clock,
    merge_events,
    select_shown_events,
    tidy_text,
)

_REPLACEMENT = re.compile(r"\[[^][]+\]")
# These matter to whoever looks after the sound, and to no reader.
_OF_THE_SOUND = frozenset({MarkKind.SOURCE, MarkKind.CLIPPED})
_FELT = frozenset({MarkKind.DISTRESS, MarkKind.DISTRESS_OR_DISSENT})
# Their length is of the sound. A microphone that cuts off what is quiet gives exact zeros, too.
_IN_THE_SOUND = frozenset({MarkKind.SILENCE, MarkKind.OVERLAP, MarkKind.MUTED})
# A heading, speakers' codes, and which of several files begins.
_WITH_NOTE = frozenset({MarkKind.TOPIC, MarkKind.OVERLAP, MarkKind.JOINT})
_MS = 1000
DO_NOT_QUOTE = "[do not quote]"


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One paragraph. For an event ``speaker`` is "" and ``turn`` and ``number`` are 0.

    ``turn`` is the key of a turn, ``number`` its place among the turns of this text, from 1: that
    is what every file and message tells.

    ``is_marker`` marks a place that was marked while recording, whose note stays in the study;
    ``is_by_model`` the line that says that a speech model made the transcript.
    An event that takes no time of the sound ends when it begins. ``words`` have the times of the
    words, () where nobody knows any. ``is_timed`` is False in a transcript that somebody typed
    elsewhere without times. ``text`` begins with ``DO_NOT_QUOTE`` where ``is_quotable`` is False;
    ``unmarked_text`` does not.
    """

    start_s: float
    end_s: float
    speaker: str
    text: str
    turn: int = 0
    is_topic: bool = False
    is_silence: bool = False
    is_marker: bool = False
    is_by_model: bool = False
    doubts: tuple[str, ...] = ()
    is_timed: bool = True
    is_quotable: bool = True
    words: tuple[TimedWord, ...] = ()
    number: int = 0

    @property
    def unmarked_text(self) -> str:
        """The words alone."""
        return self.text if self.is_quotable else self.text.removeprefix(f"{DO_NOT_QUOTE} ")

    @property
    def word_count(self) -> int:
        """How many words it has; a replacement in brackets is one."""
        return len(_REPLACEMENT.sub("x", self.unmarked_text).split())

    @property
    def time_prefix(self) -> str:
        """The text in front of it: ``[hh:mm:ss]`` and a blank, "" where there are no times."""
        return f"[{self.begins_at}] " if self.is_timed else ""

    @property
    def begins_at(self) -> str:
        """Its start as ``hh:mm:ss``."""
        return format_clock(self.start_s)


def list_transcript_lines(
    transcript: Transcript, quotes: QuotePermission | None = None
) -> list[TranscriptLine]:
    """Return the lines of a transcript that may leave, in the order of reading.

    quotes: whose words may be quoted, None for everybody's.
    """
    entries = merge_events(transcript.turns, _select_events(transcript.events))
    numbers = TurnNumbers(turn.key for turn in transcript.turns)
    lines = (_line(entry, numbers, is_timed=transcript.is_timed) for entry in entries)
    return [_mark_quotable(line, quotes or QuotePermission()) for line in lines]


def _mark_quotable(line: TranscriptLine, quotes: QuotePermission) -> TranscriptLine:
    if not line.speaker or quotes.allows(line.speaker):
        return line
    return replace(line, text=f"{DO_NOT_QUOTE} {line.text}", is_quotable=False)


class _Timed(Protocol):
    @property
    def start_s(self) -> float: ...
    @property
    def end_s(self) -> float: ...


def compute_times_ms(lines: Iterable[_Timed]) -> list[tuple[int, int]]:
    """Return start and end of each line, or cue, in milliseconds, in order.

    None overlaps the next, and each lasts at least a millisecond.
    """
    cues: list[tuple[int, int]] = []
    for line in lines:
        start = round(line.start_s * _MS)
        end = max(round(line.end_s * _MS), start + 1)
        if cues and cues[-1][1] > start:
            previous = cues[-1][0]
            start = max(start, previous + 1)
            cues[-1] = (previous, start)
            end = max(end, start + 1)
        cues.append((start, end))
    return cues


def format_clock_ms(ms: int, point: str) -> str:
    """Return milliseconds as ``hh:mm:ss``, the given point and three digits."""
    return f"{format_clock(ms // _MS)}{point}{ms % _MS:03}"


def _select_events(events: Iterable[Mark]) -> Iterator[Mark]:
    known = frozenset(MarkKind)
    for event in select_shown_events(events):
        if event.kind in _FELT:
            yield replace(event, kind=MarkKind.PAUSED, note="")
        elif event.kind in known and event.kind not in _OF_THE_SOUND | CONSENT_KINDS:
            yield event if event.kind in _WITH_NOTE else replace(event, note="")


def _line(one: Turn | Mark, numbers: TurnNumbers, *, is_timed: bool) -> TranscriptLine:
    if isinstance(one, Turn):
        doubts = tuple(sorted({flag.kind for flag in one.flags if flag.is_doubt}))
        return TranscriptLine(
            one.start_s, one.end_s, one.speaker, tidy_text(one.text), one.key,
            doubts=doubts, is_timed=is_timed, number=numbers.find_number(one.key),
        )  # fmt: skip
    is_topic = one.kind == MarkKind.TOPIC
    end_s = one.at_s + (one.length_s if one.kind in _IN_THE_SOUND else 0.0)
    return TranscriptLine(
        one.at_s, end_s, "", tidy_text(describe_event(one)), is_topic=is_topic,
        is_silence=one.kind == MarkKind.SILENCE, is_by_model=one.kind == MarkKind.MODEL,
        is_marker=one.kind == MarkKind.MARKER,
        is_timed=is_timed,
    )  # fmt: skip
