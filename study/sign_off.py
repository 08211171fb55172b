"""The newest sign-off of an interview, and whether it still holds.

A sign-off holds for the exact bytes that were signed. Any edit, search or decision makes it void
for good, even one that is undone afterwards: somebody has to look again.
"""

from __future__ import annotations

from dataclasses import dataclass

from study.records import OfficerRuling, SignOff


@dataclass(frozen=True, slots=True)
class StandingSignOff:
    """The newest sign-off of an interview; ``why_void`` is "" while it holds."""

    sign_off: SignOff
    version: int
    why_void: str = ""

    @property
    def is_sent_back(self) -> bool:
        """Whether the officer sent it back."""
        return self.sign_off.ruling is OfficerRuling.SENT_BACK

    @property
    def is_valid(self) -> bool:
        """Whether it allows today's clean transcript to be handed over."""
        return self.sign_off.ruling is OfficerRuling.SIGNED and not self.why_void
