"""Writing to the disk: durable files, reserved room, and locks that end with their process.

Everything in a study outside SQLite is written here or by ``study.store.sound_file``.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import time
from collections.abc import Generator
from pathlib import Path

from study.descriptors import (
    give_second_name,
    open_descriptor,
    sync_descriptor,
    sync_file,
    sync_folder,
)
from study.errors import DiskFailed, DiskFull, StudyInUse, StudyUnwritable
from study.store.file_locks import open_folder_lock, take_lock

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
_SURELY_HELD_S = 60.0  # by when a process holds the folder that it made
STAGING_PREFIX = ".earshot-"  # begins the names of folders that hold what is not whole yet
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_BLOCK_BYTES = 1024 * 1024
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FAILED = frozenset({errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE})
_REFUSED = frozenset({
    errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG,
    errno.ELOOP,
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


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter; it survives a power cut."""
    with map_os_errors():
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        sync_folder(folder.parent)


def write_file_atomically(path: Path, content: bytes, *, replaces: bool = True) -> None:
    """Write a small file so that it is there whole or not at all, even after a power cut.

    Raises:
        FileExistsError: something is there, and ``replaces`` is false.
        DiskFull, StudyUnwritable, DiskFailed: what was there before still is.
    """
    with stage_file(path, replaces=replaces) as staged, staged.open("r+b") as file:
        file.write(content)


@contextlib.contextmanager
def stage_file(path: Path, *, replaces: bool = True, token: str = "") -> Generator[Path]:
    """Yield the place of an empty file that gets its name at the end of the block, durably.

    token: names the folder that it lies in until then, for who looks for it after a kill; by
    default it is a random one.

    Every file that is not appended to is written here. Until it is whole it lies in a folder that
    was made for it under a random name and that its owner alone may enter; so whatever others
    have put beside it (a file, a link, a pipe) is never opened, and nobody else can read it.

    Raises:
        FileExistsError: something is there, and ``replaces`` is false.
        DiskFull, StudyUnwritable, DiskFailed: what was there before still is.
    """
    folder = path.parent / f"{STAGING_PREFIX}{token or secrets.token_hex(16)}"
    staged = folder / path.name
    with map_os_errors(), contextlib.ExitStack() as until_named:
        folder.mkdir(mode=PRIVATE_FOLDER)
        try:
            lock = PresenceLock(folder)
            until_named.callback(lock.release)
            with contextlib.suppress(OSError):  # a file system without locks
                lock.try_exclusive()
            os.close(open_descriptor(staged, _NEW_FILE, PRIVATE_FILE, follows=False))
            yield staged
            sync_file(staged)
            if replaces:
                staged.replace(path)
            else:
                give_free_name(staged, path)
        finally:
            with contextlib.suppress(OSError):
                staged.unlink(missing_ok=True)
                folder.rmdir()
        sync_folder(path.parent)


def clear_staged_files(folder: Path) -> None:
    """Remove what processes that were killed in ``stage_file`` left in a folder.

    What a process still holds stays; so does all of it on a file system without locks.
    """
    with contextlib.suppress(OSError):
        for left in list(folder.glob(f"{STAGING_PREFIX}*")):
            if not left.is_symlink() and left.is_dir() and is_given_up(left):
                shutil.rmtree(left, ignore_errors=True)


def remove_empty_staging(folder: Path) -> None:
    """Remove what processes left in a folder that were killed before they wrote anything.

    Whatever holds a file stays, and what is younger than a minute: a process may be about to hold
    it.
    """
    with contextlib.suppress(OSError):
        for left in list(folder.glob(f"{STAGING_PREFIX}*")):
            is_old = time.time() - left.lstat().st_mtime > _SURELY_HELD_S
            if is_old and not left.is_symlink() and left.is_dir() and is_given_up(left):
                with contextlib.suppress(OSError):  # it is not empty
                    left.rmdir()


def is_given_up(folder: Path) -> bool:
    """Whether no process holds a folder of ``stage_file``."""
    with contextlib.suppress(OSError, StudyUnwritable):
        lock = PresenceLock(folder)
        try:
            return lock.try_exclusive()
        finally:
            lock.release()
    return False


