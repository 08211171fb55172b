"""Which turns get another speaker, by what a person says. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from study.records import Turn


class SpeakerScope(StrEnum):
    """Which turns get the speaker: the values are the words people read."""

    ONE = "this turn"
    ONWARD = "from here on"
    ALL = "all of this speaker"


def select_turns(turns: Sequence[Turn], turn: Turn, scope: SpeakerScope) -> list[int]:
    """Return the keys of the turns that a scope means, seen from one of them."""
    if scope is SpeakerScope.ONE:
        return [turn.key]
    if scope is SpeakerScope.ONWARD:
        turns = turns[turns.index(turn) :]
    return [other.key for other in turns if other.speaker == turn.speaker]


def find_renamed_turns(turns: Sequence[Turn], names: Mapping[str, str]) -> dict[str, list[int]]:
    """Return the keys of the turns that get another speaker, by the code of that speaker.

    names: the new code by the one that the turns have.
    """
    found: dict[str, list[int]] = {}
    for turn in turns:
        code = names.get(turn.speaker, turn.speaker)
        if code != turn.speaker:
            found.setdefault(code, []).append(turn.key)
    return found
