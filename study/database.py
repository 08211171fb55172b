"""Opening the database of a study: its guarantees, its format, and its sum.

``study.sum`` notes what ``study.db`` was when the last process closed it in peace, so that a
changed bit is noticed even where SQLite keeps nothing of ours. While anybody may be writing
there is no sum; what is sealed or chained is then the only, and sufficient, witness.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import shutil
import sqlite3
import time
from collections.abc import Generator
from pathlib import Path

import msgspec

from study import schema
from study.disk import Presence, remove, told, write_whole
from study.errors import (
    DiskFull,
    StudyDamaged,
    StudyInUse,
    StudyNotFound,
    StudyTooNew,
    StudyUnwritable,
)
from study.keys import KeyClass, Keyring
from study.seal import bind

DATABASE, LOCK, SUM = "study.db", "study.lock", "study.sum"
_PATIENCE_S = 10.0


class Sum(msgspec.Struct, frozen=True):
    """What ``study.db`` was when it was last closed in peace."""

    size: int
    sha256: str
    mac: bytes


@contextlib.contextmanager
def plainly() -> Generator[None]:
    """Turn SQLite's refusals inside the block into errors with words."""
    try:
        with told():
            yield
    except sqlite3.OperationalError as refused:
        text = str(refused)
        if "locked" in text or "busy" in text:
            raise StudyInUse from refused
        if "full" in text:
            raise DiskFull from refused
        if "readonly" in text or "unable to open" in text:
            raise StudyUnwritable from refused
        raise StudyDamaged(DATABASE) from refused
    except (sqlite3.DatabaseError, UnicodeDecodeError) as broken:
        raise StudyDamaged(DATABASE) from broken


def connect(path: Path) -> sqlite3.Connection:
    """Open the database with the guarantees that ``docs/format.md`` promises."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE_S)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged change survives a power cut
        "secure_delete = ON",  # a destroyed key is overwritten, not merely unlinked
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
    ):
        db.execute(f"PRAGMA {pragma}")
    return db


def matches_sum(folder: Path, ring: Keyring | None = None) -> bool | None:
    """Compare ``study.db`` with the sum noted when it was last closed; None where there is none.

    Not to be called while this process has the database open: closing the second descriptor
    would drop SQLite's POSIX locks on the first.
    """
    try:
        raw = (folder / SUM).read_bytes()
    except FileNotFoundError:
        return None
    try:
        noted = msgspec.json.decode(raw, type=Sum)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    size, digest = _measure(folder / DATABASE)
    right = (noted.size, noted.sha256) == (size, digest)
    if ring is not None:
        right = right and hmac.compare_digest(noted.mac, _sum_mac(ring, size, digest))
    return right and raw == msgspec.json.encode(noted)


def note_sum(folder: Path, ring: Keyring) -> None:
    """Note what ``study.db`` is; only for the last to leave, after its connection is closed."""
    size, digest = _measure(folder / DATABASE)
    write_whole(folder / SUM, msgspec.json.encode(Sum(size, digest, _sum_mac(ring, size, digest))))


def _sum_mac(ring: Keyring, size: int, digest: str) -> bytes:
    return hmac.digest(ring.key(KeyClass.COMMON), bind("sum", size, digest), "sha256")


def _measure(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def enter(folder: Path) -> tuple[sqlite3.Connection, Presence]:
    """Take a share in the study's lock and open a database of a format we know."""
    path = folder / DATABASE
    if not path.is_file():
        raise StudyNotFound
    presence = Presence(folder / LOCK)
    try:
        _share_patiently(presence)
        with plainly():
            db = connect(path)
            try:
                _check_format(folder, db, presence)
            except BaseException:
                db.close()
                raise
    except BaseException:
        presence.leave()
        raise
    return db, presence


def _share_patiently(presence: Presence) -> None:
    """Wait out the moment in which another process notes the sum."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            presence.share()
        except StudyInUse:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _check_format(folder: Path, db: sqlite3.Connection, presence: Presence) -> None:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (found,) = db.execute("PRAGMA user_version").fetchone()
    if application != schema.APPLICATION_ID:
        raise StudyDamaged(DATABASE) if matches_sum(folder) is False else StudyNotFound
    if found > schema.FORMAT:
        raise StudyTooNew(found, schema.FORMAT)
    if found < schema.FORMAT:
        _migrate(folder, db, found, presence)


def _migrate(folder: Path, db: sqlite3.Connection, found: int, presence: Presence) -> None:
    """Bring an older study up, after a copy of it was made beside it."""
    if not presence.alone():
        raise StudyInUse
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = folder / f"study.format-{found}.db"
    with told():
        shutil.copy2(folder / DATABASE, copy)
    schema.migrate(db, found, migrations=schema.MIGRATIONS)
    remove(folder / SUM)
    presence.share()
