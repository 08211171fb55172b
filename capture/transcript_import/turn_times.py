"""Put the turns of a file into an order that its times allow, and say what was not as it should be.

Subtitles go by their times: one that stands out of order moves to its place. Running text goes by
its lines: a turn whose time is earlier than the one before it keeps its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from capture.transcript_import.imported_turn import ImportedTurn, ReadTurns, join_cues


class TimeFlaw(StrEnum):
    """What is wrong with the time of a turn, and what became of it, as people read it."""

    OUT_OF_ORDER = "stood out of order in the file and is now where its time is"
    GOES_BACK = (
        "has an earlier time than the turn before it; it keeps its place and takes that time"
    )
    ENDS_EARLY = "ended before it began; it now ends where it begins"


@dataclass(frozen=True, slots=True)
class TimeRemark:
    """How many turns of a file have one flaw."""

    flaw: TimeFlaw
    turns: int


def order_turns(read: ReadTurns) -> tuple[list[ImportedTurn], tuple[TimeRemark, ...]]:
    """Return turns of which none begins before the one above it or ends before it begins.

    Subtitles that are one turn are joined. The order of turns without a time does not change.
    """
    counts = dict.fromkeys(TimeFlaw, 0)
    said = [_close(turn, counts) for turn in read.said]
    if read.by_time:
        said = join_cues(_sort(said, counts))
    latest = 0.0
    for place, turn in enumerate(said):
        if turn.start_s is None:
            continue
        if turn.start_s < latest:
            counts[TimeFlaw.GOES_BACK] += 1
            end_s = None if turn.end_s is None else max(turn.end_s, latest)
            said[place] = replace(turn, start_s=latest, end_s=end_s, words=())
        latest = max(latest, turn.start_s)
    return said, tuple(TimeRemark(flaw, count) for flaw, count in counts.items() if count)


def _close(turn: ImportedTurn, counts: dict[TimeFlaw, int]) -> ImportedTurn:
    if turn.start_s is None or turn.end_s is None or turn.end_s >= turn.start_s:
        return turn
    counts[TimeFlaw.ENDS_EARLY] += 1
    return replace(turn, end_s=turn.start_s)


def _sort(said: list[ImportedTurn], counts: dict[TimeFlaw, int]) -> list[ImportedTurn]:
    latest = 0.0
    for turn in said:
        start_s = turn.start_s or 0.0
        counts[TimeFlaw.OUT_OF_ORDER] += start_s < latest
        latest = max(latest, start_s)
    return sorted(said, key=lambda turn: turn.start_s or 0.0)
