"""How far the review of an interview is: the turns somebody looked at, and whether it is ready.

A reviewer who is done marks the interview as ready for the data officer. The mark holds for the
state that was reviewed: a later edit or decision makes it void, as it does a sign-off.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReviewStep(StrEnum):
    """What a note says: turns were looked at, or the review is done."""

    LOOKED = "looked at"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """One note. step: a ``ReviewStep``. by: the slot. at: ISO 8601. turns: their keys."""

    step: str
    by: int
    at: str
    turns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """All notes together: keys of the turns looked at, and the note that says it is ready."""

    looked_at: frozenset[int] = frozenset()
    ready: ReviewNote | None = None
