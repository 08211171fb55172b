"""Who takes part in an interview, as people write it at the shell and in tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from capture import ImportRow
from study import Category, InterviewDetails, Participant, RegisterEntry, Role, parse_language
from study.errors import BadName


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
    wanted = (own or role).strip().lower() or Role.PARTICIPANT
    try:
        return Participant(code.strip(), Role(wanted), split_names(names))
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
    return tuple(parse_register_entry(part) for part in text.split(";") if part.strip())


def parse_register_entry(text: str) -> RegisterEntry:
    """Read one entry of the register, ``KIND=NAME,NAME[:ROLE]``.

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
    entry = RegisterEntry(category, split_names(names), " ".join(role.split()))
    if not entry.names:  # it would be counted, and nothing looked for
        raise BadName("name")
    return entry


def format_register(entries: Iterable[RegisterEntry]) -> str:
    """Write entries in the form that ``parse_register`` reads."""
    return "; ".join(
        f"{one.category}={','.join(one.names)}" + (f":{one.role}" if one.role else "")
        for one in entries
    )
