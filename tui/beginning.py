"""What is settled before the first word of a recording, and how it is entered in the study.

The screens and the shell begin a recording in the same way: here. Nothing here opens a microphone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from study.artefacts import Kind, State, Summary
from study.change import Change, is_code
from study.conventions import settings
from study.errors import BadName
from study.store import WHOLE_STUDY, Study
from study.terms import About, Participant, Role, Setting

_NUMBERED = re.compile(r"([A-Za-z]+)(\d+)(?:_i(\d+))?")
_FIRST_LABEL = "P01_i1"


@dataclass(frozen=True, slots=True)
class Plan:
    """A recording as it is about to begin. ``interview`` is its id, empty for a new one."""

    about: About
    setting: Setting
    interview: str = ""


def enter(study: Study, plan: Plan) -> str:
    """Enter what was settled, with the interview where it is new, and return the interview's id.

    An interview of that label that has no sound yet is taken up: its microphone failed at once.

    Raises:
        BadName: a label or a code is none, or the label is taken.
        StudyInUse, StudyUnwritable, DiskFull: nothing was entered.
    """
    empty = None if plan.interview else find_empty(study, plan.about.label)
    known = empty.id if empty else plan.interview
    with study.change("recording prepared", known) as change:
        interview = known or change.add_interview(plan.about)
        if known:
            _describe(change, study, plan, known)
        change.put(interview, Kind.SETTING, plan.setting)
        _remember(change, study, plan.setting.device)
    return interview


def find_empty(study: Study, label: str) -> Summary | None:
    """Return the interview of that label that has no sound, because its microphone failed."""
    fitting = (s for s in study.summaries() if s.label == label and s.state is State.EMPTY)
    return next(fitting, None)


def speakers(about: About, present: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of those who may speak, in the order of their keys: who is here first."""
    codes = [participant.code for participant in about.participants]
    return (*(c for c in codes if c in present), *(c for c in codes if c not in present))[:9]


def next_label(summaries: Sequence[Summary]) -> str:
    """Return a label for the first interview with somebody new: ``P10_i1`` after ``P09_i2``."""
    found = [m for s in reversed(summaries) if (m := _NUMBERED.fullmatch(s.label))]
    if not found:
        return _FIRST_LABEL
    prefix = found[0][1]
    digits = [m[2] for m in found if m[1] == prefix]
    return f"{prefix}{max(map(int, digits)) + 1:0{len(digits[0])}}_i1"


def likely(label: str, summaries: Sequence[Summary]) -> tuple[Participant, ...]:
    """Return who will probably take part: whom the label names, with the interviewers of last time.

    Where an earlier interview has the same beginning (``P07_i1`` for ``P07_i2``), who took part
    in that one.
    """
    code = label.partition("_")[0]
    for summary in reversed(summaries):
        if summary.about and summary.label.partition("_")[0] == code:
            if summary.about.participants:
                return summary.about.participants
            break
    them = (Participant(code),) if is_code(code) else ()
    for summary in reversed(summaries):
        asking = [
            p for p in (summary.about.participants if summary.about else ())
            if p.role is Role.INTERVIEWER
        ]  # fmt: skip
        if asking:
            return (*them, *asking)
    return them


def written(participants: Sequence[Participant]) -> str:
    """Write who takes part, as ``understood`` reads it."""
    return ", ".join(
        p.code if p.role is Role.PARTICIPANT else f"{p.code}:{p.role}" for p in participants
    )


def understood(text: str, known: Sequence[Participant] = ()) -> tuple[Participant, ...]:
    """Read ``P07, INT01:interviewer``; a role may be cut short. Names that are known stay.

    Raises:
        BadName: a code or a role is none, or a code stands there twice.
    """
    before = {participant.code: participant for participant in known}
    found: dict[str, Participant] = {}
    for part in filter(None, (one.strip() for one in text.replace(";", ",").split(","))):
        code, _, role = (side.strip() for side in part.partition(":"))
        if not is_code(code) or code in found:
            raise BadName("participant code")
        found[code] = replace(before.get(code, Participant(code)), role=_role(role))
    return tuple(found.values())


def _role(begun: str) -> Role:
    fitting = [role for role in Role if role.value.startswith(begun.casefold())]
    if not begun:
        return Role.PARTICIPANT
    if len(fitting) != 1:
        raise BadName("role")
    return fitting[0]


def _describe(change: Change, study: Study, plan: Plan, interview: str) -> None:
    about = study.get(interview, Kind.ABOUT, About)
    if about is not None and about.participants != plan.about.participants:
        now = replace(about, participants=plan.about.participants)
        change.put(interview, Kind.ABOUT, now)


def _remember(change: Change, study: Study, device: str) -> None:
    known = settings(study)
    if device and device != known.device:
        change.put(WHOLE_STUDY, Kind.SETTINGS, replace(known, device=device))
