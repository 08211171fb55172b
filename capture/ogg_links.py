"""The structure of an Ogg file: its links, one after the other, and whether pages are missing.

Messengers and recorders that were paused join Ogg streams end to end ("chained"). Decoders stop at
the first joint, or lose the time there, so each link is decoded as a file of its own.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from capture.file_view import FileView

_PAGE = struct.Struct("<4sBBqIIIB")  # magic, version, flags, granule, serial, number, sum, segments
_FLAGS, _BEGIN_FLAG = 5, 2
_LONGEST_PAGE = 65_307
_MOST_LINKS = 10_000


@dataclass(slots=True)
class OggLink:
    """One link: the bytes from ``start`` to ``end``, and the streams in it by serial number.

    is_whole: no page of it is missing or broken off. is_plain: it has one stream, and is whole.
    """

    start: int
    end: int
    is_whole: bool = True
    pages: dict[int, int] = field(default_factory=dict[int, int])  # the last page of each stream

    @property
    def is_plain(self) -> bool:
        """Whether one stream is all there is in it, without a hole."""
        return self.is_whole and len(self.pages) == 1

    def take_page(self, serial: int, number: int, *, begins: bool) -> None:
        """Note a page of a stream; numbers without one between them are missing pages."""
        if not begins and self.pages.get(serial) != number - 1:
            self.is_whole = False
        self.pages[serial] = number


def find_ogg_links(file: FileView) -> list[OggLink]:
    """Return the links of an Ogg file, in order; reads the head of every page and no content."""
    size = file.size
    links: list[OggLink] = []
    offset, is_beginning = 0, False
    while 0 <= offset < size and len(links) < _MOST_LINKS:
        head = file.read_at(_PAGE.size + 255, offset)
        length = _measure_page(head)
        if not length:
            if links:
                links[-1].is_whole = False
            offset = _find_page(file, offset + 1, size)
            continue
        begins = bool(head[_FLAGS] & _BEGIN_FLAG)
        if begins and not is_beginning:
            links.append(OggLink(offset, size))
        is_beginning = begins
        offset += length
        if links:
            _, _, _, _, serial, number, _, _ = _PAGE.unpack_from(head)
            links[-1].take_page(serial, number, begins=begins)
            links[-1].end = min(offset, size)
            links[-1].is_whole &= offset <= size
    return links


def _measure_page(head: bytes) -> int:
    """Return the length of the page that begins here, in bytes; 0 where none does."""
    if len(head) < _PAGE.size or not head.startswith(b"OggS\0"):
        return 0
    segments = head[_PAGE.size - 1]
    return _PAGE.size + segments + sum(head[_PAGE.size : _PAGE.size + segments])


def _find_page(file: FileView, offset: int, size: int) -> int:
    """Return where the next page begins, -1 if none does."""
    while offset < size:
        part = file.read_at(_LONGEST_PAGE, offset)
        found = part.find(b"OggS\0")
        if found >= 0:
            return offset + found
        if len(part) < _LONGEST_PAGE:
            break
        offset += len(part) - 4  # the magic may lie across two parts
    return -1
