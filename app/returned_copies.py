"""Which interviews have a participant's copy that came back and waits for a person."""

from __future__ import annotations

from collections.abc import Iterable

from study import ArtefactKind, InterviewSummary
from study.errors import KeyNotHeld
from study.store import Interview, Study


def has_waiting_return(interview: Interview) -> bool:
    """Whether a copy came back of which not all was entered; False to who may not read it.

    Raises:
        StudyDamaged: it is not what was written.
    """
    if not interview.find_newest_version(ArtefactKind.RETURNED):
        return False
    from handoff import find_returned  # which leans on all that reads Word files

    try:
        there = find_returned(interview)
    except KeyNotHeld:
        return False
    return there is not None and not there.is_entered


def list_waiting_returns(study: Study, summaries: Iterable[InterviewSummary]) -> frozenset[str]:
    """Return the ids of the interviews whose copy came back and waits.

    Raises:
        StudyDamaged: one is not what was written.
    """
    return frozenset(
        one.id
        for one in summaries
        if ArtefactKind.RETURNED in one.versions and has_waiting_return(study.interview(one.id))
    )