def give_free_name(staged: Path, path: Path) -> None:
    """Give a staged file a name that nothing has yet, not even by another program meanwhile.

    The old name is gone at the end: words never lie in two places.

    Raises:
        FileExistsError: something has it. OSError: it cannot be given.
    """
    try:
        give_second_name(staged, path)
        staged.unlink()
    except OSError as refused:
        if refused.errno not in _NO_LINKS:
            raise
        # As on a stick: the name is taken first.
        os.close(open_descriptor(path, _NEW_FILE, PRIVATE_FILE, follows=False))
        staged.replace(path)


def settle_name(staged: Path, path: Path) -> None:
    """Give a whole file its name, in a folder that may not be there yet, durably.

    Where something has the name already, both stay as they are.

    Raises:
        DiskFull, StudyUnwritable, DiskFailed: as their texts say.
    """
    if os.path.lexists(path):
        return
    make_folder(path.parent)
    with map_os_errors():
        staged.rename(path)
        sync_folder(path.parent)
        sync_folder(path.parent.parent)


def reserve_room(path: Path, size: int) -> None:
    """Reserve bytes for writes that must succeed on a full disk; ``remove_file`` frees them."""
    make_folder(path.parent)
    try:
        with map_os_errors(), path.open("wb") as file:
            file.write(secrets.token_bytes(size))  # a file system may give zeros no room
            file.flush()
            sync_descriptor(file.fileno())
    except BaseException:
        remove_file(path)
        raise


def remove_file(path: Path) -> None:
    """Remove a file if it is there, durably."""
    with map_os_errors():
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def require_room(folder: Path, size: int) -> None:
    """Refuse work that needs more free bytes than the disk of a folder has.

    Raises:
        DiskFull: it has fewer.
    """
    with map_os_errors():
        free = shutil.disk_usage(folder).free
    if free < size:
        raise DiskFull


def erase_file(path: Path) -> None:
    """Overwrite a file in its place, make that durable, and remove it; nothing where it is gone.

    What is no plain file is removed alone. A disk that writes changed blocks elsewhere (flash, a
    file system that copies on write) may keep what was there.

    Raises:
        StudyUnwritable, DiskFailed: as their texts say; the file may be there still.
    """
    with map_os_errors():
        try:
            descriptor = open_descriptor(path, os.O_WRONLY, follows=False)
        except FileNotFoundError:
            return
        except OSError as refused:
            if refused.errno not in {errno.ELOOP, errno.ENXIO}:
                raise
        else:
            try:
                overwrite_file(descriptor)
            finally:
                os.close(descriptor)
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def overwrite_file(descriptor: int) -> None:
    """Write zeros over the whole of a plain file that is open, in its place, durably."""
    told = os.fstat(descriptor)
    if not stat.S_ISREG(told.st_mode):
        return
    left, zeros = told.st_size, bytes(_BLOCK_BYTES)
    os.lseek(descriptor, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(descriptor, zeros[: min(left, _BLOCK_BYTES)])
    sync_descriptor(descriptor)


class PresenceLock:
    """A lock on a file or folder, shared or exclusive, held for as long as its process lives.

    The kernel releases it when the process dies, however it dies, so no lock is ever stale.
    """

    def __init__(self, path: Path) -> None:
        with map_os_errors():
            if path.is_dir():
                self._descriptor = open_folder_lock(path)
                return
            try:
                self._descriptor = open_descriptor(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
            except OSError as refused:
                if refused.errno not in _READ_ONLY or not path.is_file():
                    raise
                self._descriptor = open_descriptor(path, os.O_RDONLY)  # can be locked as well

    def hold_shared(self) -> None:
        """Take the lock together with others, without waiting.

        Raises:
            StudyInUse: another process holds it exclusively.
        """
        if not take_lock(self._descriptor, is_shared=True):
            raise StudyInUse

    def try_exclusive(self) -> bool:
        """Try to take the lock exclusively; return whether that worked.

        On failure nothing is held any more: flock(2) releases the old lock before it tries for
        the new one. So call it when leaving, or when failure means giving up.
        """
        return take_lock(self._descriptor)

    @property
    def is_released(self) -> bool:
        """Whether ``release`` was called."""
        return self._descriptor < 0

    def release(self) -> None:
        """Release the lock; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
