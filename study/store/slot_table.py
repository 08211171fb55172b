"""The table of slots: the people of a study, and the passphrases that open it.

Nothing is tried that could keep us busy: too many slots, or a cost that no Earshot chooses, are
refused before the first passphrase is tried. Each row is told by a line of the trail (``line``), so
a slot that somebody planted is not tried at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from study.errors import StudyDamaged
from study.person_roles import PersonRole
from study.store.database import DATABASE
from study.store.keys import (
    Argon2Cost,
    KeyClass,
    Keyring,
    Slot,
    derive_slot_key,
    format_classes,
    normalise_recovery_code,
    open_slot_with_key,
)
from study.store.schema import RECOVERY_SLOT
from study.store.seal import SealBroken, build_associated_data
from study.store.trail import TrailFacts, read_trail_line

MOST_SLOTS = 32
FIRST_SLOTS = (1, RECOVERY_SLOT)  # of every study: who made it, and the recovery code
SLOT_ADDED = "slot added"  # how somebody came into a study up to format 2
_MOST_WORK_KIB = MOST_SLOTS * Argon2Cost().work_kib  # some 8 s on two cores, if all are tried


@dataclass(frozen=True, slots=True)
class OpenedSlot:
    """A slot that a passphrase opened, the key that the passphrase made, and what it opened."""

    slot: Slot
    slot_key: bytes
    ring: Keyring


def write_slot(db: sqlite3.Connection, slot: Slot) -> None:
    """Write a slot, in place of the one with its number, inside the caller's transaction."""
    db.execute(
        "INSERT OR REPLACE INTO slot"
        " (number, name, cost, salt, sealed, role, signing, receiving, classes, keys, line)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [slot.number, slot.name, _encode_cost(slot), slot.salt, slot.sealed, slot.role,
         slot.signing, slot.receiving, format_classes(slot.classes), slot.keys, slot.line],
    )  # fmt: skip


def read_slots(db: sqlite3.Connection) -> list[Slot]:
    """Return all slots, those of removed people as well, in the order of their numbers.

    Raises:
        StudyDamaged: a slot holds what nobody wrote.
    """
    found = db.execute("SELECT * FROM slot ORDER BY number")  # an older format has fewer columns
    names = [column for column, *_ in found.description]
    return [_read_row(dict(zip(names, row, strict=True))) for row in found]


def read_slot(db: sqlite3.Connection, number: int) -> Slot | None:
    """Return a slot, None where there is none of this number.

    Raises:
        StudyDamaged: a slot holds what nobody wrote.
    """
    return next((slot for slot in read_slots(db) if slot.number == number), None)


class _Row(msgspec.Struct, frozen=True):
    """A row as the table holds it."""

    number: int
    name: str
    cost: str
    salt: bytes
    sealed: bytes
    role: PersonRole | None = None  # format 2 has no roles
    signing: bytes = b""
    receiving: bytes = b""
    classes: str = ""
    keys: bytes = b""
    line: int = 0


def _read_row(columns: dict[str, object]) -> Slot:
    try:
        row = msgspec.convert(columns, _Row)
        price = msgspec.json.decode(row.cost, type=Argon2Cost)
        held = tuple(KeyClass(one) for one in row.classes.split())
    except (ValueError, TypeError) as broken:
        raise StudyDamaged(f"{DATABASE} (slot {columns['number']})") from broken
    old_role = PersonRole.RECOVERY if row.number == RECOVERY_SLOT else PersonRole.OWNER
    return Slot(
        row.number, row.name, price, row.salt, row.sealed, row.role or old_role, row.signing,
        row.receiving, held, row.keys, row.line,
    )  # fmt: skip


def _damaged(number: int) -> StudyDamaged:
    return StudyDamaged(f"{DATABASE} (slot {number})")


def _encode_cost(slot: Slot) -> str:
    return msgspec.json.encode(slot.cost).decode()


