"""What a person does between two looks at an interview."""

from __future__ import annotations

from study.artefacts import Kind
from study.facts import DecisionFacts
from study.store import Study
from study.terms import Decision, Verdict


def decide(study: Study, interview: str, **verdicts: Verdict) -> None:
    with study.change("decided", interview) as change:
        for mention, verdict in verdicts.items():
            change.append(
                interview, Kind.MENTIONS, Decision(mention, verdict, 1, change.at), DecisionFacts(0)
            )
