"""Read the length that a sound file claims to have from its structure, without any codec.

Codecs are forgiving: a WAV whose second half is missing opens as a shorter WAV. So this module
reads the claimed length, for the importer to compare with the frames that were decoded. It trusts
nothing and decodes nothing; from a structure that makes no sense it reads no claim.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_HEAD = 64 * 1024  # covers the largest Ogg page (65,307 bytes) and the first frame of any MP3
_PLAIN_WAVE = {1, 3, 6, 7, 0xFFFE}  # format tags in which a block is exactly one frame
# What writers that cannot seek back leave for "unknown": ffmpeg -1, sox 0x7ffff000 less a block.
_ENDLESS = (range(0xFFFFFF00, 1 << 32), range(0x7FFFF000 - 64, 0x7FFFF001))
_END_OF_STREAM = 4  # the flag of the last page of an Ogg stream
_SYNCSAFE_BITS = 7
_SYNC = 0xE0  # the bits of a frame header's second byte that are always set
_MPEG_1, _LAYER_3 = 3, 1  # as coded in an MPEG audio frame header


@dataclass(frozen=True, slots=True)
class ContainerClaim:
    """What a container claims: its name, its frames if it states them, whether its end is missing.

    ``is_readable`` is False if a part is missing without which nothing can be decoded.
    """

    container: str
    frames: int | None = None
    is_cut: bool = False
    is_readable: bool = True


def read_claim(descriptor: int) -> ContainerClaim:
    """Read the claim of an open regular file, without moving the descriptor's position."""
    size = os.fstat(descriptor).st_size
    head = os.pread(descriptor, 12, 0)
    for begins, container, read in _KNOWN:
        if head.startswith(begins):
            return read(descriptor, size, container)
    if head[4:8] == b"ftyp":
        return _mp4(descriptor, size)
    if head[:1] == b"\xff" and head[1:2] >= b"\xe0":
        # Layer bits 00 are reserved in MPEG audio and are how ADTS (bare AAC) is told apart.
        adts = head[1] & 0xF6 == 0xF0  # noqa: PLR2004 - sync and layer bits, as said above
        return ContainerClaim("AAC") if adts else _mp3(descriptor, size, "MP3")
    return ContainerClaim("")


def _chunks(descriptor: int, size: int, order: str) -> Iterator[tuple[bytes, int, int]]:
    """Yield (name, offset of the content, claimed length) of the chunks of a RIFF or FORM file."""
    offset = 12
    while offset + 8 <= size:
        name, length = struct.unpack(f"{order}4sI", os.pread(descriptor, 8, offset))
        yield name, offset + 8, length
        offset += 8 + length + length % 2


def _wave(descriptor: int, size: int, container: str) -> ContainerClaim:
    order = ">" if os.pread(descriptor, 4, 0) == b"RIFX" else "<"
    tag = block = long_length = 0
    for name, offset, length in _chunks(descriptor, size, order):
        if name == b"ds64" and length >= 24:  # noqa: PLR2004 - three 64-bit lengths
            (long_length,) = struct.unpack("<8xQ8x", os.pread(descriptor, 24, offset).ljust(24))
        elif name == b"fmt " and length >= 14:  # noqa: PLR2004 - up to the block's length
            tag, block = struct.unpack(f"{order}H10xH", os.pread(descriptor, 14, offset).ljust(14))
        elif name == b"data":
            claimed = long_length or length
            # A recorder that was killed leaves 0: then the sound goes on to the end of the file.
            if claimed == 0 or any(claimed in endless for endless in _ENDLESS):
                return ContainerClaim(container)
            frames = claimed // block if tag in _PLAIN_WAVE and block else None
            return ContainerClaim(container, frames, is_cut=offset + claimed > size)
    return ContainerClaim(container)


def _aiff(descriptor: int, size: int, container: str) -> ContainerClaim:
    for name, offset, length in _chunks(descriptor, size, ">"):
        if name == b"SSND":
            return ContainerClaim(container, is_cut=offset + length > size)
    return ContainerClaim(container)


