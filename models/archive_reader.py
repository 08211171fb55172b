"""Unpack an archive that may be hostile: a tar, a zip, or a wheel, which is a zip.

Every name is checked before anything is written: only plain files and folders, below the target,
no name twice. Both the declared and the actual sizes are limited. A compressed tar is refused, for
its headers can hide any size. A wheel is unpacked but never installed, and nothing in it is run.
"""

from __future__ import annotations

import contextlib
import errno
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from study import ShouldStop, no_stop
from study.errors import ArchiveRefused

_UNREADABLE = "is no zip, wheel or uncompressed tar that can be read"
_MOST_FILES = 10_000  # the largest spaCy pipeline has under a hundred
_DEEPEST = 12
_BLOCK = 1 << 20
_ENCRYPTED = 0x1  # bit of a zip's flags


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    size: int
    is_folder: bool
    is_plain: bool
    key: object


class _Archive:
    """A tar or a zip behind one interface."""

    def __init__(self, opened: tarfile.TarFile | zipfile.ZipFile) -> None:
        self._opened = opened

    def members(self) -> Iterator[_Member]:
        """Yield the members one by one, so that a bad one ends the reading early."""
        if isinstance(self._opened, tarfile.TarFile):
            for info in self._opened:
                plain = info.isreg() and not info.issparse()
                yield _Member(info.name, info.size, info.isdir(), plain, info)
            return
        for entry in self._opened.infolist():
            kind = stat.S_IFMT(entry.external_attr >> 16)
            plain = kind in {0, stat.S_IFREG} and not entry.flag_bits & _ENCRYPTED
            folder = entry.is_dir() and kind in {0, stat.S_IFDIR}
            yield _Member(
                entry.orig_filename, entry.file_size, folder, plain and not entry.is_dir(), entry
            )

    def open(self, member: _Member) -> IO[bytes]:
        """Open one plain file of the archive."""
        if isinstance(self._opened, tarfile.TarFile) and isinstance(member.key, tarfile.TarInfo):
            opened = self._opened.extractfile(member.key)
        elif isinstance(self._opened, zipfile.ZipFile) and isinstance(member.key, zipfile.ZipInfo):
            opened = self._opened.open(member.key)
        else:
            opened = None
        if opened is None:
            raise ArchiveRefused("cannot be read")
        return opened


def extract_archive(
    archive: Path, into: Path, most_bytes: int, *, stop: ShouldStop = no_stop
) -> bool:
    """Unpack an archive into an existing, empty folder; False where ``stop`` ended it.

    most_bytes: the largest total size to unpack.

    Raises:
        ArchiveRefused: it is no archive, or holds files that no model has.
        OSError: the disk refused.
    """
    with _open_archive(archive) as opened:
        plain = _check_members(opened, most_bytes)
        for member in plain:
            if stop():
                return False
            _write(opened, member, into)
    return True


def _check_members(opened: _Archive, most_bytes: int) -> list[_Member]:
    """Check every member; return the plain files."""
    plain: list[_Member] = []
    seen: set[str] = set()
    total = 0
    for number, member in enumerate(opened.members()):
        if number >= _MOST_FILES:
            raise ArchiveRefused("holds too many files")
        if not member.is_plain and not member.is_folder:
            raise ArchiveRefused("holds a link or a device")
        _check_name(member.name)
        total += member.size
        if member.size < 0 or total > most_bytes:
            raise ArchiveRefused("would unpack to far more than such a model has")
        if not member.is_folder:
            known = str(PurePosixPath(member.name)).casefold()
            if known in seen:
                raise ArchiveRefused("holds a name twice")
            seen.add(known)
            plain.append(member)
    return plain


def _check_name(name: str) -> None:
    path = PurePosixPath(name)
    if (
        not path.parts
        or path.is_absolute()
        or ".." in path.parts
        or len(path.parts) > _DEEPEST
        or not name.isprintable()
        or "\\" in name
        or ":" in name
    ):
        raise ArchiveRefused("holds a name that leads out of its folder")


def _write(opened: _Archive, member: _Member, into: Path) -> None:
    target = into / PurePosixPath(member.name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as twice:
        raise ArchiveRefused("holds a name twice") from twice
    written = 0
    with opened.open(member) as source, target.open("xb") as file:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > member.size:
                raise ArchiveRefused("holds more than it says")
            file.write(block)
    if written != member.size:
        raise ArchiveRefused("is cut off")


@contextlib.contextmanager
def _open_archive(archive: Path) -> Generator[_Archive]:
    """Open an archive; map every error of a broken one to ``ArchiveRefused``."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as opened:
                yield _Archive(opened)
        else:
            with tarfile.open(archive, "r:") as opened:
                yield _Archive(opened)
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        MemoryError,
        NotImplementedError,
        OverflowError,
        RuntimeError,
        ValueError,
    ) as broken:
        raise ArchiveRefused(_UNREADABLE) from broken
    except OSError as refused:
        if refused.errno == errno.EINVAL:  # a place before the file's beginning was asked for
            raise ArchiveRefused(_UNREADABLE) from refused
        raise
