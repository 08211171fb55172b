"""What a hand-over would do, for the question before it: which folder, and whose sign-off goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.dissent import read_dissent
from app.quoting import tell_kept_from_archives
from study import GatedAction, InterviewState, InterviewSummary
from study.store import Study, require_interview_consent

EXPORT_VERB = "export"
_SIGNED = frozenset({InterviewState.SIGNED, InterviewState.HANDED})


@dataclass(frozen=True, slots=True)
class HandOverPlan:
    """The interview that would be handed over, the new folder for its files, and their formats.

    warnings: sentences about who did not want to go on being recorded, or said no to an archive.
    """

    label: str
    folder: Path
    formats: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def is_signed(summary: InterviewSummary) -> bool:
    """Whether a sign-off holds, which a change of the interview would take back."""
    return summary.state in _SIGNED


def plan_hand_over(study: Study, interview: str) -> HandOverPlan | None:
    """Return what a hand-over would do; None where no sign-off holds, so that it is refused.

    Raises:
        ConsentError: somebody who was heard did not agree to it.
        NothingToWrite: no file at all would be written of it.
    """
    # They write documents: a review opens without them.
    from handoff import ExportOrder, find_next_folder, leave_out_empty_formats

    one = study.interview(interview)
    require_interview_consent(one, GatedAction.HAND_OVER)
    if not is_signed(one.summary):
        return None
    day = date.fromisoformat(study.now()[:10])
    order = leave_out_empty_formats(study, ExportOrder((interview,)), day)
    folder = find_next_folder(study, [one])
    warnings = tuple(filter(None, (read_dissent(one), tell_kept_from_archives(one))))
    return HandOverPlan(one.label, folder, order.written_formats, warnings)


def list_signed(study: Study, interviews: Iterable[str]) -> list[InterviewSummary]:
    """Return those of these interviews whose sign-off holds now."""
    return [one for id_ in interviews if is_signed(one := study.interview(id_).summary)]
