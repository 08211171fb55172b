"""The people of a study: who may open it, with which keys; adding and removing somebody.

Somebody who holds class keys seals them for the others' public halves, so nobody ever needs another
person's passphrase. Each of these changes is a line of the audit trail, signed by who made it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from study.errors import PersonFlaw, PersonRefused, RoleForbids
from study.lookalikes import spell_by_shape
from study.permissions import PersonAction
from study.person_roles import JOINING_ROLES, PersonRole
from study.screen_text import sanitise_text
from study.store.database import map_storage_errors
from study.store.keys import (
    ROLE_CLASSES,
    Argon2Cost,
    KeyClass,
    Keyring,
    Slot,
    generate_recovery_code,
    make_slot,
    seal_class_keys,
)
from study.store.slot_table import (
    MOST_SLOTS,
    read_arrivals,
    read_slot,
    read_slots,
    tell_new_person,
    try_slots,
)
from study.store.study import Change, Study
from study.store.trail import read_trail_head, rewrap_trail_keys

LONGEST_NAME = 40
_OLD_COPIES = "study.format-*.db"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may open a study, or the recovery code.

    opens: the classes of keys that they hold. is_here: whether the study is open with their
    passphrase. has_own_keys: false for who has not opened the study since it was brought up from
    format 2; they get a signing key when they do. since: when they were brought in, ISO 8601 in
    UTC as the trail tells it; "" where it does not.
    """

    number: int
    name: str
    role: PersonRole
    opens: tuple[KeyClass, ...]
    is_here: bool
    has_own_keys: bool
    signing: bytes = b""  # the public half of their signing key
    since: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """What somebody who was removed could open until then, and may have copied.

    old_copies: names of copies in the study's folder that their passphrase still opens.
    """

    person: Person
    old_copies: tuple[str, ...]


def list_people(study: Study) -> list[Person]:
    """Return who may open the study, in the order in which they came."""
    with study.lock, map_storage_errors():
        came = read_arrivals(study.db)
        slots = [slot for slot in read_slots(study.db) if not slot.is_removed]
        return [_as_person(study, slot, came.get(slot.number, "")) for slot in slots]


def _as_person(study: Study, slot: Slot, since: str) -> Person:
    is_here = slot.number == study.ring.slot
    opens = slot.classes if slot.has_own_keys else study.ring.classes if is_here else ()
    return Person(
        slot.number, slot.name, slot.role, opens, is_here, slot.has_own_keys, slot.signing, since
    )


def require_own_name(study: Study, name: str) -> None:
    """Refuse the name of somebody else who has a passphrase of their own.

    Raises:
        PersonRefused: it is their name, or looks like it.
    """
    spelt = _spell(name)
    others = (one.name for one in list_people(study) if not one.is_here)
    if spelt and spelt in map(_spell, others):
        raise PersonRefused(PersonFlaw.ANOTHERS)


def _spell(name: str) -> str:
    """Spell a name by its shape, without full stops: ``S. Okafor`` is ``S Okafor``."""
    return spell_by_shape(name.replace(".", " "))


def read_person_roles(study: Study) -> dict[int, PersonRole]:
    """Return the role of every slot by its number, also of those who were removed."""
    with study.lock, map_storage_errors():
        return {slot.number: slot.role for slot in read_slots(study.db)}


def read_signing_key(study: Study, number: int) -> bytes:
    """Return the public signing key of a slot, also of who was removed; b"" where it has none."""
    with study.lock, map_storage_errors():
        slot = read_slot(study.db, number)
    return slot.signing if slot else b""


def add_person(
    study: Study, name: str, role: PersonRole, passphrase: str, *, cost: Argon2Cost | None = None
) -> Person:
    """Give somebody a passphrase of their own, with the keys of a role.

    Raises:
        RoleForbids: who is there may not bring anybody in.
        PersonRefused: the name is none, or taken, or looks like one that is; there are too many;
            nobody has that role.
        KeyNotHeld: the passphrase in use does not open a class of keys that the role needs.
        WeakPassphrase: the new one is too short.
    """
    study.require_permitted(PersonAction.KEEP_PEOPLE)
    name = check_person_name(study, name)
    if role not in JOINING_ROLES:
        raise PersonRefused(PersonFlaw.NO_ROLE)
    number = study.add_slot(name, passphrase, ROLE_CLASSES[role], role=role, cost=cost)
    return next(one for one in list_people(study) if one.number == number)


def change_own_passphrase(study: Study, passphrase: str, *, cost: Argon2Cost | None = None) -> None:
    """Give who is there another passphrase; the old one opens nothing any more.

    Raises:
        RoleForbids: the study is open with the recovery code, which is renewed instead.
        WeakPassphrase: the new one is too short.
    """
    if study.role is PersonRole.RECOVERY:
        raise RoleForbids(study.role.value, "have a passphrase: it is renewed as a whole")
    with study.change("passphrase changed") as change:
        own = next(slot for slot in read_slots(study.db) if slot.number == study.ring.slot)
        change.write_slots([_reseal(study, own, passphrase, cost)])


def _reseal(study: Study, own: Slot, passphrase: str, cost: Argon2Cost | None) -> Slot:
    """Seal the keys of who is there under another passphrase."""
    return make_slot(
        study.ring,
        own.number,
        own.name,
        passphrase,
        cost,
        role=own.role,
        person=study.ring.person,
        seen=str(read_trail_head(study.db)),
    )


