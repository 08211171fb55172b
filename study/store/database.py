"""Opening the database of a study: its guarantees, its format, and its sum.

``study.sum`` holds the hash of ``study.db`` from when the last process closed it, so that a
changed bit is noticed even in parts of the file that hold none of our data. While a process may be
writing there is no sum; seals and the chained trail then show every change. A sum that does not
match stays until a person has verified the study, whatever is written meanwhile.
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
from types import TracebackType
from typing import ClassVar

import msgspec

from study.descriptors import open_descriptor
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
from study.plain_files import read_plain_file
from study.store.disk import (
    PRIVATE_FILE,
    PresenceLock,
    map_os_errors,
    overwrite_file,
    remove_file,
    stage_file,
    write_file_atomically,
)
from study.store.keys import KeyClass, Keyring
from study.store.network_share import require_local
from study.store.schema import (
    APPLICATION_ID,
    MIGRATIONS,
    SAME_TABLES_FROM,
    SCHEMA_FORMAT,
    find_foreign_schema,
    migrate_tables,
)
from study.store.seal import build_associated_data
from study.store.second_mounts import PathSign

DATABASE, LOCK, SUM = "study.db", "study.lock", "study.sum"
_PATIENCE_S = 10.0
_MOST_SUM_BYTES = 4096  # ours have 200


class DatabaseSum(msgspec.Struct, frozen=True):
    """Size and hash of ``study.db`` when the last process closed it."""

    size: int
    sha256: str
    mac: bytes


def map_storage_errors() -> contextlib.AbstractContextManager[None]:
    """Map SQLite's and the operating system's errors in the block to Earshot's errors."""
    return _StorageErrors()


class _StorageErrors(contextlib.AbstractContextManager[None]):
    """Costs next to nothing where nothing fails: a list of a thousand interviews asks 20,000 times.

    A context manager made of a generator takes some 5 us.
    """

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(raised, UnicodeDecodeError):  # SQLite's own message quotes it
            raise StudyDamaged(DATABASE) from raised
        if isinstance(raised, sqlite3.Error | OSError):
            with map_os_errors(), map_sqlite_errors():
                raise raised


@contextlib.contextmanager
def map_sqlite_errors() -> Generator[None]:
    """Map SQLite's errors in the block to Earshot's errors."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a fault of ours, not the person's
    except sqlite3.Error as refused:
        raise _map_sqlite_error(refused) from refused


def _map_sqlite_error(refused: sqlite3.Error) -> EarshotError:
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


def connect_database(path: Path) -> sqlite3.Connection:
    """Open the database with the guarantees that ``docs/format.md`` promises."""
    is_read_only = is_unwritable(path.parent)
    # On a disk that takes no write-ahead index, the file is read as one that nobody changes.
    where = f"{path.absolute().as_uri()}?mode=ro&immutable=1" if is_read_only else path
    db = sqlite3.connect(
        where, isolation_level=None, check_same_thread=False, timeout=_PATIENCE_S, uri=is_read_only
    )
    pragmas = (
        "query_only = ON" if is_read_only else "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged change survives a power cut
        "fullfsync = ON",  # on macOS as well, where it asks the drive itself
        "checkpoint_fullfsync = ON",
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


def erase_write_ahead(db: sqlite3.Connection, folder: Path) -> None:
    """Fold the write-ahead file into the database, overwrite it in its place, and empty it.

    Emptying alone would leave what it held on the disk. Only for who holds the study alone, because
    what another process wrote meanwhile would be lost.
    """
    with map_storage_errors():
        busy, *_ = db.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        if busy:
            raise StudyInUse
        with contextlib.suppress(FileNotFoundError):
            # Closing it drops no lock of SQLite's: those are on study.db and on the index.
            ahead = folder / f"{DATABASE}-wal"
            descriptor = open_descriptor(ahead, os.O_WRONLY, follows=False)
            try:
                overwrite_file(descriptor)
            finally:
                os.close(descriptor)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def is_unwritable(folder: Path) -> bool:
    """Whether a study lies where nothing can be written: a read-only disk, or another's folder."""
    with map_os_errors():
        return not os.access(folder, os.W_OK)


