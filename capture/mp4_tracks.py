"""The sound tracks of an MP4 or QuickTime file by its own index: codec and length of each.

Names what no decoder here knows. Since iOS 18 a recording has its sound twice: as spatial audio
(APAC), which nothing but Apple's own programs decodes, and as AAC beside it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from capture.file_view import FileView

SPATIAL_CODEC = "apac"
_MOST_BOXES = 10_000
_LARGEST_PART = 1 << 16  # of a header that is read
_PATH = (b"moov", b"trak", b"mdia")


@dataclass(frozen=True, slots=True)
class Mp4Track:
    """A sound track: the four letters of its codec, and its length in seconds, 0.0 if unknown."""

    codec: str
    length_s: float


def list_mp4_tracks(file: FileView) -> list[Mp4Track]:
    """Return the sound tracks in the order of the index; [] where the file is no MP4, or broken."""
    found: list[Mp4Track] = []
    try:
        for start, end in _walk(file, 0, file.size, _PATH):
            parts = dict(_list_boxes(file, start, end))
            if _read(file, parts.get(b"hdlr"))[8:12] != b"soun":
                continue
            table = next(_walk(file, start, end, (b"minf", b"stbl", b"stsd")), None)
            codec = _read(file, table)[12:16].decode("latin-1")
            found.append(Mp4Track(codec, _read_length(_read(file, parts.get(b"mdhd")))))
    except (struct.error, OSError):
        return []
    return found


def _walk(
    file: FileView, start: int, end: int, path: tuple[bytes, ...]
) -> Iterator[tuple[int, int]]:
    """Yield where the content of each box of a path of names lies."""
    first, *rest = path
    for name, (begin, until) in _list_boxes(file, start, end):
        if name != first:
            continue
        if rest:
            yield from _walk(file, begin, until, tuple(rest))
        else:
            yield begin, until


def _list_boxes(file: FileView, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        length, name = struct.unpack(">I4s", file.read_at(8, start))
        head = 8
        if length == 1:
            (length,) = struct.unpack(">Q", file.read_at(8, start + 8))
            head = 16
        until = end if length == 0 else start + length
        if until < start + head or until > end:
            return
        yield name, (start + head, until)
        start = until


def _read(file: FileView, place: tuple[int, int] | None) -> bytes:
    if place is None:
        return b""
    start, end = place
    return file.read_at(min(end - start, _LARGEST_PART), start)


def _read_length(header: bytes) -> float:
    if not header:
        return 0.0
    form, at = (">IQ", 20) if header[0] == 1 else (">II", 12)
    rate, length = struct.unpack_from(form, header, at)
    return length / rate if rate else 0.0
