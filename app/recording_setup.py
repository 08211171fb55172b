"""The plan of a recording: who takes part, which microphone, and its entry in the study.

The screens and the shell begin a recording in the same way: here. Nothing here opens a microphone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from study import (
    ArtefactKind,
    GatedAction,
    InterviewDetails,
    InterviewState,
    InterviewSummary,
    Participant,
    RecordingSetup,
    Role,
    is_code,
)
from study.errors import BadName
from study.store import (
    WHOLE_STUDY,
    Change,
    Study,
    read_settings,
    require_consent,
    require_none_withdrawn,
)

_NUMBERED = re.compile(r"([A-Za-z]+)(\d+)(?:_i(\d+))?")
_FIRST_LABEL = "P01_i1"


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """A recording before it begins; ``interview`` is the interview's id, "" for a new one."""

    about: InterviewDetails
    setting: RecordingSetup
    interview: str = ""


def enter_recording_plan(study: Study, plan: RecordingPlan) -> str:
    """Enter a plan in the study, and the interview where it is new; return the interview's id.

    An interview of this label that has no sound yet is used again: its microphone failed at once.

    Raises:
        BadName: the label or a code has wrong characters, or the label is taken.
        HasWithdrawn: somebody who takes part has withdrawn from the study, in whatever role.
        ConsentError: the consent of who is present does not cover it.
        StudyInUse, StudyUnwritable, DiskFull: nothing was entered.
    """
    empty = None if plan.interview else find_empty(study, plan.about.label)
    known = empty.id if empty else plan.interview
    present = plan.setting.present
    require_none_withdrawn(study.whole, plan.about.codes)
    require_consent(study, GatedAction.RECORD, plan.about, present, interview=known)
    with study.change("recording prepared", known) as change:
        interview = known or change.add_interview(plan.about)
        if known:
            _write_details(change, plan)
        change.write_artefact(ArtefactKind.SETTING, plan.setting)
        _write_device(change, plan.setting.device)
    return interview


def find_empty(study: Study, label: str) -> InterviewSummary | None:
    """Return the interview of this label that has no sound, because its microphone failed."""
    fitting = (s for s in study.summaries() if s.label == label and s.state is InterviewState.EMPTY)
    return next(fitting, None)


def list_speaker_codes(about: InterviewDetails, present: Sequence[str]) -> tuple[str, ...]:
    """Return the participants' codes in the order of their keys, at most nine: those here first."""
    codes = [participant.code for participant in about.participants]
    return (*(c for c in codes if c in present), *(c for c in codes if c not in present))[:9]


def suggest_label(summaries: Sequence[InterviewSummary], agreed: Iterable[str] = ()) -> str:
    """Return a label for the first interview with somebody new: ``P10_i1`` after ``P09_i2``.

    agreed: the codes of everybody whose consent is recorded; who of them is in no interview yet
    comes first.
    """
    known = {code for one in summaries if one.about for code in one.about.codes}
    labels = {one.label for one in summaries}
    waiting = (code for code in sorted(agreed) if code not in known)
    if label := next((f"{code}_i1" for code in waiting if f"{code}_i1" not in labels), ""):
        return label
    found = [m for s in reversed(summaries) if (m := _NUMBERED.fullmatch(s.label))]
    if not found:
        return _FIRST_LABEL
    prefix = found[0][1]
    digits = [m[2] for m in found if m[1] == prefix]
    return f"{prefix}{max(map(int, digits)) + 1:0{len(digits[0])}}_i1"


def suggest_spoken_label(code: str, summaries: Sequence[InterviewSummary]) -> str:
    """Return a free label for the recording of a spoken consent: ``P07_consent``."""
    taken = {summary.label for summary in summaries}
    free = (f"{code}_consent{number or ''}" for number in (0, *range(2, len(taken) + 3)))
    return next(label for label in free if label not in taken)


def suggest_participants(
    label: str, summaries: Sequence[InterviewSummary]
) -> tuple[Participant, ...]:
    """Return the likely participants: the one that the label names, and the last interviewers.

    Where an earlier interview has the same beginning (``P07_i1`` for ``P07_i2``), return the
    participants of that one.
    """
    code = label.partition("_")[0]
    for summary in reversed(summaries):
        if summary.about and summary.label.partition("_")[0] == code:
            if summary.about.participants:
                return summary.about.participants
            break
    named = (Participant(code),) if is_code(code) else ()
    for summary in reversed(summaries):
        interviewers = [
            p for p in (summary.about.participants if summary.about else ())
            if p.role is Role.INTERVIEWER
        ]  # fmt: skip
        if interviewers:
            return (*named, *interviewers)
    return named


def format_participants(participants: Sequence[Participant]) -> str:
    """Write the participants in the form that ``parse_participants`` reads."""
    return ", ".join(
        p.code if p.role is Role.PARTICIPANT else f"{p.code}:{p.role}" for p in participants
    )


def parse_participants(text: str, known: Sequence[Participant] = ()) -> tuple[Participant, ...]:
    """Read ``P07, INT01:interviewer``; a role may be shortened. Names that are known stay.

    Raises:
        BadName: a code or a role does not exist, or a code stands there twice.
    """
    before = {participant.code: participant for participant in known}
    parsed: dict[str, Participant] = {}
    for part in filter(None, (part.strip() for part in text.replace(";", ",").split(","))):
        code, _, role = (side.strip() for side in part.partition(":"))
        if not is_code(code) or code in parsed:
            raise BadName("participant code")
        parsed[code] = replace(before.get(code, Participant(code)), role=_role(role))
    return tuple(parsed.values())


def _role(begun: str) -> Role:
    fitting = [role for role in Role if role.value.startswith(begun.casefold())]
    if not begun:
        return Role.PARTICIPANT
    if len(fitting) != 1:
        raise BadName("role")
    return fitting[0]


def _write_details(change: Change, plan: RecordingPlan) -> None:
    interview = change.study.interview(change.interview)
    about = interview.read_artefact(ArtefactKind.ABOUT, InterviewDetails)
    if about is None:
        return
    now = replace(
        about,
        participants=plan.about.participants,
        register=plan.about.register,
        language=plan.about.language,
    )
    if now != about:
        change.write_artefact(ArtefactKind.ABOUT, now)


def _write_device(change: Change, device: str) -> None:
    known = read_settings(change.study)
    if device and device != known.device:
        change.write_artefact(
            ArtefactKind.SETTINGS, replace(known, device=device), owner=WHOLE_STUDY
        )