def matches_noted_sum(folder: Path, ring: Keyring | None = None) -> bool | None:
    """Compare ``study.db`` with its sum; None where there is no sum.

    Must not be called while this process has the database open: closing the second descriptor
    would drop SQLite's POSIX locks on the first.
    """
    raw = _read_sum(folder)
    if raw is None:
        return None
    if _fits(folder, raw, ring):
        return True
    # A process that is about to write removes the sum first; the comparison then says nothing.
    return False if _read_sum(folder) == raw else None


def _read_sum(folder: Path) -> bytes | None:
    try:
        with map_os_errors():
            return read_plain_file(folder / SUM, _MOST_SUM_BYTES)
    except FileNotFoundError:
        return None
    except OSError:  # a folder, a pipe or a device, which fits no database
        return b""


def _fits(folder: Path, raw: bytes, ring: Keyring | None) -> bool:
    try:
        noted = msgspec.json.decode(raw, type=DatabaseSum)
    except ValueError:
        return False
    size, digest = _measure(folder / DATABASE)
    right = (noted.size, noted.sha256) == (size, digest) and not _has_pending_writes(folder)
    if ring is not None:
        right = right and hmac.compare_digest(noted.mac, _sum_mac(ring, size, digest))
    return right and raw == msgspec.json.encode(noted)


def _has_pending_writes(folder: Path) -> bool:
    """Whether the write-ahead file holds writes that are not in ``study.db`` yet."""
    ahead = folder / f"{DATABASE}-wal"
    with map_os_errors(), contextlib.suppress(FileNotFoundError):
        return ahead.stat().st_size > 0
    return False


def is_sum_authentic(folder: Path, ring: Keyring) -> bool:
    """Whether somebody who could open the study noted its sum; true where there is none.

    Reads ``study.sum`` alone, so it may be called while the study is open.
    """
    raw = _read_sum(folder)
    if raw is None:
        return True
    try:
        noted = msgspec.json.decode(raw, type=DatabaseSum)
    except ValueError:
        return False
    return hmac.compare_digest(noted.mac, _sum_mac(ring, noted.size, noted.sha256))


def note_sum(folder: Path, ring: Keyring) -> None:
    """Write the sum of ``study.db``; for the last process, after it closed the database.

    Writes none where the write-ahead file could not be checkpointed (a full disk), because that
    will change ``study.db`` later.
    """
    if _has_pending_writes(folder):
        return
    size, digest = _measure(folder / DATABASE)
    write_file_atomically(
        folder / SUM, msgspec.json.encode(DatabaseSum(size, digest, _sum_mac(ring, size, digest)))
    )


def _sum_mac(ring: Keyring, size: int, digest: str) -> bytes:
    return hmac.digest(
        ring.get_key(KeyClass.COMMON), build_associated_data("sum", size, digest), "sha256"
    )


def _measure(path: Path) -> tuple[int, str]:
    with map_os_errors(), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def create_database(folder: Path) -> sqlite3.Connection:
    """Make an empty database that only its owner may read, whatever the umask is."""
    with map_os_errors():
        new = os.O_CREAT | os.O_EXCL | os.O_RDWR
        os.close(open_descriptor(folder / DATABASE, new, PRIVATE_FILE))
    return connect_database(folder / DATABASE)


class Share(PresenceLock):
    """A share in a study's lock, and whether the sum matched when this process took the first.

    The sum is compared once for all shares that a process has in a study at the same time: see
    ``matches_noted_sum``.
    """

    _guard = threading.Lock()
    _compared: ClassVar[
        dict[Path, tuple[int, bool | None]]
    ] = {}  # number of shares, and what the comparison said

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / LOCK)
        self._folder = folder.resolve()
        self._sign = PathSign()
        self._is_counted = False
        self._matches: bool | None = None

    @property
    def sum_differs(self) -> bool:
        """Whether there was a sum, and the database was not what it says."""
        return self._matches is False

    @property
    def is_sum_right(self) -> bool:
        """Whether there was a sum, and the database was what it says."""
        return self._matches is True

    def hold_shared(self) -> None:
        """Take the lock together with others, without waiting.

        Raises:
            StudyInUse: another process holds it exclusively.
            StudyOpenElsewhere: one has the study open under another path.
        """
        super().hold_shared()
        self._sign.hold(self._folder / LOCK)

    def compare(self) -> None:
        """Compare the sum, after ``hold_shared`` and before the database is opened."""
        with self._guard:
            shares, matches = self._compared.get(self._folder, (0, None))
            if not shares:
                matches = matches_noted_sum(self._folder)
            self._compared[self._folder] = (shares + 1, matches)
            self._is_counted, self._matches = True, matches

    def leave(self) -> None:
        """Release the lock, after the database was closed."""
        with self._guard:
            if self._is_counted:
                shares, matches = self._compared.pop(self._folder)
                if shares > 1:
                    self._compared[self._folder] = (shares - 1, matches)
                self._is_counted = False
        self._sign.release()
        super().release()


