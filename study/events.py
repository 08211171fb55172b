"""Events of a recording, as a transcript holds them and as people read them.

The sound file holds marks as the recorder wrote them; a transcript holds events: the same records
in the order of time, with one record for each pause, of its true length. Times are seconds of the
recorded sound.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from study.records import Mark, MarkKind, Turn
from study.sentence_ends import text_ends_sentence

ASIDE_KINDS = frozenset({
    MarkKind.PAUSED, MarkKind.OFF_RECORD, MarkKind.DISTRESS, MarkKind.DISTRESS_OR_DISSENT,
})  # fmt: skip
CONSENT_KINDS = frozenset({MarkKind.AFFIRMED, MarkKind.ASSENT, MarkKind.DISSENT})
MISSING_KINDS = frozenset({MarkKind.LOST, MarkKind.GAP, MarkKind.ABSENT})
# Silence in the sound that nobody kept: a microphone that was off, or a hole in an imported file.
BLANK_KINDS = frozenset({MarkKind.MUTED, MarkKind.ABSENT})
TURN_BREAKS = (
    ASIDE_KINDS | MISSING_KINDS | {MarkKind.TOPIC, MarkKind.JOINT}
)  # no turn runs on over one of these
# Keys that are pressed while somebody speaks: where they stand in a text, they cut no sentence.
PRESSED_KINDS = frozenset({MarkKind.MARKER, MarkKind.TOPIC})
_SAME_SENTENCE_S = 2.0  # between two turns of one speaker; a longer pause may part a sentence
_FARTHEST_S = 15.0  # from its own time a marker or a topic is placed
# The turns say who speaks; the other two have nothing to do with the words.
_HIDDEN_KINDS = frozenset({MarkKind.SPEAKER, MarkKind.SLOW_DISK, MarkKind.CLOCK})
_KINDS_WITH_NOTE = frozenset({
    MarkKind.TOPIC, MarkKind.SPEAKER, MarkKind.OVERLAP, MarkKind.JOINT,
})  # fmt: skip
_WORDS: dict[str, str] = {
    MarkKind.PAUSED: "recording paused",
    # P is pressed for a participant who needs a pause; nobody says why.
    MarkKind.DISTRESS: "paused for the participant",
    MarkKind.DISTRESS_OR_DISSENT: "paused for the participant",
    MarkKind.AFFIRMED: "asked again, and agreed",
    MarkKind.ASSENT: "asked again, and showed assent",
    MarkKind.DISSENT: "did not want to go on, recording ended",
    MarkKind.LOST: "sound missing",
    MarkKind.GAP: "sound missing",
    MarkKind.ABSENT: "sound missing",
    MarkKind.MUTED: "no sound from the microphone",
    MarkKind.DRAFT: "a draft, heard quickly: transcribe it again before you rely on a word",
    MarkKind.MODEL: 'transcribed by a speech model, which leaves out most hesitations ("um")',
}


def order_events(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks as events, ordered by time; marks of the same time stay in their order.

    A recorder marks a pause when it begins and, with its length, when it ends: these two become
    one event. One that never ended, because the power failed, has the length 0.0. A marker and
    the note that was typed to it become one as well.
    """
    made: list[Mark] = []
    begun: dict[str, int] = {}
    for mark in sorted(marks, key=lambda mark: mark.at_s):
        bare = replace(mark, note="")
        if mark.kind == MarkKind.MARKER and mark.note and bare in made:
            made[made.index(bare)] = mark
        elif mark.kind not in ASIDE_KINDS:
            made.append(mark)
        elif not mark.length_s:
            begun[mark.kind] = len(made)
            made.append(mark)
        elif mark.kind in begun and made[begun[mark.kind]].at_s == mark.at_s:
            made[begun.pop(mark.kind)] = mark
        else:
            made.append(mark)
    return tuple(made)


