"""How verbs name turns and headings, so that a number that is out of date is noticed."""

from __future__ import annotations

from collections.abc import Sequence

from cli.console import Console
from study import Mark, MarkKind, Turn, TurnNumbers, format_clock

_SHOWN_WORDS = 8  # of a turn, enough to know it again


def list_topics(events: Sequence[Mark]) -> list[int]:
    """Return the places of the topics among the events: their headings are numbered from 1."""
    return [place for place, event in enumerate(events) if event.kind == MarkKind.TOPIC]


def tell_edited_turn(console: Console, turn: Turn, numbers: TurnNumbers, *, is_timed: bool) -> None:
    """Say which turn an edit was about and, on a terminal, what it said before."""
    words = turn.text.split()
    more = " …" if len(words) > _SHOWN_WORDS else ""
    when = f" at {format_clock(turn.start_s)}" if is_timed else ""
    console.say_privately(
        f"Edited: turn {numbers.show_turn(turn.key)}{when}, {turn.speaker}",
        f"{' '.join(words[:_SHOWN_WORDS])}{more}",
    )
