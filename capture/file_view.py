"""A part of an open file as a file of its own: decoders read it without moving a shared position.

Several decoders may read one descriptor at once: tracks side by side, or the parts of a chained
file. A view remembers that the disk failed, because the libraries behind the decoders take a
failed read for the end of the file.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from study import read_at

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class FileView(io.RawIOBase):
    """The bytes of an open regular file from ``start`` to ``end``, exclusive."""

    def __init__(self, descriptor: int, start: int = 0, end: int | None = None) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._start = start
        self._end = os.fstat(descriptor).st_size if end is None else end
        self._at = start
        self.has_failed = False

    @property
    def size(self) -> int:
        """Bytes from the view's start to its end."""
        return self._end - self._start

    def read_at(self, length: int, offset: int) -> bytes:
        """Return up to ``length`` bytes from ``offset`` on, without moving the position.

        Raises:
            OSError: the disk failed.
        """
        length = max(0, min(length, self._end - self._start - offset))
        return read_at(self._descriptor, length, self._start + offset) if length else b""

    def part(self, start: int, end: int) -> FileView:
        """Return a part of this view as one of its own."""
        begin = self._start + start
        return FileView(self._descriptor, begin, min(self._end, self._start + end))

    def readable(self) -> bool:
        """Return True: it is there to be read."""
        return True

    def seekable(self) -> bool:
        """Return True: each read names its position."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` from the present position; 0 at the end, or where the disk fails."""
        view = memoryview(buffer).cast("B")
        wanted = max(0, min(len(view), self._end - self._at))
        try:
            got = read_at(self._descriptor, wanted, self._at)
        except OSError:
            self.has_failed = True
            return 0
        view[: len(got)] = got
        self._at += len(got)
        return len(got)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move to a position counted from the view's start, its end, or the present position.

        A position before the start, which broken files ask for, is the start: no exception passes
        through the libraries that call this.
        """
        base = {os.SEEK_SET: self._start, os.SEEK_CUR: self._at, os.SEEK_END: self._end}[whence]
        self._at = max(self._start, base + offset)
        return self._at - self._start

    def tell(self) -> int:
        """Return the present position, counted from the view's start."""
        return self._at - self._start
