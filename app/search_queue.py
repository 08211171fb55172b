"""Which interviews wait to be searched for identifying details."""

from __future__ import annotations

from app.withdrawn import find_withdrawals, is_locked, list_withdrawn
from study import InterviewState, InterviewSummary
from study.store import Study

_TO_SEARCH = frozenset({InterviewState.TRANSCRIBED, InterviewState.CORRECTED})


def list_unsearched(study: Study) -> list[InterviewSummary]:
    """Return the interviews with a transcript that was never searched, or was corrected since.

    Those of others are left out where the role of who is there works on own ones alone, and those
    that are lent or that somebody has taken back.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    withdrawn = list_withdrawn(study)
    with study.lock:
        lent = study.authors.refresh().list_lent()
    return [
        one
        for one in study.summaries()
        if one.state in _TO_SEARCH
        and one.is_own
        and one.id not in lent
        and not is_locked(one, find_withdrawals(one, withdrawn))
    ]
