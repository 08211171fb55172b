"""Touching the disk: durable writes, locks that die with their process, room that is left.

All that Earshot writes outside SQLite goes through here or through ``study.sound``.
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
def told() -> Generator[None]:
    """Turn the operating system's refusals inside the block into errors with words.

    Raises:
        DiskFull: no space or no quota is left.
        StudyUnwritable: read-only, not ours to write, or no place for a file.
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
    """Make names created in or removed from ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, with its name durable."""
    with told():
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        sync_folder(folder.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file so that it is there whole or not at all, even after a power cut."""
    beside = path.with_name(f".{path.name}.new")
    with told():
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


def reserve(path: Path, size: int) -> None:
    """Hold room on the disk for what must still be written when it is full; ``remove`` frees it."""
    make_folder(path.parent)
    try:
        with told(), path.open("wb") as file:
            file.write(secrets.token_bytes(size))  # a file system may give zeros no room
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        remove(path)
        raise


def remove(path: Path) -> None:
    """Remove a file if it is there, durably."""
    with told():
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


class Presence:
    """A lock on a file or folder that lasts as long as its holder lives, shared or alone.

    The kernel lets go when the process dies, however it dies, so no lock is ever stale.
    """

    def __init__(self, path: Path) -> None:
        with told():
            flags = os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT
            self._descriptor = os.open(path, flags, PRIVATE_FILE)

    def share(self) -> None:
        """Stand beside others; waits for nobody.

        Raises:
            StudyInUse: somebody holds it alone.
        """
        if not self._take(fcntl.LOCK_SH):
            raise StudyInUse

    def alone(self) -> bool:
        """Try to hold it alone.

        On failure nothing is held any more: flock(2) lets go of the old lock before it tries
        for the new one. So this is for whoever is leaving, or gives up when refused.
        """
        return self._take(fcntl.LOCK_EX)

    @property
    def has_left(self) -> bool:
        """Whether ``leave`` was called."""
        return self._descriptor < 0

    def leave(self) -> None:
        """Let go."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _take(self, how: int) -> bool:
        try:
            fcntl.flock(self._descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
