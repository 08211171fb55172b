"""What a data officer found when looking at lines of the anonymisation log again.

A check is of one decision as it stood: once the mention is decided otherwise, it counts no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from study.artefacts import Kind
from study.store import Study
from study.terms import LogLine, Objection


class Found(StrEnum):
    """What was found."""

    RIGHT = "right"
    WRONG = "objected to"
    OPEN = "not looked at again after all"


@dataclass(frozen=True, slots=True)
class Check:
    """One look at one line. decided_at: the decision's own time; by: the slot; at: ISO 8601."""

    mention: str
    decided_at: str
    found: str
    by: int
    at: str
    reason: str = ""


def read(study: Study, interview: str, log: Iterable[LogLine]) -> dict[str, Check]:
    """Return by the mention's key what was found last, where it still fits the log.

    Raises:
        KeyNotHeld: the passphrase in use does not open clean transcripts.
    """
    newest = {one.mention: one for one in study.entries(interview, Kind.CHECKS, Check)}
    return {
        line.mention: one
        for line in log
        if (one := newest.get(line.mention)) is not None
        and one.decided_at == line.at
        and one.found != Found.OPEN
    }


def note(study: Study, interview: str, line: LogLine, found: Found, reason: str = "") -> Check:
    """Note what was found at a line; a later look at it counts instead."""
    with study.change(f"line of the log {found}", interview) as change:
        if not study.version(interview, Kind.CHECKS):
            change.put(interview, Kind.CHECKS, {})
        made = Check(line.mention, line.at, found, study.ring.slot, change.at, reason)
        change.append(interview, Kind.CHECKS, made)
    return made


def objections(found: dict[str, Check]) -> list[Objection]:
    """Return what was objected to, as reasons to send the interview back."""
    return [Objection(c.reason, c.mention) for c in found.values() if c.found == Found.WRONG]
