"""The table of slots: the passphrases that open a study, and the keys behind each."""

from __future__ import annotations

import sqlite3

import msgspec

from study.errors import (
    StudyDamaged,
)
from study.store.database import (
    DATABASE,
)
from study.store.keys import (
    Argon2Cost,
    Keyring,
    Slot,
    normalise_recovery_code,
    open_slot,
)

SlotRow = tuple[int, str, str, bytes, bytes]
"""number, name, cost, salt, sealed."""


def write_slot(db: sqlite3.Connection, slot: Slot) -> None:
    """Add a slot, inside the caller's transaction."""
    cost = msgspec.json.encode(slot.cost).decode()
    db.execute(
        "INSERT INTO slot VALUES (?, ?, ?, ?, ?)",
        [slot.number, slot.name, cost, slot.salt, slot.sealed],
    )


def unlock_slot(db: sqlite3.Connection, passphrase: str) -> Keyring | None:
    """Return the keys of the first slot that this passphrase opens, None where it opens none.

    Raises:
        StudyDamaged: a slot holds parameters that nobody chose.
    """
    rows = db.execute("SELECT number, name, cost, salt, sealed FROM slot ORDER BY number")
    return try_slots(rows.fetchall(), passphrase)


def try_slots(slots: list[SlotRow], passphrase: str) -> Keyring | None:
    """Try a passphrase, as typed and as a recovery code, on each slot; None where none opens."""
    for attempt in dict.fromkeys((normalise_recovery_code(passphrase), passphrase)):
        for number, name, cost, salt, sealed in slots:
            try:
                price = msgspec.json.decode(cost, type=Argon2Cost)
                ring = open_slot(Slot(number, name, price, salt, sealed), attempt)
            except (ValueError, TypeError) as broken:  # parameters that nobody chose
                raise StudyDamaged(f"{DATABASE} (slot {number})") from broken
            if ring is not None:
                return ring
    return None
