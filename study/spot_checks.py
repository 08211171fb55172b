"""Spot checks: what a data officer found in lines of the anonymisation log, and in turns.

A check is about one decision. Once the mention is decided again, the check no longer counts. An
objection to a turn, in which something was missed, counts until it is taken back or sent back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from study.records import Objection


class SpotCheckResult(StrEnum):
    """What an officer found at a line; OPEN takes an earlier finding back."""

    RIGHT = "right"
    WRONG = "objected to"
    OPEN = "not looked at again after all"


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """One check of one line of the log, or of one turn of the clean transcript.

    mention: of the line, "" where it is about a turn. decided_at: the time of the decision, "" for
    a turn. found: a ``SpotCheckResult``. by: the slot whose passphrase was in use. at: an ISO 8601
    time. turn: the key of the turn, 0 where it is about a line. rulings: how many rulings there
    were on the interview, for a turn. heard: the version of the transcription that the turn is of.
    """

    mention: str
    decided_at: str
    found: str
    by: int
    at: str
    reason: str = ""
    turn: int = 0
    rulings: int = 0
    heard: int = 0


def list_objections(checks: Iterable[SpotCheck]) -> list[Objection]:
    """Return the objections among spot checks, as reasons to send the interview back."""
    return [
        Objection(c.reason, c.mention, c.turn) for c in checks if c.found == SpotCheckResult.WRONG
    ]
