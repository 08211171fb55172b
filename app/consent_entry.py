"""Recording a consent: what was typed becomes a record, or one sentence says why not.

The verb and the screen fill in the same draft and keep it here. A consultee, a guardian or an
attorney has a name, which goes to the contact details and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.withdrawn import WITHDRAWN_SIGN, StandingWithdrawal, list_withdrawn
from study import (
    MONTHS,
    OFFERED_BASES,
    CapacityState,
    ConsentAnswer,
    ConsentBasis,
    ConsentPurpose,
    ConsentRecord,
    ConsentRule,
    Contact,
    ContactDetails,
    EarlierData,
    Jurisdiction,
    PaperVersion,
    Role,
    StudyPolicy,
    WithdrawalScope,
    is_code,
    sanitise_text,
)
from study.errors import BadName, ConsentFlaw, ConsentRefused
from study.store import (
    Study,
    keep_consent,
    keep_contact_details,
    list_consents,
    list_unproven_consents,
    read_consent,
    read_contact_details,
    read_study_policy,
)

_FIRST_YEAR = 2026  # Earshot is of 2026: an earlier clock has lost its battery
_LONGEST = 200
_WRITTEN_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.? ([0-9]{4})")
_FIGURES = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_FILLERS = "\u115f\u1160\u3164\uffa0"  # letters of Hangul by their class, which show as nothing
_OWN = frozenset({ConsentBasis.OWN})
_DEPUTIES = frozenset({
    ConsentBasis.PERSONAL_CONSULTEE, ConsentBasis.NOMINATED_CONSULTEE, ConsentBasis.GUARDIAN,
})  # fmt: skip
_PURPOSE_WORDS = {
    ConsentPurpose.TRANSCRIPTION: "transcription by machine",
    ConsentPurpose.RECONTACT: "getting in touch again",
    ConsentPurpose.KEEP_AFTER_WITHDRAWAL: "keeping what there is after a withdrawal",
}
PURPOSE_HEADS: Final[Mapping[ConsentPurpose, str]] = MappingProxyType({
    ConsentPurpose.SOUND: "sound", ConsentPurpose.TRANSCRIPTION: "machine",
    ConsentPurpose.QUOTES: "quotes", ConsentPurpose.ARCHIVE: "archive",
    ConsentPurpose.RECONTACT: "again", ConsentPurpose.SOUND_HAND_OVER: "out",
    ConsentPurpose.KEEP_AFTER_WITHDRAWAL: "keep",
})  # fmt: skip
"""The heads of the columns in which a list shows the answers, each of at most seven letters."""
PURPOSE_LEGEND: Final = "; ".join(
    f"{head}: {_PURPOSE_WORDS.get(purpose, purpose)}"
    for purpose, head in PURPOSE_HEADS.items()
    if head != purpose
)
"""What the heads stand for that are not the whole word."""
CAPACITY_IS_LOST = (
    "No further interview with them is recorded until a consultee's advice, or what a guardian or"
    " attorney decides, is recorded. Capacity that comes and goes counts as lost."
)
_EARLIER = {
    EarlierData.UNSET: (
        "The study's policy does not say what becomes of earlier interviews: they stay sealed and"
        " are not used until advice is recorded."
    ),
    EarlierData.KEEP: "The study's policy keeps earlier interviews, and they stay in use.",
    EarlierData.ASK: (
        "The study's policy asks the consultee about earlier interviews: they stay sealed and are"
        " not used until advice is recorded."
    ),
    EarlierData.ERASE: (
        "The study's policy erases earlier interviews: they are not used any more, and somebody has"
        " to erase them."
    ),
}


@dataclass(frozen=True, slots=True)
class ConsentDraft:
    """What is typed of a consent before it is kept; dates as 2026-11-29, "" for what is missing.

    deputy: the consultee, guardian or attorney. person: the participant.
    """

    code: str
    sheet: str = ""
    sheet_date: str = ""
    form: str = ""
    form_date: str = ""
    taken_by: str = ""
    taken_on: str = ""
    jurisdiction: Jurisdiction = Jurisdiction.ENGLAND_AND_WALES
    basis: ConsentBasis = ConsentBasis.OWN
    basis_note: str = ""
    person: Contact = Contact()  # noqa: RUF009 - frozen
    deputy: Contact = Contact()  # noqa: RUF009 - frozen
    answers: tuple[tuple[ConsentPurpose, ConsentAnswer], ...] = ()
    spoken: str = ""

    def read_answer(self, purpose: ConsentPurpose) -> ConsentAnswer:
        """Return the answer to one question."""
        return dict(self.answers).get(purpose, ConsentAnswer.NOT_ASKED)

    def set_answer(self, purpose: ConsentPurpose, answer: ConsentAnswer) -> ConsentDraft:
        """Return the draft with another answer to one question."""
        return replace(self, answers=tuple({**dict(self.answers), purpose: answer}.items()))


@dataclass(frozen=True, slots=True)
class ParticipantConsent:
    """A participant and their newest consent record, None where there is none.

    withdrawn: how far they have withdrawn, None for not at all.
    """

    code: str
    role: Role | None
    record: ConsentRecord | None
    withdrawn: StandingWithdrawal | None = None


def list_participant_consents(study: Study) -> list[ParticipantConsent]:
    """Return everybody who takes part in an interview, agreed, or has withdrawn, by code.

    Interviewers are left out: nobody asks for their consent. role: None where no interview says it.

    Raises:
        KeyNotHeld, StudyDamaged: as ``Study.summaries``.
    """
    roles = {
        person.code: person.role
        for summary in study.summaries()
        for person in (summary.about.participants if summary.about else ())
    }
    records = {record.code: record for record in list_consents(study)}
    withdrawn = list_withdrawn(study)
    return [
        ParticipantConsent(code, roles.get(code), records.get(code), withdrawn.get(code))
        for code in sorted(roles.keys() | records.keys() | withdrawn.keys())
        if roles.get(code) is not Role.INTERVIEWER or code in records
    ]


def begin_consent_draft(study: Study, code: str) -> ConsentDraft:
    """Return a draft to go on with: what is recorded, or the papers that were given to others.

    A record that does not count by who wrote it is not gone on with: everybody is asked anew.

    Raises:
        BadName: the code is none.
        KeyNotHeld, StudyDamaged: as ``read_consent``.
    """
    if not is_code(code):
        raise BadName("participant code")
    contacts = read_contact_details(study, code) or ContactDetails(code)
    draft = ConsentDraft(code, person=contacts.person, deputy=contacts.deputy)
    record = read_consent(study, code)
    if record is not None and code not in list_unproven_consents(study):
        return replace(
            _with_papers(draft, record),
            taken_by=record.taken_by,
            taken_on=record.taken_on,
            basis=record.basis,
            basis_note=record.basis_note,
            answers=tuple(record.answers.items()),
            spoken=record.spoken,
        )
    others = sorted(
        (one for one in list_consents(study) if one.code != code), key=lambda one: one.at
    )
    draft = replace(draft, taken_by=study.slot_name, taken_on=_read_today(study).isoformat())
    return _with_papers(draft, others[-1]) if others else draft


def record_consent(study: Study, draft: ConsentDraft) -> ConsentRecord:
    """Keep a draft as the newest consent record of its participant, and the contact details.

    A draft that says nothing new is not kept again. A consultee's advice, and what a guardian or
    attorney decides, ends a loss of capacity; a consent of their own does not.

    Raises:
        BadName: the code is none.
        ConsentRefused: something is missing in it, or cannot be so.
        What ``keep_consent`` raises.
    """
    if not is_code(draft.code):
        raise BadName("participant code")
    before = read_consent(study, draft.code)
    today = _read_today(study)
    if before is not None and before.taken_on == draft.taken_on > today.isoformat():
        raise ConsentRefused(ConsentFlaw.RECORDED_AHEAD)
    check_consent_draft(draft, read_study_policy(study), today)
    capacity = _find_capacity(draft, before)
    record = ConsentRecord(
        draft.code,
        PaperVersion(draft.sheet, draft.sheet_date),
        PaperVersion(draft.form, draft.form_date),
        draft.taken_by,
        draft.taken_on,
        draft.basis,
        draft.jurisdiction,
        {p: a for p, a in draft.answers if a is not ConsentAnswer.NOT_ASKED},
        capacity,
        draft.basis_note if draft.basis is ConsentBasis.OTHER else "",
        draft.spoken,
        before.earlier if before else EarlierData.UNSET,
    )
    known = read_contact_details(study, draft.code) or ContactDetails(draft.code)
    contacts = replace(known, person=draft.person, deputy=draft.deputy)
    changed = contacts if contacts != known else None
    counts = draft.code not in list_unproven_consents(study)
    if before is not None and counts and replace(before, by=0, at="") == record:
        if changed is not None:
            keep_contact_details(study, changed)
        return before
    return keep_consent(study, record, changed)


def check_consent_draft(draft: ConsentDraft, policy: StudyPolicy, today: date) -> None:
    """Refuse a draft that is no consent.

    Raises:
        ConsentRefused: the first thing that is missing in it, or cannot be so.
    """
    typed = (
        draft.sheet, draft.form, draft.taken_by, draft.basis_note, draft.person.name,
        draft.person.reach, draft.deputy.name, draft.deputy.reach,
    )  # fmt: skip
    if any(
        len(text) > _LONGEST or sanitise_text(text) != text or (text and not _is_visible(text))
        for text in typed
    ):
        raise ConsentRefused(ConsentFlaw.BAD_TEXT)
    if not all((draft.sheet, draft.sheet_date, draft.form, draft.form_date)):
        raise ConsentRefused(ConsentFlaw.NO_PAPERS)
    if policy.sheets and draft.sheet not in policy.sheets:
        raise ConsentRefused(ConsentFlaw.UNKNOWN_SHEET)
    if policy.forms and draft.form not in policy.forms:
        raise ConsentRefused(ConsentFlaw.UNKNOWN_FORM)
    if not draft.taken_by:
        raise ConsentRefused(ConsentFlaw.NO_TAKER)
    _check_days(draft, today)
    if draft.basis not in OFFERED_BASES[draft.jurisdiction]:
        raise ConsentRefused(ConsentFlaw.NOT_OFFERED)
    if draft.basis in _DEPUTIES and not draft.deputy.name:
        raise ConsentRefused(ConsentFlaw.NO_DEPUTY)
    if draft.basis is ConsentBasis.OTHER and not draft.basis_note:
        raise ConsentRefused(ConsentFlaw.NO_NOTE)
    if all(answer is ConsentAnswer.NOT_ASKED for _, answer in draft.answers):
        raise ConsentRefused(ConsentFlaw.NO_ANSWER)


def _is_visible(text: str) -> bool:
    """Whether somebody who reads a text sees a letter or a figure in it."""
    return any(char.isalnum() and char not in _FILLERS for char in text)


def parse_day(text: str, today: date | None = None) -> str:
    """Return a day in the one form in which it is kept, 2026-03-01; "" for "".

    Taken are also 1 March 2026, 1st Mar 2026, 1/3/2026 (the day first) and "today". today: the day
    here, by default the computer's.

    Raises:
        ConsentRefused: it is no day.
    """
    typed = " ".join(text.replace(",", " ").casefold().split())
    if not typed:
        return ""
    if typed == "today":
        return (today or datetime.now().astimezone().date()).isoformat()
    try:
        if written := _WRITTEN_DAY.fullmatch(typed):
            months = (n for name, n in MONTHS.items() if name.startswith(written[2]))
            return date(int(written[3]), next(months, 0), int(written[1])).isoformat()
        if figures := _FIGURES.fullmatch(typed):
            return date(int(figures[3]), int(figures[2]), int(figures[1])).isoformat()
        return date.fromisoformat(typed).isoformat()
    except ValueError as wrong:
        raise ConsentRefused(ConsentFlaw.NO_DATE) from wrong


def set_consent_rule(policy: StudyPolicy, rule: ConsentRule, seen_by: str) -> StudyPolicy:
    """Return a policy that asks for consent by a rule. seen_by: who has seen it on paper.

    Raises:
        ConsentRefused: it is on paper, and nobody is said to have seen it.
    """
    seen_by = " ".join(seen_by.split()) if rule is ConsentRule.PAPER else ""
    if rule is ConsentRule.PAPER and not seen_by:
        raise ConsentRefused(ConsentFlaw.UNSEEN)
    if len(seen_by) > _LONGEST or sanitise_text(seen_by) != seen_by:
        raise ConsentRefused(ConsentFlaw.BAD_TEXT)
    return replace(policy, consent=rule, consent_seen_by=seen_by)


def describe_consent_rule(policy: StudyPolicy) -> list[str]:
    """Say in lines what a study asks for, and what becomes of earlier data without capacity."""
    known = [
        f"     known {what}: {', '.join(versions)}"
        for what, versions in (("sheets", policy.sheets), ("forms", policy.forms))
        if versions
    ]
    rule = {
        ConsentRule.RECORDED: "yes  each participant needs a consent record",
        ConsentRule.PAPER: f"yes  consent is on paper, seen by {policy.consent_seen_by}",
        ConsentRule.UNSET: "no   consent is asked for: nothing is refused for want of it",
    }[policy.consent]
    after = policy.after_capacity_lost or "not said"
    return [rule, *known, f"     earlier interviews, once capacity is lost: {after}"]


def describe_capacity_loss(study: Study) -> str:
    """Say what noting a loss of capacity does, before somebody confirms it."""
    return f"{CAPACITY_IS_LOST} {_EARLIER[read_study_policy(study).after_capacity_lost]}"


def note_capacity_lost(study: Study, code: str) -> ConsentRecord:
    """Note that a participant has lost capacity; what becomes of earlier data is noted with it.

    Raises:
        ConsentRefused: they have no consent record.
        What ``keep_consent`` raises.
    """
    before = read_consent(study, code)
    if before is None:
        raise ConsentRefused(ConsentFlaw.NOT_RECORDED)
    if before.capacity is CapacityState.LOST:
        return before
    earlier = read_study_policy(study).after_capacity_lost
    return keep_consent(study, replace(before, capacity=CapacityState.LOST, earlier=earlier))


def note_spoken_consent(study: Study, code: str, interview: str) -> ConsentRecord:
    """Note which recording holds what a participant said they agree to.

    interview: its id or label.

    Raises:
        UnknownInterview: there is none.
        ConsentRefused: it is not a spoken consent of this participant, or nothing is recorded yet.
        What ``keep_consent`` raises.
    """
    summary = study.find_interview(interview)
    codes = [p.code for p in summary.about.participants] if summary.about else []
    if summary.about is None or not summary.about.is_spoken_consent or code not in codes:
        raise ConsentRefused(ConsentFlaw.NOT_SPOKEN)
    before = read_consent(study, code)
    if before is None:
        raise ConsentRefused(ConsentFlaw.NOT_RECORDED)
    if before.spoken == summary.id:
        return before
    return keep_consent(study, replace(before, spoken=summary.id))


def save_consent_page(study: Study, code: str, path: Path) -> None:
    """Write the questions of a consent in large print to a page. code: "" leaves a blank for it.

    Raises:
        TargetExists, TargetInStudy, TargetUnwritable, DiskFull: nothing was written.
    """
    from handoff import render_consent_page, write_wordless_file

    write_wordless_file(study, path, render_consent_page(code))


def describe_withdrawn(one: StandingWithdrawal) -> list[str]:
    """Say in lines that somebody has withdrawn, how far, when, and what still counts."""
    waits = "; somebody has yet to confirm what goes" if one.waits else ""
    lines = [f"{WITHDRAWN_SIGN} Withdrawn: {one}{waits}.", "No interview with them is recorded."]
    if one.scope is not WithdrawalScope.EVERYTHING:
        lines.append("What they answered before counts for what is left of theirs:")
    return lines


def describe_capacity(record: ConsentRecord) -> str:
    """Say in a few words whether somebody can decide for themselves, and who decides."""
    if record.capacity is CapacityState.LOST:
        return "! lost capacity: no further interviews"
    if record.capacity is CapacityState.ADVISED:
        return f"lost capacity; advised by: {record.basis_note or record.basis}"
    return "has capacity"


def _with_papers(draft: ConsentDraft, record: ConsentRecord) -> ConsentDraft:
    return replace(
        draft,
        sheet=record.sheet.version,
        sheet_date=record.sheet.date,
        form=record.form.version,
        form_date=record.form.date,
        jurisdiction=record.jurisdiction,
    )


def _read_today(study: Study) -> date:
    """Return the day here, by the study's clock.

    Raises:
        ConsentRefused: the clock is wrong by years.
    """
    today = study.clock().astimezone().date()
    if today.year < _FIRST_YEAR:
        raise ConsentRefused(ConsentFlaw.ODD_CLOCK)
    return today


def _check_days(draft: ConsentDraft, today: date) -> None:
    days = [parse_day(text) for text in (draft.sheet_date, draft.form_date, draft.taken_on)]
    if not all(days):
        raise ConsentRefused(ConsentFlaw.NO_DATE)
    if any(date.fromisoformat(day) > today for day in days):
        raise ConsentRefused(ConsentFlaw.FUTURE)
    if days[2] < max(days[:2]):
        raise ConsentRefused(ConsentFlaw.TOO_OLD)


def _find_capacity(draft: ConsentDraft, before: ConsentRecord | None) -> CapacityState:
    had_capacity = before is None or before.capacity is CapacityState.HAS_CAPACITY
    if draft.basis in _OWN:
        if not had_capacity:
            raise ConsentRefused(ConsentFlaw.LOST)
        return CapacityState.HAS_CAPACITY
    is_other = draft.basis is ConsentBasis.OTHER
    return CapacityState.HAS_CAPACITY if is_other and had_capacity else CapacityState.ADVISED