def _flac(_descriptor: int, _size: int, container: str) -> ContainerClaim:
    return ContainerClaim(container)  # its frames are in the decoder's own header


def _ogg(descriptor: int, size: int, container: str) -> ContainerClaim:
    """Read the last page, which must be whole and carry the end-of-stream flag."""
    start = max(0, size - _HEAD)
    tail = os.pread(descriptor, _HEAD, start)
    page = tail.rfind(b"OggS\0")
    if page < 0 or len(tail) < page + 27:
        return ContainerClaim(container, is_cut=True)
    segments = tail[page + 26]
    table = tail[page + 27 : page + 27 + segments]
    is_whole = len(table) == segments and page + 27 + segments + sum(table) <= len(tail)
    return ContainerClaim(container, is_cut=not is_whole or not tail[page + 5] & _END_OF_STREAM)


def _mp4(descriptor: int, size: int) -> ContainerClaim:
    """Walk the outermost boxes; the index (``moov``) may come before or after the sound."""
    offset, has_index = 0, False
    while offset + 8 <= size:
        length, name = struct.unpack(">I4s", os.pread(descriptor, 8, offset))
        if length == 1:
            (length,) = struct.unpack(">Q", os.pread(descriptor, 8, offset + 8).ljust(8, b"\0"))
        if length == 0:  # this box goes on to the end of the file
            length = size - offset
        if length < 8:  # noqa: PLR2004 - shorter than its own header: no box
            break
        offset += length
        has_index = has_index or (name == b"moov" and offset <= size)
    return ContainerClaim("MP4", is_cut=offset > size or not has_index, is_readable=has_index)


def _mp3(descriptor: int, _size: int, container: str) -> ContainerClaim:
    """Read the frame count that encoders write into the first frame (Xing, Info)."""
    start = _after_tag(descriptor)
    head = os.pread(descriptor, _HEAD, start)
    first = head.find(b"\xff")
    while 0 <= first < len(head) - 4 and head[first + 1] & _SYNC != _SYNC:
        first = head.find(b"\xff", first + 1)
    if first < 0 or first + 4 > len(head):
        return ContainerClaim(container)
    version, layer = head[first + 1] >> 3 & 3, head[first + 1] >> 1 & 3
    if layer != _LAYER_3:
        return ContainerClaim(container)
    is_mono = head[first + 3] >> 6 == 3  # noqa: PLR2004 - the code for one channel
    side = (17 if is_mono else 32) if version == _MPEG_1 else (9 if is_mono else 17)
    tag = head[first + 4 + side : first + 4 + side + 12]
    if tag[:4] not in {b"Xing", b"Info"} or len(tag) < 12 or not tag[7] & 1:  # noqa: PLR2004
        return ContainerClaim(container)
    per_frame = 1152 if version == _MPEG_1 else 576
    return ContainerClaim(container, int.from_bytes(tag[8:12], "big") * per_frame)


def _after_tag(descriptor: int) -> int:
    """Return the offset after an ID3 tag, whose length is coded in 7-bit bytes; 0 without one."""
    head = os.pread(descriptor, 10, 0)
    if not head.startswith(b"ID3") or len(head) < 10:  # noqa: PLR2004 - the tag's header
        return 0
    length = 0
    for byte in head[6:]:
        length = length << _SYNCSAFE_BITS | byte & 0x7F
    return 10 + length


_KNOWN: tuple[tuple[bytes, str, Callable[[int, int, str], ContainerClaim]], ...] = (
    (b"RIFF", "WAV", _wave),
    (b"RIFX", "WAV", _wave),
    (b"RF64", "WAV", _wave),
    (b"FORM", "AIFF", _aiff),
    (b"fLaC", "FLAC", _flac),
    (b"OggS", "OGG", _ogg),
    (b"ID3", "MP3", _mp3),
)