def unlock_slot(db: sqlite3.Connection, passphrase: str, hint: str = "") -> OpenedSlot | None:
    """Return the first slot that this passphrase opens, None where it opens none.

    hint: the name of the person who types it, whose slot is tried first, so that opening costs no
        more than one guess; "" for nobody. Any other slot is tried as well.

    Slots that no line of the trail tells of are not tried.

    Raises:
        StudyDamaged: a slot holds what nobody wrote, there are too many, or nothing opens and some
            were not tried.
    """
    every = [slot for slot in read_slots(db) if not slot.is_removed]
    slots = [slot for slot in every if is_told(db, slot)]
    _check_payable(slots)
    wanted = hint.casefold()
    slots.sort(key=lambda slot: slot.name.casefold() != wanted)
    opened = try_slots(slots, passphrase)
    if opened is None and len(slots) < len(every):
        untold = next(slot for slot in every if slot not in slots)
        raise _damaged(untold.number)
    return opened


def try_slots(slots: Iterable[Slot], passphrase: str) -> OpenedSlot | None:
    """Try a passphrase on each slot, on that of the recovery code as a code; None where none opens.

    Raises:
        StudyDamaged: a slot holds what nobody wrote.
    """
    code = normalise_recovery_code(passphrase)
    for slot in slots:
        typed = code if slot.role is PersonRole.RECOVERY else passphrase
        try:
            slot_key = derive_slot_key(slot, typed)
            ring = open_slot_with_key(slot, slot_key)
        except (ValueError, TypeError, SealBroken) as broken:
            raise _damaged(slot.number) from broken
        if ring is not None:
            return OpenedSlot(slot, slot_key, ring)
    return None


def _check_payable(slots: list[Slot]) -> None:
    dear = next((slot for slot in slots if not slot.cost.is_payable), None)
    if dear is not None:
        raise _damaged(dear.number)
    if len(slots) > MOST_SLOTS or sum(slot.cost.work_kib for slot in slots) > _MOST_WORK_KIB:
        raise StudyDamaged(f"{DATABASE} ({len(slots)} slots)")


def is_told(db: sqlite3.Connection, slot: Slot) -> bool:
    """Whether a line of the trail tells of this very row.

    The slots of format 2 are told by their numbers alone, until they are opened.
    """
    if not slot.has_own_keys:
        return slot.number in FIRST_SLOTS or slot.number in _list_added_slots(db)
    line = read_trail_line(db, slot.line)
    return line is not None and line.facts.get(_row_fact(slot)) == _hash_row(slot)


def _list_added_slots(db: sqlite3.Connection) -> set[int]:
    return {slot for slot, _ in _read_added_slots(db)}


def _read_added_slots(db: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Yield the slots that were added up to format 2, each with when."""
    for facts, at in db.execute("SELECT facts, at FROM trail WHERE verb = ?", [SLOT_ADDED]):
        with contextlib.suppress(ValueError):
            yield msgspec.json.decode(facts, type=_Added).slot, at


def read_arrivals(db: sqlite3.Connection) -> dict[int, str]:
    """Return when each slot was made, ISO 8601 in UTC, by its number.

    A slot that no line of the trail tells of is left out.
    """
    came: dict[int, str] = {}
    for (at,) in db.execute("SELECT at FROM trail ORDER BY number LIMIT 1"):
        came |= dict.fromkeys(FIRST_SLOTS, str(at))
    for slot, at in _read_added_slots(db):
        came.setdefault(slot, at)
    verbs = ("person added", "recovery code renewed")
    for facts, at in db.execute("SELECT facts, at FROM trail WHERE verb IN (?, ?)", verbs):
        for number in re.findall(r'"slot\.(\d+)\.role"', facts):
            came.setdefault(int(number), at)
    return came


class _Added(msgspec.Struct, frozen=True):
    slot: int


def tell_slot(slot: Slot) -> TrailFacts:
    """Return what a line of the trail says of a slot's row: a hash of all its columns."""
    return {_row_fact(slot): _hash_row(slot)}


def tell_new_person(slot: Slot) -> TrailFacts:
    """Return what the trail says of somebody who is new: role, public signing key, and the row."""
    return {
        f"slot.{slot.number}.role": slot.role.value,
        f"slot.{slot.number}.signing": slot.signing.hex(),
        **tell_slot(slot),
    }


def _row_fact(slot: Slot) -> str:
    return f"slot.{slot.number}.row"


def _hash_row(slot: Slot) -> str:
    columns = (
        slot.number, slot.name, _encode_cost(slot), slot.salt, slot.sealed, slot.role,
        slot.signing, slot.receiving, format_classes(slot.classes), slot.keys,
    )  # fmt: skip
    return hashlib.sha256(build_associated_data(*columns)).hexdigest()
