"""The plan of keeping data as the trail tells it, for whoever's keys do not open the plan itself.

Its rules are no secret: the line that sets them names them. Which interviews were signed off when
is told there as well.
"""

from __future__ import annotations

from study.destruction import DataKind
from study.errors import RetentionRefused
from study.permissions import RETENTION_SET
from study.retention import RetentionPlan, parse_rule
from study.store.database import map_storage_errors
from study.store.study import Study
from study.store.trail import read_proven_lines
from study.store.trail_authors import SIGNED_OFF

_END = "end"


def read_told_plan(study: Study) -> RetentionPlan:
    """Return the plan that the newest line set which was written by whom it names, who may.

    An empty one where there is none, or where that line holds no rules.
    """
    plan = RetentionPlan()
    with study.lock, map_storage_errors():
        authors = study.authors.refresh()
        lines = [
            one.line
            for one in read_proven_lines(study.db, frozenset({RETENTION_SET}))
            if not authors.find_flaw(one)
        ]
    if lines:
        told = {name: str(fact) for name, fact in lines[-1].facts.items()}
        try:
            rules = tuple(parse_rule(kind, told[kind]) for kind in DataKind if kind in told)
        except RetentionRefused:
            return plan
        plan = RetentionPlan(rules, told.get(_END, ""))
    return plan


def read_told_sign_off_day(study: Study, interview: str) -> str:
    """Return the day of the line that ruled on an interview last, "" where it was not signed off.

    Whether the sign-off still holds is known to whoever opens it.
    """
    with study.lock, map_storage_errors():
        authors = study.authors.refresh()
        found = authors.find_ruling(interview)
        flaw = authors.find_flaw(found) if found else ""
    is_signed = found is not None and found.line.verb == SIGNED_OFF and not flaw
    return found.line.at[:10] if found is not None and is_signed else ""
