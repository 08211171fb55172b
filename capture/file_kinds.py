"""What a file is that cannot be read as sound, so that the refusal says the true reason."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable

from capture.sound_heads import SOUND_MAGIC
from study import read_at
from study.errors import SoundFlaw

_HEAD = 4096
_INDEX = 16 << 20  # of an MP4; that of twelve hours of sound takes 8 MB
_ASF_PROTECTION = (
    bytes.fromhex("fbb31122 23bdd211b4b700a0c955fc6e".replace(" ", "")),
    bytes.fromhex("14e68a29 2226174cb935dae07ee9289c".replace(" ", "")),
)
_STARTS: tuple[tuple[bytes, SoundFlaw], ...] = (
    (b"\x02dss", SoundFlaw.DICTATION),
    (b"\x03dss", SoundFlaw.DICTATION),
    (b"\x03ds2", SoundFlaw.DICTATION),
    (b"\x01ds2", SoundFlaw.DICTATION),
    (b"\x07ds2", SoundFlaw.DICTATION),
    (b"MThd", SoundFlaw.NOTES),
    (b"%PDF", SoundFlaw.DOCUMENT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", SoundFlaw.DOCUMENT),
    (b"{\\rtf", SoundFlaw.DOCUMENT),
    (b"\x89PNG", SoundFlaw.PICTURE),
    (b"\xff\xd8\xff", SoundFlaw.PICTURE),
    (b"GIF8", SoundFlaw.PICTURE),
    (b"BM", SoundFlaw.PICTURE),
    (b"7z\xbc\xaf\x27\x1c", SoundFlaw.ARCHIVE),
    (b"Rar!", SoundFlaw.ARCHIVE),
    (b"\x1f\x8b", SoundFlaw.ARCHIVE),
    (b"\x00\x05\x16\x07", SoundFlaw.SIDECAR),
    (b"#EXTM3U", SoundFlaw.PLAYLIST),
    (b"[playlist]", SoundFlaw.PLAYLIST),
    (b"ffconcat", SoundFlaw.PLAYLIST),
)
_PICTURE_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"avif"})
_PROTECTED_ENTRIES = frozenset({b"drms", b"enca", b"aavd"})


def name_refused_kind(descriptor: int) -> SoundFlaw | None:
    """Return what an open file is, if it is of a kind that no decoder should be asked about.

    Dictation files and protected ones look like sound to some decoders, which then give noise.
    """
    head = read_at(descriptor, _HEAD, 0)
    if head[1:4] in {b"dss", b"ds2"} and head[0] < 16:  # noqa: PLR2004 - the header's blocks
        return SoundFlaw.DICTATION
    if _is_protected(descriptor, head):
        return SoundFlaw.PROTECTED
    return None


def name_unknown_kind(descriptor: int) -> SoundFlaw | None:
    """Return what a file is that no decoder could open; None where that is not known either."""
    head = read_at(descriptor, _HEAD, 0)
    for begins, flaw in _STARTS:
        if head.startswith(begins):
            return flaw
    if head.startswith(b"PK\x03\x04"):
        is_office = b"[Content_Types]" in head or b"mimetype" in head
        return SoundFlaw.DOCUMENT if is_office else SoundFlaw.ARCHIVE
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return SoundFlaw.PICTURE
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return SoundFlaw.PICTURE
    if _is_text(head):
        return SoundFlaw.TEXT
    return SoundFlaw.DAMAGED if SOUND_MAGIC.match(head) else None


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        readings: tuple[Callable[[], str], ...] = (
            lambda: head[: len(head) // 2 * 2].decode("utf-16"),
        )
    else:
        readings = (lambda: head.decode("utf-8"), lambda: head[:-3].decode("utf-8"))
    for read in readings:
        try:
            text = read()
        except UnicodeDecodeError:
            continue
        return bool(text) and all(c.isprintable() or c in "\t\r\n\f\ufeff" for c in text)
    # An old Windows or Mac editor's: letters of one byte, and none of the control bytes.
    low = sum(byte < 32 and byte not in b"\t\r\n\f" for byte in head)  # noqa: PLR2004
    high = sum(byte > 127 for byte in head)  # noqa: PLR2004
    return low == 0 and high * 5 < len(head)


def _is_protected(descriptor: int, head: bytes) -> bool:
    if head[4:8] == b"ftyp" and head[8:11] == b"aax":
        return True
    if head[4:8] == b"\x57\x90\x75\x36":  # Audible's older files
        return True
    if head.startswith(bytes.fromhex("3026b275")):
        return any(guid in head for guid in _ASF_PROTECTION)
    return head[4:8] == b"ftyp" and _has_protected_track(descriptor)


def _has_protected_track(descriptor: int) -> bool:
    """Look for an encrypted kind of sound among the sample descriptions of an MP4."""
    size, offset = os.fstat(descriptor).st_size, 0
    while offset + 8 <= size:
        length, name = struct.unpack(">I4s", read_at(descriptor, 8, offset))
        if length == 1:
            (length,) = struct.unpack(">Q", read_at(descriptor, 8, offset + 8).ljust(8, b"\0"))
        if length < 8:  # noqa: PLR2004 - to the end of the file, or no box
            return False
        if name == b"moov":
            return _lists_protected(read_at(descriptor, min(length, _INDEX), offset))
        offset += length
    return False


def _lists_protected(index: bytes) -> bool:
    place = index.find(b"stsd")
    while place >= 0:
        if index[place + 16 : place + 20] in _PROTECTED_ENTRIES:
            return True
        place = index.find(b"stsd", place + 4)
    return False
