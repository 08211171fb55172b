"""Which commands of the interface need which permission, so that none is offered in vain.

What a role may do stands in ``study.permissions``; the study itself refuses what is not allowed.
"""

from __future__ import annotations

from typing import Final

from app.command_table import Command, CommandPlace, list_commands
from study import PersonAction, PersonRole, is_permitted
from study.store import Study, read_study_policy

_A = PersonAction
_NEEDS: Final[dict[str, PersonAction]] = {
    "home.new": _A.RECORD, "home.go_on": _A.RECORD, "home.open": _A.READ_WORDS,
    "home.transcribe": _A.TRANSCRIBE, "home.language": _A.SET_UP,
    "home.names": _A.SET_UP, "interview.names": _A.SET_UP, "home.anonymise": _A.DECIDE,
    "home.export": _A.HAND_OVER, "consent.spoken": _A.RECORD,
    **dict.fromkeys((f"consent.{name}" for name in ("record", "new", "lost")), _A.KEEP_CONSENT),
    **dict.fromkeys(
        (f"interview.{name}" for name in (
            "edit", "split", "join", "remove", "speaker", "undo_edit", "redo_edit", "headings",
            "settle", "replace", "returned", *(f"speaker_{n}" for n in range(1, 10)),
        )), _A.CORRECT),
    **dict.fromkeys(
        (f"interview.{name}" for name in (
            "accept", "accept_alike", "reject", "reject_alike", "sure_of", "none_of",
            "change", "undo", "mention", "anonymise", "link",
        )), _A.DECIDE),
    "interview.transcribe": _A.TRANSCRIBE, "interview.hear_again": _A.TRANSCRIBE,
    "interview.ready": _A.HAND_ON, "interview.export": _A.HAND_OVER,
    "check.right": _A.CHECK, "check.object": _A.CHECK, "check.take_back": _A.CHECK,
    "check.original": _A.READ_ORIGINALS, "check.review": _A.READ_WORDS,
    **dict.fromkeys(("people.add", "people.remove", "people.renew_code"), _A.KEEP_PEOPLE),
    **dict.fromkeys(
        ("interview.whole_voice", "interview.give_rest", "interview.voices"), _A.CORRECT),
    "travel.send": _A.SEND, "travel.take_in": _A.TAKE_IN,
    "withdraw.confirm": _A.CONFIRM_DESTRUCTION, "withdraw.settle": _A.ASK_DESTRUCTION,
    "check.sign": _A.SIGN, "check.send_back": _A.SIGN, "check.export": _A.HAND_OVER,
}  # fmt: skip
"""The permission that a command needs, by its id; a command that is not here needs none."""


def is_offered(
    place: CommandPlace, action: str, parameters: tuple[object, ...], role: PersonRole
) -> bool:
    """Whether a role is offered the commands of a place that call this action.

    action, parameters: as Textual asks for them: the name alone with what the key hands over, or
    the whole as it stands in the command table.
    """
    return not explain_role(place, action, parameters, role)


def explain_role(
    place: CommandPlace, action: str, parameters: tuple[object, ...], role: PersonRole
) -> str:
    """Say which permission a role lacks for an action, "" where it has all that it needs.

    place, action, parameters: as for ``is_offered``.
    """
    written = action if not parameters else f"{action}({', '.join(map(repr, parameters))})"
    needed = [
        _NEEDS[command.id]
        for command in list_commands(place)
        if command.id in _NEEDS and written in {command.action, _name_without_call(command)}
    ]
    if not needed or any(is_permitted(role, one) for one in needed):
        return ""
    return f"Your role, {role}, does not let you {needed[0]}."


def is_own_work_refused(study: Study) -> bool:
    """Whether who is there signs off, and may not sign off what they decided themselves.

    Raises:
        KeyNotHeld, StudyDamaged: as ``read_study_policy``.
    """
    if not is_permitted(study.role, PersonAction.SIGN):
        return False
    return study.role is PersonRole.OFFICER or read_study_policy(study).second_person


def _name_without_call(command: Command) -> str:
    return command.action.partition("(")[0] if command.action.endswith("()") else command.action
