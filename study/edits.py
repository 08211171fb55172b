"""An edit of a transcript, as the study stores it.

An edit holds the turns as they are after it, not the operation that changed them: replaying it
needs no rule that a later Earshot might change. Undo and redo are edits as well, so none is ever
removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from study.records import Coverage, Mark, Turn


class EditKind(StrEnum):
    """What kind of edit it is. The value is the word people read."""

    TEXT = "words corrected"
    SPLIT = "turn split"
    JOIN = "turns joined"
    SPEAKER = "speaker set"
    REMOVE = "turn removed"
    REPLACE = "found and replaced"
    HEADING = "heading corrected"
    TOPIC = "topic added"
    CHECKED = "doubt settled"
    HEARD = "taken from a second hearing"
    BACK = "taken back from a loan"
    LATER = "recorded later"  # the turns of what was recorded after the transcript was made
    UNDO = "undone"
    REDO = "done again"


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit.

    turns: the changed and new ones, as they are now. gone: keys of removed turns. keys, speaker:
    turns that get another speaker, and who that is. notes: new notes of events, by their place in
    the transcript. events: new ones. goes_on: it belongs to the edit before and is undone with it.
    hearing: the version of the second hearing that the words come from, 0 where a person typed
    them. coverage: of the whole transcript from then on, None where it stays as it was.
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
    events: tuple[Mark, ...] = ()
    goes_on: bool = False
    hearing: int = 0
    coverage: Coverage | None = None

    @property
    def changed_keys(self) -> frozenset[int]:
        """Keys of all turns that it changes, makes or removes."""
        return frozenset([*(turn.key for turn in self.turns), *self.gone, *self.keys])