def remove_person(study: Study, name: str) -> Removal:
    """Take somebody's keys away, and make new class keys, which everybody else gets.

    What they copied while they could open it stays readable to them, and so do later versions of
    interviews whose data keys they copied: those stay as they are.

    Raises:
        RoleForbids: who is there may not remove anybody.
        PersonRefused: there is nobody of that name; it is who is there, the last owner or the
            recovery code; or somebody else has no keys of their own yet.
        KeyNotHeld: the passphrase in use does not open everything.
        StudyChanged: nobody has verified the study since it was changed outside Earshot.
        StudyInUse: another process has the study open.
    """
    study.require_permitted(PersonAction.KEEP_PEOPLE)
    study.require_unchanged()
    gone = _find_removable(study, name)
    with study.held_alone():
        before = study.ring
        try:
            with study.change("person removed") as change:
                replace_class_keys(study, change, gone.number)
                change.facts[f"slot.{gone.number}.removed"] = 1
        except BaseException:
            study.use_keys(before)
            raise
        study.checkpoint()  # what they could open leaves the write-ahead file as well
    copies = sorted(path.name for path in study.folder.glob(_OLD_COPIES))
    return Removal(gone, tuple(copies))


def _find_removable(study: Study, name: str) -> Person:
    people = list_people(study)
    gone = next((one for one in people if one.name.casefold() == name.strip().casefold()), None)
    if gone is None:
        raise PersonRefused(PersonFlaw.UNKNOWN)
    if gone.is_here:
        raise PersonRefused(PersonFlaw.SELF)
    if gone.role is PersonRole.RECOVERY:
        raise PersonRefused(PersonFlaw.CODE)
    if gone.role is PersonRole.OWNER and sum(one.role is PersonRole.OWNER for one in people) == 1:
        raise PersonRefused(PersonFlaw.LAST_OWNER)
    if not all(one.has_own_keys for one in people if one != gone):
        raise PersonRefused(PersonFlaw.NO_KEYS_YET)
    return gone


def replace_class_keys(study: Study, change: Change, gone: int = 0) -> None:
    """Make new class keys, and seal them for everybody but the slot ``gone``; 0 for nobody.

    Within ``held_alone``. Where the change fails, the caller goes back to the keys before.

    Raises:
        KeyNotHeld: the passphrase in use does not open everything.
        StudyDamaged: a key is not what was written.
    """
    old, new = study.ring, study.ring.replace_keys(Keyring.generate())
    study.rows.rewrap_data_keys(new)
    rewrap_trail_keys(
        study.db,
        (old.get_key(KeyClass.KEY), old.get_key(KeyClass.COMMON)),
        (new.get_key(KeyClass.KEY), new.get_key(KeyClass.COMMON)),
    )
    change.write_slots(_reseal_for(slot, new, gone) for slot in read_slots(study.db))
    study.use_keys(new)  # the line of this change already needs the new common key


def _reseal_for(slot: Slot, ring: Keyring, gone: int) -> Slot:
    if slot.number == gone or slot.is_removed:
        return replace(slot, salt=b"", sealed=b"", keys=b"", classes=())
    return replace(slot, keys=seal_class_keys(slot, ring))


def check_recovery_code(study: Study, code: str) -> bool:
    """Whether a recovery code still opens the study."""
    with study.lock, map_storage_errors():
        slots = [one for one in read_slots(study.db) if one.role is PersonRole.RECOVERY]
    opened = try_slots((slot for slot in slots if not slot.is_removed), code)
    return opened is not None


def renew_recovery_code(study: Study, *, cost: Argon2Cost | None = None) -> str:
    """Make a new recovery code, which is returned only now; the old one opens nothing any more.

    Raises:
        RoleForbids: who is there may not do that.
        KeyNotHeld: the passphrase in use does not open everything.
    """
    study.require_permitted(PersonAction.KEEP_PEOPLE)
    code = generate_recovery_code()
    for wanted in ROLE_CLASSES[PersonRole.RECOVERY]:
        study.ring.get_key(wanted)
    with study.change("recovery code renewed") as change:
        slots = read_slots(study.db)
        head = str(read_trail_head(study.db))
        made = make_slot(
            study.ring,
            slots[-1].number + 1,
            "recovery",
            code,
            cost,
            role=PersonRole.RECOVERY,
            seen=head,
        )
        old = [one for one in slots if one.role is PersonRole.RECOVERY and not one.is_removed]
        change.facts |= tell_new_person(made)
        change.write_slots([*(_reseal_for(one, study.ring, one.number) for one in old), made])
        change.facts |= {f"slot.{one.number}.removed": 1 for one in old}
    return code


def check_person_name(study: Study, name: str) -> str:
    """Return the name of somebody new as it is stored: without blanks around it.

    Raises:
        PersonRefused: it is none, or taken, or looks like one that is; there are too many people.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or sanitise_text(name) != name:
        raise PersonRefused(PersonFlaw.UNNAMED)
    people = list_people(study)
    if any(one.name.casefold() == name.casefold() for one in people):
        raise PersonRefused(PersonFlaw.TAKEN)
    if any(spell_by_shape(one.name) == spell_by_shape(name) for one in people):
        raise PersonRefused(PersonFlaw.LOOKS_ALIKE)
    if len(people) >= MOST_SLOTS:
        raise PersonRefused(PersonFlaw.TOO_MANY)
    return name
