"""Whether a folder lies on a network share, where a study cannot be kept.

SQLite's write-ahead log has its index in memory that the processes of one computer share. On a
network share two computers would each have one of their own, and write over each other. So such a
study is not opened at all, rather than by one of them at a time: nobody could hold another to it.

Linux names the mounts itself; elsewhere psutil asks the system for them. A kind that is not known
here counts as a share where it shows what another computer has, by how that is written.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path

from study.errors import StudyOnShare
from study.windows import IS_WINDOWS

_MOUNTS = Path("/proc/self/mountinfo")
_SHARES = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "9p", "ceph", "glusterfs", "lustre",
    "beegfs", "gpfs", "panfs", "orangefs", "gfs2", "ocfs2", "coda", "vboxsf",
    "fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "fuse.davfs", "davfs", "fuse.smbnetfs",
    "fuse.ceph", "fuse.s3fs", "fuse.juicefs", "fuse.curlftpfs", "fuse.gvfsd-fuse",
    "fuse.kio-fuse", "fuse.vmhgfs-fuse",
    "afpfs", "webdav", "remote",
})  # fmt: skip
_ELSEWHERE = re.compile(r"//|[^/\s]*:/|[a-z][a-z0-9+.-]*://")  # begins what another computer has
_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """A file system that is mounted: its kind, and what it shows, as the system names both."""

    system: str
    source: str = ""


def require_local(folder: Path, mounts: Path = _MOUNTS) -> None:
    """Refuse a folder on a network share; where the system names no mounts, none is refused.

    mounts: the list of mounts, as Linux writes ``/proc/self/mountinfo``.

    Raises:
        StudyOnShare: it lies on one.
    """
    with contextlib.suppress(OSError, ValueError):
        if mounts.is_file():
            mount = find_mount(folder.resolve(), mounts.read_text(encoding="utf-8"))
        else:
            mount = Mount(_find_asked(folder.resolve()))
        if mount.system in _SHARES or _ELSEWHERE.match(mount.source):
            raise StudyOnShare(mount.system)


def _find_asked(folder: Path) -> str:
    """Return the kind of file system under a folder as psutil tells it; on Windows "remote"."""
    if folder.drive.startswith(("\\\\", "//")):
        return "remote"  # it has no letter
    import psutil

    places = psutil.disk_partitions(all=True)
    holds = [one for one in places if folder.is_relative_to(one.mountpoint)]
    best = max(holds, key=lambda one: len(Path(one.mountpoint).parts), default=None)
    if best is None:
        return ""
    is_remote = IS_WINDOWS and "remote" in best.opts.split(",")
    return "remote" if is_remote else best.fstype.lower()


def find_mount(folder: Path, mounts: str) -> Mount:
    """Return the mount that a folder lies on; one without a name where none holds it.

    folder: absolute, without links. mounts: as ``require_local``. Of mounts at one place the last
    counts.
    """
    best, found = -1, Mount("")
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, kinds = before.split(), after.split()
        if len(fields) < 5 or not kinds:  # noqa: PLR2004 - the fifth is where it is mounted
            continue
        place = Path(_ESCAPED.sub(lambda one: chr(int(one[1], 8)), fields[4]))
        depth = len(place.parts)
        if depth >= best and folder.is_relative_to(place):
            best, found = depth, Mount(*kinds[:2])
    return found
