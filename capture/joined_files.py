"""Where one file ends and another begins, in a file that holds several end to end.

Somebody joined them with a tool for bytes, or a recorder did. Decoders stop where the first one
ends by its own account. Formats that are read packet by packet (MP3, AAC, AC-3, MPEG, FLAC, WebM)
need no joint before another file of their own kind: their decoders go on.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from capture.file_view import FileView
from capture.sound_heads import (
    ASF_HEAD,
    SOUND_MAGIC,
    begins_sound_file,
    measure_adts_frame,
    measure_mpeg_frame,
    skip_id3,
)

_MOST_PARTS = 1_000
_MOST_STEPS = 1_000_000  # boxes or chunks of one file
_WINDOW = 1 << 20  # bytes of frames that are looked through at once
# Bytes of a frame by its kind, and the bits of its first byte that are always 0.
_AMR = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)
_AMR_WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1)
_AMR_UNUSED = 0x83
_OVERLAP = 4096  # a frame has 2,881 bytes at the most
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
        if not 0 < length < rest.size or not begins_sound_file(rest, length):
            break
        starts.append(starts[-1] + length)
        head = rest.read_at(16, length)
        measure = next((m for is_one, m in _KNOWN if is_one(head)), None)
        if measure is None:
            break
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
        if len(head) < 8 or (offset and _begins_other(file, offset, head)):  # noqa: PLR2004 - a box's header
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
        if len(head) < 24 or (offset and _begins_other(file, offset, head)):  # noqa: PLR2004 - an object's head
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
        if len(head) < 12 or _begins_other(file, offset, head):  # noqa: PLR2004 - a chunk's head
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
        if len(head) < _FLV_TAG or _begins_other(file, offset, head):
            break
        offset += _FLV_TAG + int.from_bytes(head[1:4], "big") + 4
    return offset


def _measure_avi(file: FileView) -> int:
    """Return the length of an AVI file; a long one is several RIFFs, one after the other."""
    offset = _measure_chunked(file)
    for _ in range(_MOST_STEPS):
        head = file.read_at(12, offset)
        if head[:4] != b"RIFF" or head[8:] != b"AVIX":
            break
        offset += _measure_chunked(file.part(offset, file.size))
    return offset


def _measure_amr(file: FileView) -> int:
    """Return where something else than a phone's frames begins; the length where nothing does."""
    head = file.read_at(9, 0)
    is_wide = head.startswith(b"#!AMR-WB")
    lengths, base = (_AMR_WIDE, 9) if is_wide else (_AMR, 6)
    while base < file.size:
        window, at = file.read_at(_WINDOW, base), 0
        while at < len(window):
            if window[at] & _AMR_UNUSED:
                is_other = begins_sound_file(file, base + at)
                return base + at if is_other else file.size
            at += lengths[window[at] >> 3 & 15]
        base += at
    return file.size


def _measure_adts(file: FileView) -> int:
    """Return where something else than frames of AAC begins; the length where nothing does."""
    base = 0
    while base < file.size:
        window, at = file.read_at(_WINDOW, base), 0
        while at + 6 <= len(window):
            length = measure_adts_frame(window[at : at + 6])
            if not length:
                is_other = begins_sound_file(file, base + at)
                return base + at if is_other else file.size
            at += length
        if not at:
            break
        base += at
    return file.size


def _measure_au(file: FileView) -> int:
    offset, length = struct.unpack(">4xII", file.read_at(12, 0).ljust(12, b"\0"))
    return int(offset) + int(length)


def _begins_other(file: FileView, offset: int, head: bytes) -> bool:
    """Whether another file begins here, and not a part of this one; ``head`` is what is here."""
    is_likely = head.startswith((b"ID3", b"\xff")) or SOUND_MAGIC.match(head.ljust(16, b"\0"))
    return bool(is_likely) and begins_sound_file(file, offset)


def _measure_mpeg(file: FileView) -> int:
    """Return where something else than MPEG sound begins; the length where nothing does.

    Frames lead from one to the next. Where one does not, it may be broken, or the last one of the
    first file. Every byte is looked at once.
    """
    base = skip_id3(file, 0)
    frame = 0  # where the last frame began, in the window
    while base < file.size:
        window = file.read_at(_WINDOW, base)
        is_last = base + len(window) >= file.size
        at, limit = 0, len(window) - (0 if is_last else _OVERLAP)
        while at < limit:
            if length := measure_mpeg_frame(window, at):
                frame, at = at, at + length
                continue
            if begins_sound_file(file, base + at) and not measure_mpeg_frame(
                file.read_at(4, skip_id3(file, base + at))
            ):
                return base + at
            following = min(_find_frame(window, at), limit)
            found = SOUND_MAGIC.search(window, frame + 1, min(following + 16, len(window)))
            if (
                found
                and found.start() <= following
                and begins_sound_file(file, base + found.start())
            ):
                return base + found.start()
            frame = at = following
        if is_last:
            break
        base, frame = base + frame, 0  # the last frame may reach into what begins behind it
    return file.size


def _find_frame(window: bytes, at: int) -> int:
    """Return where the next frame begins that leads to another; the window's end if none does."""
    while (at := window.find(b"\xff", at)) >= 0:
        length = measure_mpeg_frame(window, at)
        if length and measure_mpeg_frame(window, at + length):
            return at
        at += 1
    return len(window)


def _is_mpeg(head: bytes) -> bool:
    return head.startswith(b"ID3") or measure_mpeg_frame(head) > 0


_KNOWN: tuple[tuple[Callable[[bytes], bool], Callable[[FileView], int]], ...] = (
    (lambda head: head[:4] in {b"RIFF", b"RIFX"} and head[8:12] == b"WAVE", _measure_chunked),
    (lambda head: head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}, _measure_chunked),
    (lambda head: head[4:8] == b"ftyp", _measure_boxes),
    (lambda head: head == ASF_HEAD, _measure_objects),
    (lambda head: head[:5] == b"caff\0", _measure_caf),
    (lambda head: head[:4] == b"FLV\1", _measure_flv),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"AVI ", _measure_avi),
    (lambda head: head[:4] == b".snd", _measure_au),
    (lambda head: head[:5] == b"#!AMR", _measure_amr),
    (_is_mpeg, _measure_mpeg),
    (lambda head: measure_adts_frame(head) > 0, _measure_adts),
)
