"""How long each kind of data is kept: a rule for each, and whether the rules fit together.

Nothing is preselected: a kind without a rule is kept until somebody decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from study.destruction import DataKind
from study.errors import RetentionFlaw, RetentionRefused

MOST_YEARS = 100
_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # of a study's end, or of a day on which something goes
_OF_INTERVIEWS = (
    DataKind.SOUND, DataKind.RAW_WORDS, DataKind.CLEAN_TEXT, DataKind.REPLACEMENTS,
)  # fmt: skip
_WRITTEN = re.compile(r"(sign-off|end)(?:\+(\d{1,4}))?")


class RetentionTrigger(StrEnum):
    """From what a kind of data is kept. The value is the word people read."""

    SIGN_OFF = "sign-off"  # of each interview
    END = "end"  # of the study
    DATE = "date"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long one kind of data is kept.

    years: after the sign-off or the end of the study. date: as 2031-12-31, for ``DATE`` alone.
    """

    kind: DataKind
    trigger: RetentionTrigger
    years: int = 0
    date: str = ""

    def __str__(self) -> str:
        """Return the rule as it is typed: ``end+10``."""
        if self.trigger is RetentionTrigger.DATE:
            return self.date
        return f"{self.trigger}+{self.years}" if self.years else self.trigger.value

    def find_due_day(self, end: str, signed: str = "") -> date | None:
        """Return the day on which the data is due to go, None where it is not known yet.

        end: the day on which the study ended, signed: that of the sign-off; "" for neither.
        """
        if self.trigger is RetentionTrigger.DATE:
            return date.fromisoformat(self.date)
        begin = end if self.trigger is RetentionTrigger.END else signed
        return _add_years(date.fromisoformat(begin), self.years) if begin else None


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """The rules of a study, and the day on which it ended, "" where it has not."""

    rules: tuple[RetentionRule, ...] = ()
    end: str = ""

    def find_rule(self, kind: DataKind) -> RetentionRule | None:
        """Return the rule for a kind of data, None where it is kept until somebody decides."""
        return next((rule for rule in self.rules if rule.kind is kind), None)


def parse_rule(kind: DataKind, text: str) -> RetentionRule:
    """Return the rule that somebody typed: ``sign-off``, ``end+10``, or a date.

    Raises:
        RetentionRefused: it is none, or does not fit the kind.
    """
    written = text.strip().lower()
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return RetentionRule(kind, RetentionTrigger.DATE, date=parse_day(written))
    years = int(found[2] or 0)
    if years > MOST_YEARS:
        raise RetentionRefused(RetentionFlaw.NO_YEARS)
    trigger = RetentionTrigger(found[1])
    if trigger is RetentionTrigger.SIGN_OFF and kind not in _OF_INTERVIEWS:
        raise RetentionRefused(RetentionFlaw.NO_TRIGGER)
    return RetentionRule(kind, trigger, years)


def parse_day(text: str) -> str:
    """Return a day such as 2031-12-31 as it is stored.

    Raises:
        RetentionRefused: it is none, or not between 1900 and 2200.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as refused:
        raise RetentionRefused(RetentionFlaw.NO_DATE) from refused
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise RetentionRefused(RetentionFlaw.FAR_DATE)
    return day.isoformat()


def require_consistent(plan: RetentionPlan) -> None:
    """Refuse rules that contradict each other, as far as their days can be compared.

    Raises:
        RetentionRefused: with the first contradiction.
    """
    raw, clean = plan.find_rule(DataKind.RAW_WORDS), plan.find_rule(DataKind.CLEAN_TEXT)
    key, trail = plan.find_rule(DataKind.REPLACEMENTS), plan.find_rule(DataKind.TRAIL)
    consent = plan.find_rule(DataKind.CONSENT)
    if raw and clean and _is_before(plan, clean, raw):
        raise RetentionRefused(RetentionFlaw.CLEAN_BEFORE_RAW)
    texts = [rule for rule in (raw, clean) if rule]
    if key and len(texts) > 1 and all(_is_before(plan, one, key) for one in texts):
        raise RetentionRefused(RetentionFlaw.KEY_OUTLIVES)
    of_interviews = [rule for rule in plan.rules if rule.kind in _OF_INTERVIEWS]
    if consent and any(_is_before(plan, consent, one) for one in of_interviews):
        raise RetentionRefused(RetentionFlaw.CONSENT_FIRST)
    if trail and any(_is_before(plan, trail, one) for one in plan.rules):
        raise RetentionRefused(RetentionFlaw.TRAIL_FIRST)
    if consent and not (raw and clean):  # a kind without a rule is kept until somebody decides
        raise RetentionRefused(RetentionFlaw.CONSENT_ALONE)
    if trail and not (raw and clean):
        raise RetentionRefused(RetentionFlaw.TRAIL_ALONE)


def _is_before(plan: RetentionPlan, one: RetentionRule, other: RetentionRule) -> bool:
    """Whether one goes before another for certain: a sign-off comes before the study's end."""
    if one.trigger is other.trigger and one.trigger is not RetentionTrigger.DATE:
        return one.years < other.years
    if RetentionTrigger.SIGN_OFF in {one.trigger, other.trigger}:
        return one.trigger is RetentionTrigger.SIGN_OFF and not one.years
    first, second = one.find_due_day(plan.end), other.find_due_day(plan.end)
    return first is not None and second is not None and first < second


def merge_rules(plan: RetentionPlan, new: Iterable[tuple[DataKind, RetentionRule | None]]) -> (
    RetentionPlan
):  # fmt: skip
    """Return the plan with other rules for some kinds; None takes a kind's rule away."""
    rules = {rule.kind: rule for rule in plan.rules}
    for kind, rule in new:
        rules.pop(kind, None)
        if rule is not None:
            rules[kind] = rule
    ordered = tuple(rules[kind] for kind in DataKind if kind in rules)
    return RetentionPlan(ordered, plan.end)


def _add_years(day: date, years: int) -> date:
    year = min(day.year + years, date.max.year)  # a study may hold an end that was never checked
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, month=3, day=1)
