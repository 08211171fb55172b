"""Somebody's safety is in doubt: what was heard, and whom was told when.

A note lies apart from the interview, under a key of its own, and whoever reads it is noted. It
stays when the interview is destroyed, because it may be asked for later.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SomebodyTold:
    """Whom was told of it, on which day (2026-11-29), and by which slot that was entered."""

    who: str
    on: str
    by: int = 0


@dataclass(frozen=True, slots=True)
class SafeguardingNote:
    """What was heard in an interview that may not stay confidential.

    interview: its id; label: as people know it. what: as typed. told: whom, the oldest first.
    """

    interview: str
    label: str
    what: str
    by: int
    at: str
    told: tuple[SomebodyTold, ...] = ()
