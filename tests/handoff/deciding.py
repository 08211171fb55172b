"""Decide mentions as a person would."""

from __future__ import annotations

from study import ArtefactKind, Decision, DecisionFacts, Verdict
from study.store import Study


def decide(study: Study, interview: str, **verdicts: Verdict) -> None:
    with study.interview(interview).change("decided") as change:
        for mention, verdict in verdicts.items():
            change.append_entry(
                ArtefactKind.MENTIONS,
                Decision(mention, verdict, 1, change.made_at),
                DecisionFacts(0),
            )
