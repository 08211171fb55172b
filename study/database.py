"""Opening the database of a study: its guarantees, its format, and its sum.

``study.sum`` notes what ``study.db`` was when the last process closed it in peace, so that a
changed bit is noticed even where SQLite keeps nothing of ours. While anybody may be writing
there is no sum; what is sealed or chained is then the only, and sufficient, witness. A sum that
does not fit stays until a person has verified the study, whatever is written meanwhile.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import ClassVar

import msgspec

from study import schema
from study.disk import PRIVATE_FILE, Presence, remove, sync_folder, told, write_whole
from study.errors import (
    DiskFailed,
    DiskFull,
    EarshotError,
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
    """Turn SQLite's and the disk's refusals inside the block into errors with words."""
    try:
        with told(), answered():
            yield
    except UnicodeDecodeError as broken:  # SQLite's own message quotes what it could not read
        raise StudyDamaged(DATABASE) from broken


@contextlib.contextmanager
def answered() -> Generator[None]:
    """Turn SQLite's refusals alone into errors with words."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # ours to mend, not the person's
    except sqlite3.Error as refused:
        raise _in_words(refused) from refused


def _in_words(refused: sqlite3.Error) -> EarshotError:
    primary = getattr(refused, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StudyInUse()
    if primary == sqlite3.SQLITE_FULL:
        return DiskFull()
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return StudyUnwritable()
    if primary == sqlite3.SQLITE_IOERR:
        return DiskFailed()
    return StudyDamaged(DATABASE)


def connect(path: Path) -> sqlite3.Connection:
    """Open the database with the guarantees that ``docs/format.md`` promises."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE_S)
    pragmas = (
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged change survives a power cut
        "secure_delete = ON",  # a destroyed key is overwritten, not merely unlinked
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "temp_store = MEMORY",  # nothing of a study lies outside its folder
    )
    try:
        for pragma in pragmas:
            db.execute(f"PRAGMA {pragma}")
    except BaseException:
        db.close()
        raise
    return db


def matches_sum(folder: Path, ring: Keyring | None = None) -> bool | None:
    """Compare ``study.db`` with the sum noted when it was last closed; None where there is none.

    Not to be called while this process has the database open: closing the second descriptor
    would drop SQLite's POSIX locks on the first.
    """
    raw = _read_sum(folder)
    if raw is None:
        return None
    if _fits(folder, raw, ring):
        return True
    # Whoever is about to write removes the sum first; then what was measured says nothing.
    return False if _read_sum(folder) == raw else None


def _read_sum(folder: Path) -> bytes | None:
    try:
        with told():
            return (folder / SUM).read_bytes()
    except FileNotFoundError:
        return None


def _fits(folder: Path, raw: bytes, ring: Keyring | None) -> bool:
    try:
        noted = msgspec.json.decode(raw, type=Sum)
    except ValueError:
        return False
    size, digest = _measure(folder / DATABASE)
    right = (noted.size, noted.sha256) == (size, digest) and not _has_ahead(folder)
    if ring is not None:
        right = right and hmac.compare_digest(noted.mac, _sum_mac(ring, size, digest))
    return right and raw == msgspec.json.encode(noted)


def _has_ahead(folder: Path) -> bool:
    """Whether the write-ahead file holds what will change ``study.db``."""
    ahead = folder / f"{DATABASE}-wal"
    with told(), contextlib.suppress(FileNotFoundError):
        return ahead.stat().st_size > 0
    return False


def sum_is_ours(folder: Path, ring: Keyring) -> bool:
    """Whether the sum, where there is one, was noted by somebody who could open the study.

    Reads ``study.sum`` alone, so it may be called while the study is open.
    """
    try:
        noted = msgspec.json.decode((folder / SUM).read_bytes(), type=Sum)
    except FileNotFoundError:
        return True
    except ValueError:
        return False
    return hmac.compare_digest(noted.mac, _sum_mac(ring, noted.size, noted.sha256))


def note_sum(folder: Path, ring: Keyring) -> None:
    """Note what ``study.db`` is; only for the last to leave, after its connection is closed.

    A write-ahead file that could not be folded in (a full disk) will change ``study.db`` when
    it is: then there is no sum.
    """
    if _has_ahead(folder):
        return
    size, digest = _measure(folder / DATABASE)
    write_whole(folder / SUM, msgspec.json.encode(Sum(size, digest, _sum_mac(ring, size, digest))))


def _sum_mac(ring: Keyring, size: int, digest: str) -> bytes:
    return hmac.digest(ring.key(KeyClass.COMMON), bind("sum", size, digest), "sha256")


def _measure(path: Path) -> tuple[int, str]:
    with told(), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def make(folder: Path) -> sqlite3.Connection:
    """Make an empty database that only its owner may read, whatever the umask says."""
    with told():
        os.close(os.open(folder / DATABASE, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
    return connect(folder / DATABASE)


class Share(Presence):
    """A share in a study's lock, and whether the sum fitted when this process came in.

    The sum is compared once for all shares that a process has in a study at the same time: see
    ``matches_sum``.
    """

    _guard = threading.Lock()
    _compared: ClassVar[dict[Path, tuple[int, bool]]] = {}  # shares, and whether the sum differs

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / LOCK)
        self._folder = folder.resolve()
        self._is_counted = False
        self.sum_differs = False

    def compare(self) -> None:
        """Compare the sum, after ``share`` and before the database is opened."""
        with self._guard:
            shares, differs = self._compared.get(self._folder, (0, False))
            if not shares:
                differs = matches_sum(self._folder) is False
            self._compared[self._folder] = (shares + 1, differs)
            self._is_counted, self.sum_differs = True, differs

    def leave(self) -> None:
        """Let go, after the database was closed."""
        with self._guard:
            if self._is_counted:
                shares, differs = self._compared.pop(self._folder)
                if shares > 1:
                    self._compared[self._folder] = (shares - 1, differs)
                self._is_counted = False
        super().leave()


def enter(folder: Path) -> tuple[sqlite3.Connection, Share]:
    """Take a share in the study's lock and open a database of a format we know."""
    path = folder / DATABASE
    with told():
        if not path.is_file():
            raise StudyNotFound
    presence = Share(folder)
    try:
        _share_patiently(presence)
        presence.compare()
        return _open_known(folder, presence), presence
    except BaseException:
        presence.leave()
        raise


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


def _open_known(folder: Path, presence: Share) -> sqlite3.Connection:
    """Connect, and refuse what is of no format that we know."""
    with plainly():
        db = connect(folder / DATABASE)
        try:
            (application,) = db.execute("PRAGMA application_id").fetchone()
            refused = _refusal(application, _format(db))
        except BaseException:
            db.close()
            raise
        if refused is not None:
            db.close()
            raise StudyDamaged(DATABASE) if presence.sum_differs else refused
    return db


def _format(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _refusal(application: int, found: int) -> EarshotError | None:
    if application != schema.APPLICATION_ID:
        return StudyNotFound()
    if found > schema.FORMAT:
        return StudyTooNew(found, schema.FORMAT)
    if any(number not in schema.MIGRATIONS for number in range(found, schema.FORMAT)):
        return StudyDamaged(DATABASE)  # no Earshot ever wrote that format
    return None


def bring_up(
    folder: Path, db: sqlite3.Connection, presence: Share, *, note: Callable[[int], None]
) -> None:
    """Bring a study of an older format up, after a copy of it was made beside it.

    A crash at any moment leaves the study as it was or as it shall be.

    note: adds the line to the trail, inside the transaction, that says from which format.

    Raises:
        StudyInUse: somebody else has it open.
        DiskFull, StudyUnwritable: nothing was changed.
    """
    if _format(db) == schema.FORMAT:
        return
    if not presence.alone():
        raise StudyInUse
    found = _format(db)  # again: to hold it alone, the share of it was let go for a moment
    if found < schema.FORMAT:
        _copy(db, folder / f"study.format-{found}.db")
        if not presence.sum_differs:
            remove(folder / SUM)  # first: a crash half-way must not look like damage
        schema.migrate(db, found, note=lambda _: note(found))
    presence.share()


def _copy(db: sqlite3.Connection, path: Path) -> None:
    """Copy the database through SQLite, durably, whole or not at all.

    Copying the file would open and close a second descriptor, which drops SQLite's locks.
    """
    beside = path.with_name(f".{path.name}.new")
    with told():
        os.close(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_RDWR, PRIVATE_FILE))
        with contextlib.closing(sqlite3.connect(beside)) as copy:
            db.backup(copy)
        beside.replace(path)
        sync_folder(path.parent)
