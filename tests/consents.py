"""Consents for tests: everything agreed to, or all but one thing."""

from __future__ import annotations

from dataclasses import replace

from study import (
    CapacityState,
    ConsentAnswer,
    ConsentPurpose,
    ConsentRecord,
    ConsentRule,
    PaperVersion,
)
from study.store import Study, change_study_policy, keep_consent, read_study_policy

_PAPER = PaperVersion("1", "2026-03-01")
ALL = dict.fromkeys(ConsentPurpose, ConsentAnswer.YES)


def agreed(
    code: str = "P07",
    *,
    but: ConsentPurpose | None = None,
    answer: ConsentAnswer = ConsentAnswer.NO,
    capacity: CapacityState = CapacityState.HAS_CAPACITY,
) -> ConsentRecord:
    """A consent to everything; but: what was answered otherwise, and how."""
    answers = ALL | ({but: answer} if but else {})
    return ConsentRecord(
        code, _PAPER, _PAPER, "INT01", "2026-11-20", answers=answers, capacity=capacity
    )


def ask_for(study: Study, rule: ConsentRule) -> None:
    """Let a study's policy ask for consent by a rule."""
    change_study_policy(study, replace(read_study_policy(study), consent=rule))


def keep_agreed(study: Study, *codes: str, but: ConsentPurpose | None = None) -> None:
    """Let a study ask for a record of each participant, and keep one for these."""
    ask_for(study, ConsentRule.RECORDED)
    for code in codes:
        keep_consent(study, agreed(code, but=but))