def strip_notes(events: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return the events without notes that could identify somebody.

    Only topic headings, which come from the study's guide, speakers' codes and the number of a
    joined file stay.
    """
    return tuple(e if e.kind in _KINDS_WITH_NOTE else replace(e, note="") for e in events)


def select_shown_events(events: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return the events that a reader of the transcript sees."""
    return tuple(event for event in events if event.kind not in _HIDDEN_KINDS)


def select_pauses(
    events: Iterable[Mark], turns: Sequence[Turn], pause_s: float
) -> tuple[Mark, ...]:
    """Return the events without the silences that readers are not shown.

    pause_s: the shortest silence that is shown, 0.0 for none. A silence inside a turn is never
    shown: when the interview was transcribed, turns ended at the silences shown at that time.
    """
    said = sorted((turn.start_s, turn.end_s) for turn in turns)
    starts = [start_s for start_s, _ in said]
    latest = list(accumulate((end_s for _, end_s in said), max))

    def is_shown(event: Mark) -> bool:
        before = bisect_left(starts, event.at_s)
        is_inside = before > 0 and latest[before - 1] > event.at_s
        return bool(pause_s) and round(event.length_s, 1) >= pause_s and not is_inside

    return tuple(e for e in events if e.kind != MarkKind.SILENCE or is_shown(e))


def describe_event(event: Mark) -> str:
    """Return an event in a line: a topic as a heading, all else in round brackets.

    The line holds the event's note as it is: the caller sanitises it for a screen.
    """
    if event.kind == MarkKind.TOPIC:
        return f"Topic: {event.note}"
    if event.kind == MarkKind.JOINT:
        return f"(file {event.note} begins)"
    if event.kind == MarkKind.SILENCE:
        return f"({format_duration(event.length_s)})"
    if event.kind == MarkKind.OVERLAP:
        return f"({' and '.join(event.note.split())} at once, {format_duration(event.length_s)})"
    words = _WORDS.get(event.kind, event.kind)
    if event.kind in {MarkKind.AFFIRMED, MarkKind.ASSENT} and not event.at_s:
        words = words.replace("asked again", "asked")  # before the first word
    length = f", {format_duration(event.length_s)}" if event.length_s else ""
    note = f": {event.note}" if event.note else ""
    return f"({words}{length}{note})"


def format_duration(seconds: float) -> str:
    """Return a length of time, rounded to the second: ``40 s``, ``2 min 10 s``, ``1 h 5 min``."""
    whole = max(1, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else rest, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def merge_events(turns: Sequence[Turn], events: Iterable[Mark]) -> list[Turn | Mark]:
    """Return turns and events in reading order: each event before the turns that begin after it.

    A marker or a topic that was pressed in a turn stands before or after it, whichever is nearer,
    and never between two turns of one sentence. Both are ordered by time.
    """
    starts = [turn.start_s for turn in turns]
    placed = [(_find_place(turns, bisect_left(starts, event.at_s), event), event)
              for event in events]  # fmt: skip
    merged: list[Turn | Mark] = []
    done = 0
    for place, event in sorted(placed, key=lambda pair: pair[0]):
        merged += turns[done:place]
        merged.append(event)
        done = place
    return [*merged, *turns[done:]]


def _find_place(turns: Sequence[Turn], place: int, event: Mark) -> int:
    """Return how many turns stand before an event, of which ``place`` begin before it."""
    if event.kind not in PRESSED_KINDS or not place:
        return place
    is_inside = event.at_s < turns[place - 1].end_s
    first, last = place - is_inside, place
    while first and _goes_on(turns, first):
        first -= 1
    while last < len(turns) and _goes_on(turns, last):
        last += 1
    if first == last:
        return place
    before_s = event.at_s - turns[first].start_s
    after_s = turns[last - 1].end_s - event.at_s
    if min(before_s, after_s) > _FARTHEST_S and not is_inside:
        return place
    return first if before_s <= after_s else last


def _goes_on(turns: Sequence[Turn], place: int) -> bool:
    """Whether a turn goes on with the sentence of the one before it."""
    if place >= len(turns):
        return False
    before, after = turns[place - 1], turns[place]
    return (
        before.speaker == after.speaker
        and after.start_s - before.end_s < _SAME_SENTENCE_S
        and not before.text.endswith(")")  # "(not transcribed)"
        and not text_ends_sentence(before.text)
    )
