"""The rows of the form for one consent, and the words and signs of its answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from app import ConsentDraft
from study import (
    PURPOSE_QUESTIONS,
    ConsentAnswer,
    ConsentPurpose,
    ConsentRule,
    StudyPolicy,
)
from tui.key_names import with_keys

_TITLE = 24  # columns of a row's name
ANSWER_SIGNS: Final = {
    ConsentAnswer.YES: "✓ yes", ConsentAnswer.NO: "✗ no", ConsentAnswer.NOT_ASKED: "· -",
}  # fmt: skip
_DAY = "A day: 1 March 2026, 1/3/2026, 2026-03-01 or today."
_APART = "It is kept apart from every interview, under keys of its own."
LAW, BASIS, KEEP = "Law of", "Who decided", "Keep"


@dataclass(frozen=True, slots=True)
class ConsentField:
    """A row whose text is typed: how it is read from a draft, and written into one."""

    title: str
    hint: str
    read: Callable[[ConsentDraft], str]
    write: Callable[[ConsentDraft, str], ConsentDraft]
    is_day: bool = False


PAPER_FIELDS: Final = (
    ConsentField("Information sheet", "The version printed on it.",
                 lambda d: d.sheet, lambda d, text: replace(d, sheet=text)),
    ConsentField("  its date", _DAY, lambda d: d.sheet_date,
                 lambda d, text: replace(d, sheet_date=text), is_day=True),
    ConsentField("Consent form", "The version printed on it.",
                 lambda d: d.form, lambda d, text: replace(d, form=text)),
    ConsentField("  its date", _DAY, lambda d: d.form_date,
                 lambda d, text: replace(d, form_date=text), is_day=True),
    ConsentField("Taken by", "Who took the consent: a name or a code of the team.",
                 lambda d: d.taken_by, lambda d, text: replace(d, taken_by=text)),
    ConsentField("Taken on", _DAY, lambda d: d.taken_on,
                 lambda d, text: replace(d, taken_on=text), is_day=True),
)  # fmt: skip
PEOPLE_FIELDS: Final = (
    ConsentField("  which basis", "A few words, if the basis is another one.",
                 lambda d: d.basis_note, lambda d, text: replace(d, basis_note=text)),
    ConsentField("Consultee or guardian", f"Their name. {_APART}",
                 lambda d: d.deputy.name,
                 lambda d, text: replace(d, deputy=replace(d.deputy, name=text))),
    ConsentField("  how to reach them", _APART, lambda d: d.deputy.reach,
                 lambda d, text: replace(d, deputy=replace(d.deputy, reach=text))),
    ConsentField("Participant's name", f"Only where you need it. {_APART}",
                 lambda d: d.person.name,
                 lambda d, text: replace(d, person=replace(d.person, name=text))),
    ConsentField("  how to reach them", _APART, lambda d: d.person.reach,
                 lambda d, text: replace(d, person=replace(d.person, reach=text))),
)  # fmt: skip

ConsentRow = ConsentField | ConsentPurpose | str
CONSENT_ROWS: Final[tuple[ConsentRow, ...]] = (
    *PAPER_FIELDS, LAW, BASIS, *PEOPLE_FIELDS, *PURPOSE_QUESTIONS, KEEP,
)  # fmt: skip
"""The rows in their order: what is typed, what is chosen, the questions, and the end."""


def format_consent_row(row: ConsentRow, draft: ConsentDraft) -> str:
    """Write a row with what the draft says."""
    if isinstance(row, ConsentPurpose):
        answer = ANSWER_SIGNS[draft.read_answer(row)]
        return f"{answer:<{_ANSWER}}{PURPOSE_QUESTIONS[row]}"
    if isinstance(row, ConsentField):
        return f"{row.title:<{_TITLE}}{row.read(draft) or '-'}"
    said = {LAW: draft.jurisdiction.value, BASIS: draft.basis.value}
    keeps = with_keys("{consent_form.keep} saves it as the newest consent")
    return f"{row:<{_TITLE}}{said.get(row, keeps)}"


def describe_consent_row(row: ConsentRow) -> str:
    """Say what a row is for, and which keys change it."""
    if isinstance(row, ConsentPurpose):
        return with_keys(
            "{consent_form.yes} yes, {consent_form.no} no, {consent_form.not_asked} not asked,"
            " {consent_form.act} asks which."
            " {consent_form.read} shows the questions one by one, to be read aloud."
        )
    if isinstance(row, ConsentField):
        return f"{with_keys(_ENTER)} changes it. {row.hint}"
    said = {
        LAW: "chooses whose law applies.",
        BASIS: "chooses who decided. Each law offers its own.",
    }.get(row, "saves it. What was saved before stays as an older version.")
    return f"{with_keys(_ENTER)} {said}"


def describe_rule(policy: StudyPolicy) -> str:
    """Say in a sentence what the study asks for before anything is recorded."""
    return {
        ConsentRule.RECORDED: "Nobody is recorded unless a record here allows it.",
        ConsentRule.PAPER: f"Consent is on paper, seen by {policy.consent_seen_by}.",
        ConsentRule.UNSET: "This study does not ask for consent: nothing is refused without it.",
    }[policy.consent]


_ENTER = "{consent_form.act}"
_ANSWER = 8  # columns
