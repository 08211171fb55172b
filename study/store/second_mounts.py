"""Whether a study is open under another path of this computer, which shows its folder once more.

A folder that a program shows under a second path (bindfs, any FUSE file system) has files of its
own there for the kernel: locks of one path are not seen under the other, nor is the memory in which
SQLite keeps the index of its write-ahead file. Opened under both, a study loses what one side
entered. Mounts of the kernel's own (``mount --bind``) show the same files, and are no trouble.

So each process that has a study open holds a name in the system's table of local sockets, which
ends with the process. It is made of when the study's lock was last changed, which both paths tell
alike and a copy of a study does not, and of the file system that the path lies on. Nothing is ever
sent: the name alone is looked for. Linux alone has such names; elsewhere nothing is noticed, nor
is a process in a container with a network of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import socket
from pathlib import Path

from study.errors import StudyOpenElsewhere

_TABLE = Path("/proc/net/unix")
_BEGINNING = "earshot-study-"


class PathSign:
    """Shows, while it is held, on which file system this process has a study open."""

    def __init__(self) -> None:
        self._shown: int | None = None  # the descriptor of a socket that has the name

    def hold(self, lock: Path) -> None:
        """Show it, and look for others; a second call does nothing.

        lock: the study's lock, which this process has opened.

        Raises:
            StudyOpenElsewhere: it is open under a path on another file system; nothing is shown.
        """
        if self._shown is not None or not hasattr(socket, "AF_UNIX") or not _TABLE.is_file():
            return
        with contextlib.suppress(OSError):  # what cannot be shown or read is done without
            about = lock.stat()
            study = _name_study(about)
            # Shown first, looked for then: of two that open it at once, one sees the other.
            own = f"{study}{about.st_dev:x}-"
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sign:
                sign.bind(f"\0{own}{secrets.token_hex(8)}")
                self._shown = sign.detach()
            names = _TABLE.read_text(encoding="utf-8", errors="replace").split()
            others = {name for name in names if name.startswith(f"@{study}")}
            if any(not name.startswith(f"@{own}") for name in others):
                self.release()
                raise StudyOpenElsewhere

    def release(self) -> None:
        """Show it no longer; a second call does nothing."""
        if self._shown is not None:
            os.close(self._shown)
            self._shown = None


def _name_study(about: os.stat_result) -> str:
    told = f"{about.st_ctime_ns} {about.st_mtime_ns} {about.st_size}"
    return f"{_BEGINNING}{hashlib.sha256(told.encode()).hexdigest()[:32]}-"
