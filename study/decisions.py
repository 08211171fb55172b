"""Mentions with the decisions about them: the newest decision about a mention counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from study.records import Decision, Mention, Verdict


@dataclass(frozen=True, slots=True)
class DecidedMention:
    """A mention and its newest decision, None while it is undecided."""

    mention: Mention
    decision: Decision | None

    @property
    def is_replaced(self) -> bool:
        """Whether the clean transcript has a replacement in its place."""
        return self.decision is not None and self.decision.verdict in {
            Verdict.ACCEPTED,
            Verdict.CHANGED,
        }

    @property
    def replacement(self) -> str:
        """The replacement that a person typed, else the proposed one."""
        if self.decision is not None and self.decision.verdict is Verdict.CHANGED:
            return self.decision.replacement
        return self.mention.replacement


def pair_decisions(
    mentions: Iterable[Mention], decisions: Iterable[Decision]
) -> list[DecidedMention]:
    """Pair each mention with its newest decision; UNDONE leaves it undecided."""
    newest = {decision.mention: decision for decision in decisions}
    pairs = ((mention, newest.get(mention.key)) for mention in mentions)
    return [
        DecidedMention(m, None if d is None or d.verdict is Verdict.UNDONE else d) for m, d in pairs
    ]
