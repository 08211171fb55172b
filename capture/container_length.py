"""Read the length that a sound file claims to have from its structure, without any codec.

Codecs are forgiving: a WAV whose second half is missing opens as a shorter WAV. So this module
reads the claimed length, for the importer to compare with the frames that were decoded. It trusts
nothing and decodes nothing; from a structure that makes no sense it reads no claim.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from capture.file_view import FileView

_HEAD = 64 * 1024  # covers the largest Ogg page (65,307 bytes) and the first frame of any MP3
_PLAIN_WAVE = {1, 3, 6, 7, 0xFFFE}  # format tags in which a block is exactly one frame
# What writers that cannot seek back leave for "unknown": ffmpeg -1, sox 0x7ffff000 less a block.
_ENDLESS = (range(0xFFFFFF00, 1 << 32), range(0x7FFFF000 - 64, 0x7FFFF001))
_END_OF_STREAM = 4  # the flag of the last page of an Ogg stream
_SYNCSAFE_BITS = 7
_SYNC = 0xE0  # the bits of a frame header's second byte that are always set
_STRAY_BYTES = 256  # behind the sound; 3 ms at the most: a tag, or bytes to fill a block
_LENGTH_BITS = 32
_AU_SAMPLE_BYTES = {1: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8, 27: 1}  # by the header's coding
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_MPEG_1, _LAYER_3 = 3, 1  # as coded in an MPEG audio frame header


@dataclass(frozen=True, slots=True)
class SoundBytes:
    """Where uncompressed sound really lies in a file whose header gives a wrong length.

    order: "<" or ">", the byte order of its samples.
    """

    offset: int
    length: int
    order: str


@dataclass(frozen=True, slots=True)
class ContainerClaim:
    """What a container claims: its name, its frames if it states them, whether its end is missing.

    ``is_readable`` is False if a part is missing without which nothing can be decoded, ``is_whole``
    True if the file has all the bytes that it claims. Where the header's length is wrong,
    ``header_frames`` is what it says (None where only its bytes are known) and ``sound`` where the
    sound really lies.
    """

    container: str
    frames: int | None = None
    is_cut: bool = False
    is_readable: bool = True
    is_whole: bool = False
    header_frames: int | None = None
    sound: SoundBytes | None = None


def read_claim(file: FileView) -> ContainerClaim:
    """Read the claim of a file, or of a part of one, without moving its position."""
    size = file.size
    head = file.read_at(16, 0)
    if head.startswith((b"RIFF", b"RF64", b"RIFX")) and head[8:12] != b"WAVE":
        return _riff(file, size, "AVI" if head[8:11] == b"AVI" else "")
    for begins, container, read in _KNOWN:
        if head.startswith(begins):
            return read(file, size, container)
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}:
        return _mp4(file, size)
    if head[:1] == b"\xff" and head[1:2] >= b"\xe0":
        # Layer bits 00 are reserved in MPEG audio and are how ADTS (bare AAC) is told apart.
        adts = head[1] & 0xF6 == 0xF0  # noqa: PLR2004 - sync and layer bits, as said above
        return ContainerClaim("AAC") if adts else _mp3(file, size, "MP3")
    return ContainerClaim("")


def _chunks(
    file: FileView, size: int, order: str, offset: int = 12
) -> Iterator[tuple[bytes, int, int]]:
    """Yield (name, offset of the content, claimed length) of the chunks of a RIFF or FORM file."""
    while offset + 8 <= size:
        name, length = struct.unpack(f"{order}4sI", file.read_at(8, offset))
        yield name, offset + 8, length
        offset += 8 + length + length % 2


def _ends_in_chunks(file: FileView, size: int, order: str, offset: int) -> bool:
    """Whether nothing but whole chunks, as they hold titles and marks, follows to the end."""
    left = size - offset
    if left <= _STRAY_BYTES:
        return left >= -1  # a last byte to make the length even may be missing
    for name, begin, length in _chunks(file, size, order, offset):
        if not all(0x20 <= byte < 0x7F for byte in name):  # noqa: PLR2004 - printable ASCII
            return False
        if begin + length > size:
            return False
        offset = begin + length + length % 2
    return size - offset <= _STRAY_BYTES


def _find_true_length(
    file: FileView, size: int, order: str, offset: int, claimed: int
) -> int | None:
    """Return the length of the sound where the header's is too short; None where that is right.

    A length of more than 4 GiB that was written in 32 bits is short by a multiple of them.
    """
    for wraps in range((size - offset - claimed >> _LENGTH_BITS) + 1):
        length = claimed + (wraps << _LENGTH_BITS)
        if _ends_in_chunks(file, size, order, offset + length + length % 2):
            return length if wraps else None
    return size - offset


def _wave(file: FileView, size: int, container: str) -> ContainerClaim:
    order = ">" if file.read_at(4, 0) == b"RIFX" else "<"
    tag = block = long_length = 0
    for name, offset, length in _chunks(file, size, order):
        if name == b"ds64" and length >= 24:  # noqa: PLR2004 - three 64-bit lengths
            (long_length,) = struct.unpack("<8xQ8x", file.read_at(24, offset).ljust(24))
        elif name == b"fmt " and length >= 14:  # noqa: PLR2004 - up to the block's length
            tag, block = struct.unpack(f"{order}H10xH", file.read_at(14, offset).ljust(14))
        elif name == b"data":
            claimed = long_length or length
            # A recorder that was killed leaves 0: then the sound goes on to the end of the file.
            if claimed == 0 or any(claimed in endless for endless in _ENDLESS):
                return ContainerClaim(container)
            per_frame = block if tag in _PLAIN_WAVE else 0
            return _judge_length(
                file, size, ContainerClaim(container), SoundBytes(offset, claimed, order),
                per_frame,
            )  # fmt: skip
    return ContainerClaim(container)


def _judge_length(
    file: FileView, size: int, bare: ContainerClaim, claimed: SoundBytes, per_frame: int
) -> ContainerClaim:
    """Hold the length that a header states for its sound against the file's size.

    per_frame: bytes of one frame, 0 where the sound is compressed.
    """
    frames = claimed.length // per_frame if per_frame else None
    if claimed.offset + claimed.length > size:
        return replace(bare, frames=frames, is_cut=True)
    true = _find_true_length(file, size, claimed.order, claimed.offset, claimed.length)
    if true is None:
        return replace(bare, frames=frames, is_whole=True)
    return replace(
        bare,
        frames=true // per_frame if per_frame else None,
        header_frames=frames,
        sound=SoundBytes(claimed.offset, true, claimed.order),
    )


def _riff(file: FileView, size: int, container: str) -> ContainerClaim:
    """Read the outermost length of a RIFF file; long AVI files are several, one after the other."""
    offset = 0
    while offset + 8 <= size:
        name, length = struct.unpack("<4sI", file.read_at(8, offset))
        if name != b"RIFF" or length == 0:
            break
        offset += 8 + length + length % 2
    return ContainerClaim(container, is_cut=offset > size + 1, is_whole=size <= offset <= size + 1)


def _aiff(file: FileView, size: int, container: str) -> ContainerClaim:
    per_frame, order = 0, ">"
    for name, offset, length in _chunks(file, size, ">"):
        if name == b"COMM" and length >= 18:  # noqa: PLR2004 - channels, frames, bits, rate
            channels, bits = struct.unpack(">H4xH", file.read_at(8, offset).ljust(8))
            kind = file.read_at(4, offset + 18)
            is_plain = length == 18 or kind in {b"NONE", b"sowt", b"fl32", b"FL32"}  # noqa: PLR2004
            order = "<" if length > 18 and kind == b"sowt" else ">"  # noqa: PLR2004
            per_frame = channels * (-(-bits // 8)) if is_plain else 0
        if name == b"SSND":
            # Before the samples stand two numbers of four bytes, for tapes.
            claimed = SoundBytes(offset + 8, max(0, length - 8), ">")
            found = _judge_length(file, size, ContainerClaim(container), claimed, per_frame)
            sound = found.sound and replace(found.sound, order=order)
            return replace(found, sound=sound)
    return ContainerClaim(container)


def _au(file: FileView, size: int, container: str) -> ContainerClaim:
    """Read a NeXT / Sun header; behind the sound there is nothing."""
    head = file.read_at(24, 0).ljust(24, b"\0")
    offset, length, coding, _, channels = struct.unpack(">4x5I", head)
    if length == 0xFFFFFFFF:  # noqa: PLR2004 - unknown
        return ContainerClaim(container)
    per_frame = channels * _AU_SAMPLE_BYTES.get(coding, 0)
    claimed = SoundBytes(offset, length, ">")
    return _judge_length(file, size, ContainerClaim(container), claimed, per_frame)


def _w64(file: FileView, size: int, container: str) -> ContainerClaim:
    """Walk the chunks of a Wave64 file: 16 bytes of name, 8 of length with the head's own 24."""
    offset = 40
    while offset + 24 <= size:
        name, length = struct.unpack("<16sQ", file.read_at(24, offset))
        if name.startswith(b"data"):
            return ContainerClaim(container, is_cut=length >= 24 and offset + length > size)  # noqa: PLR2004
        if length < 24:  # noqa: PLR2004 - shorter than its own head
            break
        offset += -(-length // 8) * 8
    return ContainerClaim(container)


def _caf(file: FileView, size: int, container: str) -> ContainerClaim:
    """Walk the chunks of a Core Audio file; a length of -1 goes on to the end of the file.

    Compressed sound needs the table of packets ("pakt"), which is often written last.
    """
    offset, form, has_table, has_data = 8, b"", False, False
    while offset + 12 <= size:
        name, length = struct.unpack(">4sq", file.read_at(12, offset))
        if name == b"desc":
            form = file.read_at(4, offset + 20)
        has_data |= name == b"data"
        if length < 0:
            offset = size
            break
        offset += 12 + length
        has_table |= name == b"pakt" and offset <= size
    is_missing = has_data and form not in {b"lpcm", b"ulaw", b"alaw", b"ima4"} and not has_table
    return ContainerClaim(container, is_cut=offset > size or is_missing, is_readable=not is_missing)


def _matroska(file: FileView, size: int, container: str) -> ContainerClaim:
    """Compare the length of the segment with the file's; a live recording states none."""
    head = file.read_at(_HEAD, 0)
    segment = head.find(b"\x18\x53\x80\x67")
    if segment < 0 or segment + 12 > len(head):
        return ContainerClaim(container)
    lead = head[segment + 4]
    width = 9 - lead.bit_length()
    if lead == 0 or width > 8:  # noqa: PLR2004 - of an EBML length
        return ContainerClaim(container)
    begin = segment + 4 + width
    length = int.from_bytes(head[segment + 4 : begin], "big") & ~(1 << 7 * width)
    is_unknown = length == (1 << 7 * width) - 1
    return ContainerClaim(
        container, is_cut=not is_unknown and begin + length > size,
        is_whole=not is_unknown and begin + length <= size,
    )  # fmt: skip


def _asf(file: FileView, size: int, container: str) -> ContainerClaim:
    """Compare the size that a Windows Media file gives of itself with the file's."""
    head = file.read_at(_HEAD, 0)
    found = head.find(_ASF_PROPERTIES)
    if found < 0 or found + 48 > len(head):
        return ContainerClaim(container)
    (claimed,) = struct.unpack_from("<Q", head, found + 40)
    return ContainerClaim(container, is_cut=claimed > size)


def _flac(_file: FileView, _size: int, container: str) -> ContainerClaim:
    return ContainerClaim(container)  # its frames are in the decoder's own header


def _ogg(file: FileView, size: int, container: str) -> ContainerClaim:
    """Read the last page, which must be whole and carry the end-of-stream flag."""
    start = max(0, size - _HEAD)
    tail = file.read_at(_HEAD, start)
    page = tail.rfind(b"OggS\0")
    if page < 0 or len(tail) < page + 27:
        return ContainerClaim(container, is_cut=True)
    segments = tail[page + 26]
    table = tail[page + 27 : page + 27 + segments]
    is_whole = len(table) == segments and page + 27 + segments + sum(table) <= len(tail)
    return ContainerClaim(container, is_cut=not is_whole or not tail[page + 5] & _END_OF_STREAM)


def _mp4(file: FileView, size: int) -> ContainerClaim:
    """Walk the outermost boxes; the index (``moov``) may come before or after the sound."""
    offset, has_index = 0, False
    while offset + 8 <= size:
        length, name = struct.unpack(">I4s", file.read_at(8, offset))
        if length == 1:
            (length,) = struct.unpack(">Q", file.read_at(8, offset + 8).ljust(8, b"\0"))
        if length == 0:  # this box goes on to the end of the file
            length = size - offset
        if length < 8:  # noqa: PLR2004 - shorter than its own header: no box
            break
        offset += length
        has_index = has_index or (name == b"moov" and offset <= size)
    return ContainerClaim("MP4", is_cut=offset > size or not has_index, is_readable=has_index)


def _mp3(file: FileView, size: int, container: str) -> ContainerClaim:
    """Read the frame count that encoders write into the first frame (Xing, Info)."""
    start = _after_tag(file)
    head = file.read_at(_HEAD, start)
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
    frames = int.from_bytes(tag[8:12], "big") * per_frame
    sized = head[first + 4 + side + 12 : first + 4 + side + 16]
    if not tag[7] & 2 or len(sized) < 4:  # noqa: PLR2004 - the bytes of the stream
        return ContainerClaim(container, frames)
    end = start + first + int.from_bytes(sized, "big")
    return ContainerClaim(container, frames, is_cut=end > size, is_whole=end <= size)


def _after_tag(file: FileView) -> int:
    """Return the offset after an ID3 tag, whose length is coded in 7-bit bytes; 0 without one."""
    head = file.read_at(10, 0)
    if not head.startswith(b"ID3") or len(head) < 10:  # noqa: PLR2004 - the tag's header
        return 0
    length = 0
    for byte in head[6:]:
        length = length << _SYNCSAFE_BITS | byte & 0x7F
    return 10 + length


_KNOWN: tuple[tuple[bytes, str, Callable[[FileView, int, str], ContainerClaim]], ...] = (
    (b"RIFF", "WAV", _wave),
    (b"RIFX", "WAV", _wave),
    (b"RF64", "WAV", _wave),
    (b"FORM", "AIFF", _aiff),
    (b".snd", "AU", _au),
    (b"riff\x2e\x91\xcf\x11", "W64", _w64),
    (b"caff", "CAF", _caf),
    (b"\x1a\x45\xdf\xa3", "MKV", _matroska),
    (_ASF, "WMA", _asf),
    (b"fLaC", "FLAC", _flac),
    (b"OggS", "OGG", _ogg),
    (b"ID3", "MP3", _mp3),
)
