"""The people of a study in words, and what is done with a passphrase beside the study's own part.

Passphrases are handed on and never kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from app.last_person import save_last_person
from app.system_keyring import read_from_keyring, save_to_keyring
from study import PersonRole
from study.errors import WrongPassphrase
from study.store import KeyClass, Person, Removal, Study, change_own_passphrase

_OPENS = {
    KeyClass.IDENTIFYING: "sound, words and names",
    KeyClass.KEY: "what each replacement stands for",
    KeyClass.CLEAN: "anonymised transcripts and logs",
}
ROLE_SUMMARIES: Final[Mapping[PersonRole, str]] = {
    PersonRole.OWNER: "everything, and who may open the study",
    PersonRole.INTERVIEWER: "records and transcribes; reads their own interviews",
    PersonRole.ASSISTANT: "transcribes, corrects, decides, hands on",
    PersonRole.OFFICER: "checks the log, signs off or sends back",
    PersonRole.APPROVER: "reads what is anonymised; agrees to a looser policy",
}
"""What each role that somebody can be given is for."""


def describe_opened_keys(person: Person) -> str:
    """Say what somebody's keys open."""
    known = ", ".join(_OPENS[one] for one in person.opens if one in _OPENS)
    return known or "shown when it is next opened"


def describe_presence(person: Person) -> str:
    """Say whether somebody is there, or has still to open the study; "" for everybody else."""
    if person.is_here:
        return "you"
    return "" if person.has_own_keys else "has not opened the study since it was brought up to date"


def describe_removal(removed: Removal) -> Iterable[str]:
    """Yield sentences about somebody who was removed, and what they may have copied."""
    person = removed.person
    yield f"{person.name} is removed: that passphrase opens nothing in this study any more."
    yield "New keys guard what is entered from now on; everybody else got them."
    yield f"They may have copied what they could open until now: {describe_opened_keys(person)}."
    yield (
        "If they copied the keys of an interview as well, a later copy of the study would show them"
        " what was added to it since."
    )
    for name in removed.old_copies:
        yield f"{name} in the study's folder still opens with that passphrase: delete it."


def change_passphrase(study: Study, passphrase: str) -> None:
    """Change the passphrase of who is there, in the system's keyring as well if theirs is there.

    Raises:
        RoleForbids, WeakPassphrase: as ``change_own_passphrase``.
    """
    kept = read_from_keyring(study.folder)
    is_own = bool(kept) and study.is_own_passphrase(kept)
    change_own_passphrase(study, passphrase)
    if is_own:
        save_to_keyring(study.folder, passphrase)


def open_as_person(study: Study, person: Person, passphrase: str) -> Study | None:
    """Open the same study once more, for one of its people; None if it is not their passphrase.

    Raises:
        StudyDamaged, StudyInUse: as ``Study.open``.
    """
    try:
        opened = Study.open(study.folder, passphrase, person=person.name, clock=study.clock)
    except WrongPassphrase:
        return None
    if opened.ring.slot != person.number:
        opened.close()
        return None
    save_last_person(study.folder, person.name)
    return opened
