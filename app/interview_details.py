"""Who takes part in an interview, as people write it at the shell and in tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.withdrawn import list_withdrawn
from study import (
    ArtefactKind,
    Category,
    InterviewDetails,
    Participant,
    RegisterEntry,
    Role,
    is_code,
    parse_language,
)
from study.errors import BadName, HasWithdrawn
from study.store import Interview, require_one_spelling

if TYPE_CHECKING:
    from capture import ImportRow

_EACH_ANOTHER = frozenset({Category.PLACE, Category.ORGANISATION})
_SAME_ONE = "="  # between two names of one place or organisation


def split_names(names: str) -> tuple[str, ...]:
    """Return names or codes that stand between commas, without blanks around them.

    Raises:
        BadName: they hold bytes that are no text, as a terminal of another encoding hands on.
    """
    _require_text(names)
    return tuple(name for part in names.split(",") if (name := " ".join(part.split())))


def _require_text(typed: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in typed):
        raise BadName("name")


def parse_participant(text: str, role: str = "") -> Participant:
    """Return the participant of ``CODE[:ROLE][=NAME,NAME]``.

    role: counts where the text names none; "" for somebody who is interviewed.

    Raises:
        BadName: there is no such role.
    """
    who, _, names = text.partition("=")
    code, _, own = who.partition(":")
    wanted = parse_role(own or role or Role.PARTICIPANT)
    return Participant(code.strip(), wanted, split_names(names))


def enter_person(interview: Interview, code: str, role: Role) -> bool:
    """Enter somebody who speaks in an interview and whom nobody had entered; whether that is new.

    Raises:
        BadName: it is no code, or the study has it in other capitals.
        HasWithdrawn: they have withdrawn from the study.
        RoleForbids, KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: it is as it was before.
    """
    if not is_code(code):
        raise BadName("participant code")
    study = interview.study
    with study.lock:
        before = interview.details
        if code in before.codes:
            return False
        require_one_spelling(study, [code])
        if code in list_withdrawn(study):
            raise HasWithdrawn(code)
        people = (*before.participants, Participant(code, role))
        with interview.change("person entered") as change:
            change.write_artefact(ArtefactKind.ABOUT, replace(before, participants=people))
    return True


def enter_speaker(interview: Interview, text: str) -> str:
    """Return the code of ``CODE[:ROLE]``; with a role, enter somebody whom nobody had entered.

    Raises:
        BadName: there is no such role. What ``enter_person`` raises.
    """
    code, _, role = (part.strip() for part in text.partition(":"))
    if role:
        enter_person(interview, code, parse_role(role))
    return code


def parse_role(text: str) -> Role:
    """Return the role of this name.

    Raises:
        BadName: there is no such role.
    """
    try:
        return Role(text.strip().lower())
    except ValueError as unknown:
        raise BadName("role") from unknown


def build_row_details(row: ImportRow) -> InterviewDetails:
    """Return the details of an interview that a row of a table gives.

    Raises:
        BadName: there is no such role, or more roles than participants.
        LanguageUnknown: no language is called so.
    """
    if len(row.roles) > len(row.participants):
        raise BadName("role: there are more roles than participants")
    roles: Sequence[str] = (*row.roles, *[""] * (len(row.participants) - len(row.roles)))
    people = zip(row.participants, roles, strict=True)
    return InterviewDetails(
        label=row.label,
        participants=tuple(parse_participant(text, role) for text, role in people),
        channels=row.channels,
        language=parse_language(row.language) if row.language else "",
    )


def parse_register(text: str) -> tuple[RegisterEntry, ...]:
    """Read who or what may be named, ``person=Tom Baker,Tommy:brother; place=Ashfield``.

    Raises:
        BadName: there is no such kind of name.
    """
    parts = (part for part in text.split(";") if part.strip())
    return tuple(entry for part in parts for entry in parse_register_entries(part))


def parse_register_entries(text: str) -> tuple[RegisterEntry, ...]:
    """Read what may be named, of one kind: ``KIND=NAME,NAME[:ROLE]``.

    The names of a place or an organisation are each another one's, because nobody lists two names
    of a village; ``KIND=NAME=NAME`` are two names of one. All others are names of one.

    Raises:
        BadName: there is no such kind of name, or no name.
    """
    _require_text(text)
    kind, _, known = text.partition("=")
    names, _, role = known.partition(":")
    try:
        category = Category(kind.strip())
    except ValueError as unknown:
        raise BadName("kind of name") from unknown
    told = " ".join(role.split())
    each = split_names(names) if category in _EACH_ANOTHER else (names,)
    same = [split_names(one.replace(_SAME_ONE, ",")) for one in each]
    if not same or not all(same):  # it would be counted, and nothing looked for
        raise BadName("name")
    return tuple(RegisterEntry(category, one, told) for one in same)


def format_register(entries: Iterable[RegisterEntry]) -> str:
    """Write entries in the form that ``parse_register`` reads."""
    return "; ".join(
        f"{one.category}={_join_names(one)}" + (f":{one.role}" if one.role else "")
        for one in entries
    )


def _join_names(entry: RegisterEntry) -> str:
    return (_SAME_ONE if entry.category in _EACH_ANOTHER else ",").join(entry.names)
