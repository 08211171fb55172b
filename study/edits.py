"""What a person does to a transcript, one edit at a time, as the study keeps it.

An edit says what the turns are after it, not how they came to be so: to read it again needs no
rule that a later Earshot might change. Taking back and doing again are edits as well, so none is
ever removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from study.terms import Turn


class Act(StrEnum):
    """What kind of edit it is. The value is the word people read."""

    TEXT = "words corrected"
    SPLIT = "turn split"
    JOIN = "turns joined"
    SPEAKER = "speaker set"
    REMOVE = "turn removed"
    REPLACE = "found and replaced"
    HEADING = "heading corrected"
    CHECKED = "doubt settled"
    UNDO = "undone"
    REDO = "done again"


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit.

    turns: those that are different or new, as they are now. gone: keys of turns that are no more.
    keys, speaker: turns that somebody else speaks, and who. notes: new notes of events, by their
    place in the transcript. goes_on: it belongs to the edit before and is undone with it.
    by: the slot whose passphrase was in use; at: an ISO 8601 time.
    """

    act: str
    by: int
    at: str
    turns: tuple[Turn, ...] = ()
    gone: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()
    speaker: str = ""
    notes: tuple[tuple[int, str], ...] = ()
    goes_on: bool = False

    @property
    def touched(self) -> frozenset[int]:
        """Keys of all turns that it changes, makes or removes."""
        return frozenset([*(turn.key for turn in self.turns), *self.gone, *self.keys])
