"""From the speakers that a file names to codes: a name never stands where a code belongs.

The names go to the participants of the interview, so that they are looked for in the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from models import lexicon
from study.terms import About, Participant, Role, fold

UNNAMED = "UNK"  # speaks where the file does not say who does
_CODE = re.compile(r"[A-Za-z]{1,12}[-_ ]?\d{1,4}")
_INITIALS = re.compile(r"[A-Z]{1,3}")
_REMARK = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")  # "(Guest)", "[External]"
GENERIC = {
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
class Coded:
    """The interview with everybody in it, and the code of each speaker as the file writes them."""

    about: About
    codes: dict[str, str]


def coded(about: About, speakers: Iterable[str]) -> Coded:
    """Give every speaker of a file a code: the one entered for that name, or a new one."""
    people = {p.code: p for p in about.participants}
    codes: dict[str, str] = {}
    for speaker in speakers:
        if speaker in codes:
            continue
        person = _known(people.values(), speaker) or _new(people, speaker)
        people[person.code] = person
        codes[speaker] = person.code
    return Coded(replace(about, participants=tuple(people.values())), codes)


def plain_name(speaker: str) -> str:
    """Return a name as it is said: "Margaret Wilson" of "Wilson, Margaret (Guest)"."""
    bare = _REMARK.sub("", speaker).strip()
    last, comma, first = bare.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else bare


def _known(people: Iterable[Participant], speaker: str) -> Participant | None:
    wanted = fold(plain_name(speaker))
    for person in people:
        if wanted == fold(person.code) or wanted in {fold(name) for name in person.names}:
            return person
    return None


def _new(people: dict[str, Participant], speaker: str) -> Participant:
    if not speaker:
        return Participant(UNNAMED)
    name = plain_name(speaker)
    first, _, number = name.partition(" ")
    generic = GENERIC.get(first.lower())
    if generic is not None and (not number or number.isalnum()):
        prefix, role = generic
        return Participant(_free(people, prefix, number), role)
    if _is_code(name):
        return Participant(re.sub(r"\W+", "-", name))
    return Participant(_free(people, "S"), names=(name,))


def _is_code(name: str) -> bool:
    """Whether it is a code already; initials are, "SUE" is a name."""
    if _CODE.fullmatch(name):
        letters = name.rstrip("0123456789-_ ")
        return not lexicon.facts(letters).given
    return bool(_INITIALS.fullmatch(name)) and not lexicon.facts(name).given


def _free(people: dict[str, Participant], prefix: str, number: str = "") -> str:
    if number.isdecimal() and (code := f"{prefix}{int(number):02}") not in people:
        return code
    return next(
        code for n in range(1, len(people) + 2) if (code := f"{prefix}{n:02}") not in people
    )
