"""Where one file ends and another begins, in a file that holds several end to end.

Somebody joined them with a tool for bytes, or a recorder did. Decoders stop where the first one
ends by its own account. Formats that are read packet by packet (MP3, AAC, AC-3, MPEG, FLAC, WebM)
need no joint: their decoders go on.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from capture.file_view import FileView

_MOST_PARTS = 1_000
_MOST_STEPS = 1_000_000  # boxes or chunks of one file
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_FLV_TAG = 11  # bytes before the content; behind it stand 4 more


def find_file_parts(file: FileView) -> list[tuple[int, int]]:
    """Return the bytes (start, end) of each file in this one; a single one reaches to the end."""
    head = file.read_at(16, 0)
    measure = next((m for is_one, m in _KNOWN if is_one(head)), None)
    if measure is None:
        return [(0, file.size)]
    starts = [0]
    while len(starts) < _MOST_PARTS:
        rest = file.part(starts[-1], file.size)
        length = measure(rest)
        begins = rest.read_at(16, length)
        is_next = 0 < length < rest.size and any(is_one(begins) for is_one, _ in _KNOWN)
        if not is_next:
            break
        starts.append(starts[-1] + length)
    return list(zip(starts, [*starts[1:], file.size], strict=True))


def _measure_chunked(file: FileView) -> int:
    """Return the length of a RIFF or FORM file by its own account, which may be wrong."""
    head = file.read_at(8, 0)
    (length,) = struct.unpack(">I" if head[:4] in {b"FORM", b"RIFX"} else "<I", head[4:8])
    return 8 + int(length) + length % 2


def _measure_boxes(file: FileView) -> int:
    """Return where an MP4 begins anew; its length where it does not."""
    offset = 0
    for _ in range(_MOST_STEPS):
        head = file.read_at(16, offset)
        if len(head) < 8 or (offset and head[4:8] == b"ftyp"):  # noqa: PLR2004 - a box's header
            break
        (length,) = struct.unpack(">I", head[:4])
        if length == 1 and len(head) == 16:  # noqa: PLR2004 - with a long length
            (length,) = struct.unpack(">Q", head[8:])
        if length < 8:  # noqa: PLR2004 - to the end of the file, or no box
            return file.size
        offset += length
    return offset


def _measure_objects(file: FileView) -> int:
    """Return where a Windows Media file begins anew; its length where it does not."""
    offset = 0
    for _ in range(_MOST_STEPS):
        head = file.read_at(24, offset)
        if len(head) < 24 or (offset and head.startswith(_ASF)):  # noqa: PLR2004 - an object's head
            break
        (length,) = struct.unpack_from("<Q", head, 16)
        if length < 24:  # noqa: PLR2004 - no object
            return file.size
        offset += length
    return offset


def _measure_caf(file: FileView) -> int:
    """Return where a Core Audio file begins anew; its length where it does not."""
    offset = 8
    for _ in range(_MOST_STEPS):
        head = file.read_at(12, offset)
        if len(head) < 12 or head.startswith(b"caff"):  # noqa: PLR2004 - a chunk's head
            break
        (length,) = struct.unpack_from(">q", head, 4)
        if length < 0:
            return file.size
        offset += 12 + length
    return offset


def _measure_flv(file: FileView) -> int:
    """Return where a Flash video begins anew; its length where it does not."""
    offset = 13
    for _ in range(_MOST_STEPS):
        head = file.read_at(_FLV_TAG, offset)
        if len(head) < _FLV_TAG or head.startswith(b"FLV\1"):
            break
        offset += _FLV_TAG + int.from_bytes(head[1:4], "big") + 4
    return offset


_KNOWN: tuple[tuple[Callable[[bytes], bool], Callable[[FileView], int]], ...] = (
    (lambda head: head[:4] in {b"RIFF", b"RIFX"} and head[8:12] == b"WAVE", _measure_chunked),
    (lambda head: head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}, _measure_chunked),
    (lambda head: head[4:8] == b"ftyp", _measure_boxes),
    (lambda head: head == _ASF, _measure_objects),
    (lambda head: head[:5] == b"caff\0", _measure_caf),
    (lambda head: head[:4] == b"FLV\1", _measure_flv),
)
