"""Making the files of a new study, and bringing an older one up, before it is open.

Used by ``Study.create`` and ``Study.open`` alone. Nothing here needs an open study.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from study.store.database import DATABASE, LOCK, Share, map_storage_errors, upgrade_database
from study.store.interview_sound import AUDIO_FOLDER
from study.store.keys import KeyClass, Keyring, Slot, give_own_keys
from study.store.schema import SCHEMA_FORMAT, create_tables
from study.store.slot_table import OpenedSlot, read_slot, tell_new_person, write_slot
from study.store.trail import TrailFacts, append_trail_line, begin_trail, read_trail_head

Clock = Callable[[], datetime]


def read_utc_clock() -> datetime:
    """Return the current time in UTC: the default clock."""
    return datetime.now(UTC)


def format_time(clock: Clock) -> str:
    """Return a clock's time as ISO 8601 in UTC, to the second."""
    return clock().astimezone(UTC).isoformat(timespec="seconds")


@contextlib.contextmanager
def released_on_failure(db: sqlite3.Connection, presence: Share) -> Generator[None]:
    """Close the database and the lock where a study cannot be opened after all."""
    try:
        yield
    except BaseException:
        db.close()
        presence.leave()
        raise


def upgrade_study(
    folder: Path,
    db: sqlite3.Connection,
    presence: Share,
    ring: Keyring,
    clock: Clock,
    opened: OpenedSlot | None = None,
) -> Keyring:
    """Migrate an older study; return the ring, with a signing key where its slot was opened.

    opened: the slot, None where the keys came from another process.
    """
    used = [ring]

    def note(from_format: int) -> None:
        facts: TrailFacts = {"from_format": from_format, "to_format": SCHEMA_FORMAT}
        head = read_trail_head(db)
        if opened is not None and not opened.slot.has_own_keys:
            slot = read_slot(db, opened.slot.number) or opened.slot
            made, used[0] = give_own_keys(slot, ring, opened.slot_key, str(head))
            write_slot(db, replace(made, line=head.count + 1))
            facts |= tell_new_person(made)
        append_trail_line(
            db,
            used[0].get_key(KeyClass.COMMON),  # every slot holds it
            made_at=format_time(clock),
            slot=used[0].slot,
            action="format brought up",
            facts=facts,
            signer=used[0].person,
        )

    with map_storage_errors():
        upgrade_database(folder, db, presence, note=note)
    return used[0]


def remove_unfinished_study(folder: Path, *, whole: bool) -> None:
    """Remove everything that ``create`` made before it failed, so that it can be tried again."""
    with contextlib.suppress(OSError):
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal", LOCK):
            (folder / name).unlink(missing_ok=True)
        (folder / AUDIO_FOLDER).rmdir()
    if whole:
        with contextlib.suppress(OSError):
            folder.rmdir()


def write_first_rows(db: sqlite3.Connection, ring: Keyring, slots: list[Slot], now: str) -> None:
    """Write the rows that every study has from the beginning."""
    create_tables(db)
    db.execute("INSERT INTO meta VALUES ('id', ?)", [secrets.token_hex(16)])
    db.execute("INSERT INTO meta VALUES ('created_at', ?)", [now])
    facts: TrailFacts = {}
    for slot in slots:
        write_slot(db, replace(slot, line=1))
        facts |= tell_new_person(slot)
    common = ring.get_key(KeyClass.COMMON)
    begin_trail(db, ring.get_key(KeyClass.KEY), common)
    append_trail_line(
        db, common, made_at=now, slot=ring.slot, action="study made", facts=facts,
        signer=ring.person,
    )  # fmt: skip
