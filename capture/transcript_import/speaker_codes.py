"""Give the speakers in a file codes, so that no name is used as a code.

The names become those of the interview's participants, so that the search for mentions finds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from models import look_up_word
from study import InterviewDetails, Participant, Role, fold_name

UNNAMED_SPEAKER = "UNK"  # the speaker of turns for which the file names none
_CODE = re.compile(r"[A-Za-z]{1,12}[-_ ]?\d{1,4}")
_INITIALS = re.compile(r"[A-Z]{1,3}")
_MACHINE = re.compile(r"(?:SPEAKER|Speaker|S)[_ ]?\d{1,3}")  # WhisperX, aTrain, noScribe, Otter
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sister", "nurse"})
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


_SHORT = {
    Role.INTERVIEWER: frozenset({"i", "int", "iv", "q"}),
    Role.PARTICIPANT: frozenset({"p", "r", "b", "a", "ip", "res", "resp"}),  # f4 writes I and B
}


@dataclass(frozen=True, slots=True)
class CodedInterview:
    """The interview with all speakers as participants, and the code of each name in the file."""

    about: InterviewDetails
    codes: dict[str, str]


def code_speakers(about: InterviewDetails, speakers: Iterable[str]) -> CodedInterview:
    """Give every speaker of a file a code: that of somebody who was entered, or a new one.

    Somebody who was entered is known by their code, their names, by a role that nobody else in the
    interview has ("Interviewer:", "I:"), or as the only one who is left for the only speaker left.
    """
    people = {p.code: p for p in about.participants}
    codes = _match_entered(about.participants, dict.fromkeys(speakers))
    known: dict[str, Participant] = {}
    for person in about.participants:
        _note(known, person)
    for speaker in codes:
        if not codes[speaker]:
            person = known.get(_fold(speaker)) or _new(people, speaker)
            people[person.code] = person
            _note(known, person)
            codes[speaker] = person.code
        elif speaker and not _is_label(speaker):
            person = people[codes[speaker]]
            name = simplify_name(speaker)
            if fold_name(name) not in map(fold_name, (person.code, *person.names)):
                people[person.code] = replace(person, names=(*person.names, name))
    return CodedInterview(replace(about, participants=tuple(people.values())), codes)


def _match_entered(entered: tuple[Participant, ...], speakers: dict[str, None]) -> dict[str, str]:
    """Return the code of who was entered for each speaker, "" for nobody; the surest match first.

    speakers: as in the file, each once; "" is nobody's name.
    """
    codes = dict.fromkeys(speakers, "")
    for fits in (_has_name, _has_part_of_name, _has_number, _has_role):
        for speaker in [s for s, code in codes.items() if s and not code]:
            taken = set(codes.values()) if fits is not _has_name else set[str]()
            found = [p for p in entered if p.code not in taken and fits(p, speaker)]
            if len(found) == 1 and (
                fits is _has_name or _is_only_one(fits, found[0], codes, speaker)
            ):
                codes[speaker] = found[0].code
    free = [p for p in entered if p.code not in codes.values()]
    if len(free) == 1:
        rest = [s for s, code in codes.items() if s and not code and _may_be(free[0], s)]
        if len(rest) == 1:
            codes[rest[0]] = free[0].code
    return codes


def _is_only_one(
    fits: Callable[[Participant, str], bool],
    person: Participant,
    codes: dict[str, str],
    speaker: str,
) -> bool:
    """Whether no other speaker that is nobody yet fits a person as well."""
    return not any(
        fits(person, rival)
        for rival, code in codes.items()
        if rival not in {"", speaker} and not code
    )


def _has_name(person: Participant, speaker: str) -> bool:
    return _fold(speaker) in map(fold_name, (person.code, *person.names))


def _has_part_of_name(person: Participant, speaker: str) -> bool:
    """Whether the words of one are among those of the other: "Margaret", "Mrs Wilson", "MW"."""
    said = _fold(speaker).split()
    said = said[1:] if len(said) > 1 and said[0].rstrip(".") in _TITLES else said
    for name in person.names:
        words = fold_name(name).split()
        if said and (set(said) <= set(words) or set(words) < set(said)):
            return True
        if len(words) > 1 and said == ["".join(word[0] for word in words)]:
            return True
    return False


def _has_number(person: Participant, speaker: str) -> bool:
    """Whether "Participant 2" is P02."""
    word, _, number = simplify_name(speaker).partition(" ")
    digits = re.search(r"\d{1,4}$", person.code)
    is_same = number.isdecimal() and digits is not None and int(number) == int(digits[0])
    return is_same and _role_of(word) is person.role


def _has_role(person: Participant, speaker: str) -> bool:
    """Whether "Interviewer", "I" or "Respondent" may be said of this person."""
    word, _, number = simplify_name(speaker).partition(" ")
    return (not number or number.isalnum()) and _role_of(word) is person.role


def _may_be(person: Participant, speaker: str) -> bool:
    """Whether nothing speaks against one who was entered being this speaker."""
    name = simplify_name(speaker)
    if _MACHINE.fullmatch(name):
        return True
    role = _role_of(name.partition(" ")[0])
    if role is not None:
        return role is person.role
    return not _is_code(name) and not person.names


def _role_of(word: str) -> Role | None:
    """Return the role that a label names; a machine's "Speaker 1" names none."""
    low = word.lower().rstrip(".")
    if low in {"speaker", "unknown"}:
        return None
    if low in GENERIC_SPEAKERS:
        return GENERIC_SPEAKERS[low][1]
    return next((role for role, words in _SHORT.items() if low in words), None)


def _is_label(speaker: str) -> bool:
    """Whether a speaker is a role, a code or a number in the file, and no name."""
    name = simplify_name(speaker)
    word = name.partition(" ")[0].lower()
    return word in GENERIC_SPEAKERS or _role_of(word) is not None or _is_code(name)


def _fold(speaker: str) -> str:
    return fold_name(simplify_name(speaker))


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
    """Return somebody whom the file brings along, and nobody entered."""
    return replace(_name_new(people, speaker), is_entered=False)


def _name_new(people: dict[str, Participant], speaker: str) -> Participant:
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
