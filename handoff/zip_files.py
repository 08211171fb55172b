"""Zip files whose bytes depend on their content alone.

They have one fixed time, and no attributes of a file system.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from study import open_descriptor, sync_descriptor

if TYPE_CHECKING:
    from typing_extensions import Buffer

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold
_UNIX, _READABLE = 3, 0o644 << 16
_BLOCK = 1 << 20
_NEW, _PRIVATE = os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600


def build_zip(
    files: Mapping[str, bytes], *, smaller: bool = True, stored: Collection[str] = ()
) -> bytes:
    """Return a zip file with these files in this order.

    smaller: compress them; else they are stored, which no other version of zlib changes. stored:
    the names of those that are stored even so.
    """
    out = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if smaller else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(_member(name), content, zipfile.ZIP_STORED if name in stored else how)
    return out.getvalue()


def write_streamed_zip(place: Path, files: Mapping[str, bytes], large: Mapping[str, Path]) -> None:
    """Write a zip file with these files, and large ones that are read from a disk, to a new file.

    Large files are stored, a block at a time, so that the memory it takes does not grow with them.
    The same content gives the same bytes. The file is durable when this returns.

    Raises:
        OSError: one cannot be read, or the file not be written.
    """
    with os.fdopen(open_descriptor(place, _NEW, _PRIVATE), "w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(_member(name), content, zipfile.ZIP_DEFLATED)
            for name, path in large.items():
                member = _member(name)
                member.file_size = path.stat().st_size
                with path.open("rb") as source, archive.open(member, "w") as target:
                    for block in iterate_blocks(source):
                        target.write(block)
        out.flush()
        sync_descriptor(out.fileno())


def is_built_zip(archive: zipfile.ZipFile, raw: BinaryIO) -> bool:
    """Whether ``build_zip`` would store the same content in the same bytes.

    It is packed again into the place where it lies, a block at a time, and compared, so that the
    memory it takes does not grow with the file. raw: the file that ``archive`` reads.

    Raises:
        zipfile.BadZipFile, OSError: a member cannot be read as it is stated.
    """
    there = _Comparison(raw)
    with zipfile.ZipFile(there, "w", zipfile.ZIP_STORED) as again:
        for stated in archive.infolist():
            member = _member(stated.filename)
            member.file_size = stated.file_size
            with archive.open(stated) as source, again.open(member, "w") as target:
                for block in iterate_blocks(source):
                    target.write(block)
    return there.is_same()


def iterate_blocks(source: IO[bytes]) -> Iterable[bytes]:
    """Yield what is left of a file, a block at a time."""
    return iter(lambda: source.read(_BLOCK), b"")


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _TIME)
    member.create_system, member.external_attr = _UNIX, _READABLE
    return member


class _Comparison(io.RawIOBase):
    """A file that keeps nothing: what is written is compared with what another file holds there.

    The head of a member is written twice, the second time with its checksum: the last write counts.
    """

    def __init__(self, raw: BinaryIO) -> None:
        super().__init__()
        self._raw = raw
        self._at = self._end = 0
        self._wrong: set[int] = set()

    def writable(self) -> bool:
        """It takes what is to be compared."""
        return True

    def seekable(self) -> bool:
        """A place is where something is compared."""
        return True

    def tell(self) -> int:
        """Return the place of the next write."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place that is counted from the beginning."""
        assert whence == io.SEEK_SET
        self._at = offset
        return offset

    def write(self, block: Buffer, /) -> int:
        """Compare a block with what lies at this place."""
        content = bytes(block)
        was = self._raw.tell()
        self._raw.seek(self._at)
        if self._raw.read(len(content)) == content:
            self._wrong.discard(self._at)
        else:
            self._wrong.add(self._at)
        self._raw.seek(was)
        self._at += len(content)
        self._end = max(self._end, self._at)
        return len(content)

    def is_same(self) -> bool:
        """Whether all that was written is what the other file holds, and all of it."""
        return not self._wrong and self._raw.seek(0, io.SEEK_END) == self._end
