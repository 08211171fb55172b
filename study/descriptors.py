"""Open files by descriptor on each system: how they are opened, read in place and made durable.

Linux and macOS have the POSIX calls, though not the same ones. Windows reads at no position,
opens no folder, and flushes only what is open for writing.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from pathlib import Path

from study.windows import IS_WINDOWS, open_shared

# Windows has no pipes and devices under the names of files, and no flags against them.
_NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT: int = getattr(os, "O_NONBLOCK", 0)
_positions = threading.Lock()  # where reading in place has to move the descriptor's own position


def open_descriptor(path: Path, flags: int, mode: int = 0o600, *, follows: bool = True) -> int:
    """Open a file without waiting for what is behind it; no child inherits the descriptor.

    flags, mode: as for ``os.open``. follows: whether a link is followed; else it is refused. Where
    the system allows it only on request, the file may be renamed and removed while it is open.

    Raises:
        OSError: it cannot be opened.
    """
    if IS_WINDOWS:
        return open_shared(path, flags, follows=follows)
    return os.open(path, flags | _NO_WAIT | (0 if follows else _NO_LINK), mode)


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """Return up to ``length`` bytes from ``offset`` on; threads may read one file at once."""
    if hasattr(os, "pread"):
        return os.pread(descriptor, length, offset)
    with _positions:  # copies of a descriptor share its position
        before = os.lseek(descriptor, 0, os.SEEK_CUR)
        try:
            os.lseek(descriptor, offset, os.SEEK_SET)
            return os.read(descriptor, length)
        finally:
            os.lseek(descriptor, before, os.SEEK_SET)


def sync_descriptor(descriptor: int) -> None:
    """Make a file that is open survive a power cut; on Windows it must be open for writing.

    On macOS ``fsync`` leaves the bytes in the drive's own memory; F_FULLFSYNC asks the drive to
    write them, where it can be asked. On Windows ``os.fsync`` is FlushFileBuffers.
    """
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        if hasattr(fcntl, "F_FULLFSYNC"):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def sync_content(descriptor: int) -> None:
    """Make a file's bytes and length survive a power cut, if not its times."""
    if hasattr(os, "fdatasync"):
        os.fdatasync(descriptor)
    else:
        sync_descriptor(descriptor)


def sync_file(path: Path) -> None:
    """Make a file that was written and closed survive a power cut."""
    flags = os.O_RDWR if IS_WINDOWS else os.O_RDONLY
    descriptor = open_descriptor(path, flags, follows=False)
    try:
        sync_descriptor(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the creation and removal of files in ``folder`` survive a power cut.

    Windows opens no folder; NTFS keeps names in a journal of its own, in their order.
    """
    if IS_WINDOWS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync_descriptor(descriptor)
    finally:
        os.close(descriptor)


def is_own_plain_file(descriptor: int) -> bool:
    """Whether an open file is a plain one, of the person who runs this process.

    Windows has no numbers for owners: there a folder's access list keeps others out.
    """
    about = os.fstat(descriptor)
    is_own = not hasattr(os, "geteuid") or about.st_uid == os.geteuid()
    return stat.S_ISREG(about.st_mode) and is_own


def give_second_name(path: Path, other: Path) -> None:
    """Give a file a second name, which nothing has yet. A link is not followed, where that is said.

    Raises:
        FileExistsError: something has the name. OSError: the file system knows no second names.
    """
    if os.link in os.supports_follow_symlinks:
        os.link(path, other, follow_symlinks=False)
    else:
        os.link(path, other)
