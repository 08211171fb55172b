"""Spot checks: what a data officer found when checking lines of the anonymisation log.

A check is about one decision. Once the mention is decided again, the check no longer counts.
"""

from __future__ import annotations

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
    """One check of one line of the log.

    decided_at: the time of the decision. found: a ``SpotCheckResult``. by: the slot whose
    passphrase was in use. at: an ISO 8601 time.
    """

    mention: str
    decided_at: str
    found: str
    by: int
    at: str
    reason: str = ""


def list_objections(checks: dict[str, SpotCheck]) -> list[Objection]:
    """Return the objections among spot checks, as reasons to send the interview back."""
    return [
        Objection(c.reason, c.mention) for c in checks.values() if c.found == SpotCheckResult.WRONG
    ]
