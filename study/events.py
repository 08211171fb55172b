"""What happened during a recording, as a transcript carries it and as people read it.

The sound keeps marks as they were made; a transcript keeps events: the same records in the order
of time, what was set aside only once, with its true length. Times count the sound that was kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from study.terms import Mark, MarkKind, Turn

ASIDE = frozenset({MarkKind.PAUSED, MarkKind.OFF_RECORD, MarkKind.DISTRESS})
MISSING = frozenset({MarkKind.LOST, MarkKind.GAP})
BREAKS = ASIDE | MISSING | {MarkKind.TOPIC}  # no turn runs on over one of these
# Who speaks is told by the turns; the other two say nothing of what was said.
_UNTOLD = frozenset({MarkKind.SPEAKER, MarkKind.SLOW_DISK, MarkKind.CLOCK})
_WITH_TELLING_NOTE = frozenset({MarkKind.TOPIC, MarkKind.SPEAKER, MarkKind.OVERLAP})
_WORDS: dict[str, str] = {
    MarkKind.PAUSED: "recording paused",
    MarkKind.DISTRESS: "distress or dissent, recording paused",
    MarkKind.LOST: "sound missing",
    MarkKind.GAP: "sound missing",
    MarkKind.DRAFT: "a draft, heard quickly: transcribe it again before you rely on a word",
}


def events(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks as events, ordered by time, those of one time in the order of their making.

    A recording writes down that sound is set aside when it begins and, with the length, when it
    ends: these two become one event. One that never ended, for the power failed, has length 0.0.
    A marker and the note that was typed to it become one as well.
    """
    made: list[Mark] = []
    begun: dict[str, int] = {}
    for mark in sorted(marks, key=lambda mark: mark.at_s):
        bare = replace(mark, note="")
        if mark.kind == MarkKind.MARKER and mark.note and bare in made:
            made[made.index(bare)] = mark
        elif mark.kind not in ASIDE:
            made.append(mark)
        elif not mark.length_s:
            begun[mark.kind] = len(made)
            made.append(mark)
        elif mark.kind in begun and made[begun[mark.kind]].at_s == mark.at_s:
            made[begun.pop(mark.kind)] = mark
        else:
            made.append(mark)
    return tuple(made)


def without_notes(given: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return the events as those may read them who may not know who is who.

    Only a topic's heading, which comes from the study's guide, and speakers' codes stay.
    """
    return tuple(e if e.kind in _WITH_TELLING_NOTE else replace(e, note="") for e in given)


def shown(given: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return the events that a reader of the words should know of."""
    return tuple(event for event in given if event.kind not in _UNTOLD)


def with_pauses(given: Iterable[Mark], turns: Sequence[Turn], pause_s: float) -> tuple[Mark, ...]:
    """Return the events, of the silences only those that are told.

    pause_s: the shortest that is, 0.0 for none. One that lies inside a turn has no place there:
    turns are parted at silences as the study told them when the interview was transcribed.
    """
    said = sorted((turn.start_s, turn.end_s) for turn in turns)
    starts = [start_s for start_s, _ in said]
    latest = list(accumulate((end_s for _, end_s in said), max))

    def is_told(event: Mark) -> bool:
        before = bisect_left(starts, event.at_s)
        is_inside = before > 0 and latest[before - 1] > event.at_s
        return bool(pause_s) and round(event.length_s, 1) >= pause_s and not is_inside

    return tuple(e for e in given if e.kind != MarkKind.SILENCE or is_told(e))


def told(event: Mark) -> str:
    """Say an event in a line: a topic as a heading, all else in round brackets.

    It holds the event's note as it is: who shows it makes it safe.
    """
    if event.kind == MarkKind.TOPIC:
        return f"Topic: {event.note}"
    if event.kind == MarkKind.SILENCE:
        return f"({lasting(event.length_s)})"
    if event.kind == MarkKind.OVERLAP:
        return f"({' and '.join(event.note.split())} at once, {lasting(event.length_s)})"
    words = _WORDS.get(event.kind, event.kind)
    length = f", {lasting(event.length_s)}" if event.length_s else ""
    note = f": {event.note}" if event.note else ""
    return f"({words}{length}{note})"


def lasting(seconds: float) -> str:
    """Write a length of time, rounded to the second: ``40 s``, ``2 min 10 s``, ``1 h 5 min``."""
    whole = max(1, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else rest, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def among(turns: Sequence[Turn], given: Iterable[Mark]) -> list[Turn | Mark]:
    """Return turns and events as they are read: each event before the first turn not before it.

    turns, given: each ordered by time.
    """
    starts = [turn.start_s for turn in turns]
    merged: list[Turn | Mark] = []
    done = 0
    for event in given:
        place = bisect_left(starts, event.at_s)
        merged += turns[done:place]
        merged.append(event)
        done = max(done, place)
    return [*merged, *turns[done:]]
