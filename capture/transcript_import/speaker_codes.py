"""Give the speakers in a file codes, so that no name is used as a code.

The names become those of the interview's participants, so that the search for mentions finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from models import look_up_word
from study import InterviewDetails, Participant, Role, fold_name

UNNAMED_SPEAKER = "UNK"  # the speaker of turns for which the file names none
_CODE = re.compile(r"[A-Za-z]{1,12}[-_ ]?\d{1,4}")
_INITIALS = re.compile(r"[A-Z]{1,3}")
_REMARK = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")  # "(Guest)", "[External]"
GENERIC_SPEAKERS = {
    "interviewer": ("INT", Role.INTERVIEWER), "researcher": ("INT", Role.INTERVIEWER),
    "moderator": ("INT", Role.INTERVIEWER), "facilitator": ("INT", Role.INTERVIEWER),
    "participant": ("P", Role.PARTICIPANT), "interviewee": ("P", Role.PARTICIPANT),
    "respondent": ("P", Role.PARTICIPANT), "patient": ("P", Role.PARTICIPANT),
    "carer": ("FAM", Role.SUPPORTER), "caregiver": ("FAM", Role.SUPPORTER),
    "spouse": ("FAM", Role.SUPPORTER), "supporter": ("FAM", Role.SUPPORTER),
    "staff": ("STAFF", Role.STAFF), "nurse": ("STAFF", Role.STAFF),
    "speaker": ("S", Role.PARTICIPANT), "unknown": ("S", Role.PARTICIPANT),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodedInterview:
    """The interview with all speakers as participants, and the code of each name in the file."""

    about: InterviewDetails
    codes: dict[str, str]


def code_speakers(about: InterviewDetails, speakers: Iterable[str]) -> CodedInterview:
    """Give every speaker of a file a code: the one entered for that name, or a new one."""
    people = {p.code: p for p in about.participants}
    known: dict[str, Participant] = {}
    for person in about.participants:
        _note(known, person)
    codes: dict[str, str] = {}
    for speaker in speakers:
        if speaker in codes:
            continue
        person = known.get(fold_name(simplify_name(speaker))) or _new(people, speaker)
        people[person.code] = person
        _note(known, person)
        codes[speaker] = person.code
    return CodedInterview(replace(about, participants=tuple(people.values())), codes)


def simplify_name(speaker: str) -> str:
    """Return a name in speaking order: "Margaret Wilson" of "Wilson, Margaret (Guest)"."""
    bare = _REMARK.sub("", speaker).strip()
    last, comma, first = bare.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else bare


def _note(known: dict[str, Participant], person: Participant) -> None:
    """Note a person under their code and their names; who was first under one keeps it."""
    for name in (person.code, *person.names):
        known.setdefault(fold_name(name), person)


def _new(people: dict[str, Participant], speaker: str) -> Participant:
    if not speaker:
        return Participant(UNNAMED_SPEAKER)
    name = simplify_name(speaker)
    first, _, number = name.partition(" ")
    generic = GENERIC_SPEAKERS.get(first.lower())
    if generic is not None and (not number or number.isalnum()):
        prefix, role = generic
        return Participant(_free(people, prefix, number), role)
    if _is_code(name):
        return Participant(re.sub(r"\W+", "-", name))
    return Participant(_free(people, "S"), names=(name,))


def _is_code(name: str) -> bool:
    """Whether it is a code already; initials count as one, "SUE" as a name."""
    if _CODE.fullmatch(name):
        letters = name.rstrip("0123456789-_ ")
        return not look_up_word(letters).given
    return bool(_INITIALS.fullmatch(name)) and not look_up_word(name).given


def _free(people: dict[str, Participant], prefix: str, number: str = "") -> str:
    if number.isdecimal() and (code := f"{prefix}{int(number):02}") not in people:
        return code
    return next(
        code for n in range(1, len(people) + 2) if (code := f"{prefix}{n:02}") not in people
    )
