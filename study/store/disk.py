"""Writing to the disk: durable files, reserved room, and locks that end with their process.

Everything in a study outside SQLite is written here or by ``study.store.sound_file``.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
from collections.abc import Generator
from pathlib import Path

from study.errors import DiskFailed, DiskFull, StudyInUse, StudyUnwritable

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FAILED = frozenset({errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE})
_REFUSED = frozenset({
    errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP,
})  # fmt: skip


@contextlib.contextmanager
def map_os_errors() -> Generator[None]:
    """Map OSError in the block to Earshot's errors; others pass unchanged.

    Raises:
        DiskFull: no space or no quota is left.
        StudyUnwritable: read-only, no permission, or a path that cannot hold a file.
        DiskFailed: the disk was pulled out, or is failing.
    """
    try:
        yield
    except OSError as refused:
        if refused.errno in _FULL:
            raise DiskFull from refused
        if refused.errno in _REFUSED:
            raise StudyUnwritable from refused
        if refused.errno in _FAILED:
            raise DiskFailed from refused
        raise


def sync_folder(folder: Path) -> None:
    """Make the creation and removal of files in ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter; it survives a power cut."""
    with map_os_errors():
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        sync_folder(folder.parent)


def write_file_atomically(path: Path, content: bytes) -> None:
    """Write a small file so that it is there whole or not at all, even after a power cut."""
    beside = path.with_name(f".{path.name}.new")
    with map_os_errors():
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def reserve_room(path: Path, size: int) -> None:
    """Reserve bytes for writes that must succeed on a full disk; ``remove_file`` frees them."""
    make_folder(path.parent)
    try:
        with map_os_errors(), path.open("wb") as file:
            file.write(secrets.token_bytes(size))  # a file system may give zeros no room
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        remove_file(path)
        raise


def remove_file(path: Path) -> None:
    """Remove a file if it is there, durably."""
    with map_os_errors():
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


class PresenceLock:
    """A lock on a file or folder, shared or exclusive, held for as long as its process lives.

    The kernel releases it when the process dies, however it dies, so no lock is ever stale.
    """

    def __init__(self, path: Path) -> None:
        with map_os_errors():
            flags = os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT
            self._descriptor = os.open(path, flags, PRIVATE_FILE)

    def hold_shared(self) -> None:
        """Take the lock together with others, without waiting.

        Raises:
            StudyInUse: another process holds it exclusively.
        """
        if not self._take(fcntl.LOCK_SH):
            raise StudyInUse

    def try_exclusive(self) -> bool:
        """Try to take the lock exclusively; return whether that worked.

        On failure nothing is held any more: flock(2) releases the old lock before it tries for
        the new one. So call it when leaving, or when failure means giving up.
        """
        return self._take(fcntl.LOCK_EX)

    @property
    def is_released(self) -> bool:
        """Whether ``release`` was called."""
        return self._descriptor < 0

    def release(self) -> None:
        """Release the lock; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _take(self, how: int) -> bool:
        try:
            fcntl.flock(self._descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
