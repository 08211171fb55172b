"""Locks that end with their process, on a file or on a folder.

flock(2) where there is one, else LockFileEx. Windows opens no folder: there a file beside all
studies stands for it, which is named by the folder's number on its disk, so that the lock goes with
a folder that gets another name. That file is of one person, as the folders that are locked are.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from study.descriptors import open_descriptor
from study.windows import IS_WINDOWS, lock_descriptor

_STANDING_FOR = "earshot-locks"


def open_folder_lock(folder: Path) -> int:
    """Open what is locked in place of a folder; the folder itself where that is possible.

    Raises:
        OSError: it is not there.
    """
    if not IS_WINDOWS:
        return os.open(folder, os.O_RDONLY)
    about = folder.stat()
    kept = Path(tempfile.gettempdir()) / _STANDING_FOR
    kept.mkdir(mode=0o700, exist_ok=True)
    return open_descriptor(kept / f"{about.st_dev:x}-{about.st_ino:x}", os.O_RDWR | os.O_CREAT)


def take_lock(descriptor: int, *, is_shared: bool = False, waits: bool = False) -> bool:
    """Lock an open file, in place of a lock that this descriptor has; whether that worked.

    waits: until others have released it.

    Raises:
        OSError: the file system has no locks.
    """
    if IS_WINDOWS:
        return lock_descriptor(descriptor, is_shared=is_shared, waits=waits)
    import fcntl

    how = fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, how if waits else how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