def open_database(folder: Path) -> tuple[sqlite3.Connection, Share]:
    """Take a share in the study's lock and open its database.

    Raises:
        StudyNotFound, StudyTooNew, StudyDamaged, StudyInUse: as their texts say.
        StudyOnShare: it lies on a network share.
        StudyOpenElsewhere: it is open under another path, which shows the same folder.
    """
    path = folder / DATABASE
    with map_os_errors():
        if not path.is_file():
            raise StudyNotFound
    require_local(folder)
    presence = Share(folder)
    try:
        _share_patiently(presence)
        presence.compare()
        return _open_known(folder, presence), presence
    except BaseException:
        presence.leave()
        raise


def _share_patiently(presence: PresenceLock) -> None:
    """Take a share, waiting while another process notes the sum."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            presence.hold_shared()
        except StudyInUse:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _open_known(folder: Path, presence: Share) -> sqlite3.Connection:
    """Connect, and refuse a database of a format that this version does not know."""
    with map_storage_errors():
        if is_unwritable(folder) and _has_pending_writes(folder):
            raise StudyUnwritable  # it was not closed: what was written last would be left out
        db = connect_database(folder / DATABASE)
        try:
            (application,) = db.execute("PRAGMA application_id").fetchone()
            refused = _refusal(application, _format(db))
            if refused is None and (foreign := find_foreign_schema(db)):
                refused = StudyDamaged(f"{DATABASE} ({foreign})")
        except BaseException:
            db.close()
            raise
        if refused is not None:
            db.close()
            is_other = presence.sum_differs and not isinstance(refused, StudyDamaged)
            raise StudyDamaged(DATABASE) if is_other else refused
    return db


def _format(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _refusal(application: int, found: int) -> EarshotError | None:
    if application != APPLICATION_ID:
        return StudyNotFound()
    if found > SCHEMA_FORMAT:
        return StudyTooNew(found, SCHEMA_FORMAT)
    if any(number not in MIGRATIONS for number in range(found, SCHEMA_FORMAT)):
        return StudyDamaged(DATABASE)  # no Earshot ever wrote that format
    return None


def upgrade_database(
    folder: Path, db: sqlite3.Connection, presence: Share, *, note: Callable[[int], None]
) -> None:
    """Migrate a study of an older format, after copying its database beside it.

    A crash at any moment leaves the old study or the migrated one.

    note: adds the line to the trail, inside the transaction, given the older format.

    Raises:
        StudyInUse: another process has it open.
        DiskFull, StudyUnwritable: nothing was changed.
    """
    found = _format(db)
    if found == SCHEMA_FORMAT or (found >= SAME_TABLES_FROM and is_unwritable(folder)):
        return
    if not presence.try_exclusive():
        raise StudyInUse
    found = _format(db)  # again: the share was released for a moment to get the lock alone
    if found < SCHEMA_FORMAT:
        _copy(db, folder / f"study.format-{found}.db")
        if not presence.sum_differs:
            remove_file(folder / SUM)  # first: a crash half-way must not look like damage
        migrate_tables(db, found, note=lambda _: note(found))
    presence.hold_shared()


def _copy(db: sqlite3.Connection, path: Path) -> None:
    """Copy the database through SQLite, durably, whole or not at all.

    Copying the file would open and close a second descriptor, which drops SQLite's locks.
    """
    with stage_file(path) as staged, contextlib.closing(sqlite3.connect(staged)) as copy:
        db.backup(copy)
