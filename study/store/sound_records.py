"""The records of a file of sealed sound: how one is sealed, found and opened.

Version 2, which is written. All records of a file have one size, whatever they hold and however
little, so that a file shows neither what happened during a recording nor when nor for how long:

    header   b"EAR1" | u32 length | JSON {version, owner, prefix, record}
    record   AES-256-GCM(head: u8 kind | u32 used) | AES-256-GCM(body, zeros up to `record` bytes)
             nonce = prefix (7) | u32 counter | u8 part       part: 0 head, 1 body; of the end 2, 3
             AAD   = sha256(header), of a body followed by its head

Version 1, which is read. Kind and length of each record can be seen:

    record   u32 length | u8 kind | AES-256-GCM(plain)
             nonce = prefix (7) | u32 counter | u8 kind       AAD = sha256(header) | kind

``docs/format.md`` describes the same for somebody who writes a second reader.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from study.descriptors import read_at
from study.store.seal import TAG_BYTES, SealBroken

SOUND_FILE_MAGIC = b"EAR1"
SOUND_FILE_VERSION = 2
LONGEST_HEADER = 64 * 1024
LONGEST_RECORD = 16 * 1024 * 1024
PREFIX_BYTES = 7
LEAD_BYTES = len(SOUND_FILE_MAGIC) + 4
_LENGTH_AND_KIND = struct.Struct(">IB")  # of version 1
_HEAD = struct.Struct(">BI")  # kind and used bytes, of version 2
_SEALED_HEAD = _HEAD.size + TAG_BYTES
_HEAD_PART, _BODY_PART, _END_PARTS = 0, 1, 2


class SoundRecordKind(IntEnum):
    """What a record holds."""

    FORMAT = 0
    PCM = 1
    MARK = 2
    END = 3
    MARK_BEGUN = 4  # the mark goes on in the next record; version 1 has none


class FileEnding(StrEnum):
    """How a file of sealed sound ends."""

    COMPLETE = "complete"
    TRUNCATED = "truncated"  # the writer died, or the file was cut
    TAMPERED = "tampered"  # a record is not what was written
    TRAILING = "trailing bytes"  # something follows the end


class SoundHeader(msgspec.Struct, frozen=True, omit_defaults=True):
    """The beginning of a file. record: the bytes that each record has room for; 0 in version 1."""

    version: int
    owner: str
    prefix: bytes
    record: int = 0


class RecordPlace(NamedTuple):
    """Where a record lies. begin, end: file offsets of all of it. used: bytes of its content."""

    kind: SoundRecordKind
    counter: int
    begin: int
    used: int
    end: int


class SoundRecords(Protocol):
    """Finds and opens the records of one file."""

    def find(self, file: int, begin: int, size: int, counter: int) -> RecordPlace | FileEnding:
        """Return the record that begins at an offset, or how the file ends there.

        file: its descriptor. size: of the file, in bytes.
        """
        ...

    def open(self, file: int, place: RecordPlace) -> bytes:
        """Return the content of a record.

        Raises:
            SealBroken: it is not what was written.
        """
        ...


def encode_header(header: SoundHeader) -> bytes:
    """Return the bytes that a file begins with."""
    encoded = msgspec.json.encode(header)
    return SOUND_FILE_MAGIC + len(encoded).to_bytes(4, "big") + encoded


def read_header(file: int) -> tuple[SoundHeader, bytes]:
    """Return the header of a file, and its bytes.

    Raises:
        ValueError: it is none.
    """
    lead = read_at(file, LEAD_BYTES, 0)
    length = int.from_bytes(lead[len(SOUND_FILE_MAGIC) :], "big")
    if not lead.startswith(SOUND_FILE_MAGIC) or not 0 < length <= LONGEST_HEADER:
        raise ValueError("no file of sound")
    raw = read_at(file, length, LEAD_BYTES)
    header = msgspec.json.decode(raw, type=SoundHeader)
    has_room = header.version == 1 or 0 < header.record <= LONGEST_RECORD
    if header.version not in {1, SOUND_FILE_VERSION} or not has_room:
        raise ValueError("a version that nobody wrote")
    if len(header.prefix) != PREFIX_BYTES:
        raise ValueError("a prefix that nobody wrote")
    return header, lead + raw


def choose_records(header: SoundHeader, raw: bytes, key: bytes) -> SoundRecords:
    """Return what reads the records of a file with this header. raw: the header's bytes."""
    bound, cipher = hashlib.sha256(raw).digest(), AESGCM(key)
    if header.version == 1:
        return _OpenRecords(header.prefix, bound, cipher)
    return EvenRecords(header, bound, cipher)


def _nonce(prefix: bytes, counter: int, last: int) -> bytes:
    return prefix + counter.to_bytes(4, "big") + bytes([last])


def _decrypt(cipher: AESGCM, nonce: bytes, sealed: bytes, wanted: int, bound: bytes) -> bytes:
    if len(sealed) != wanted:  # a shorter last record could still decrypt: see docs/format.md
        raise SealBroken
    try:
        return cipher.decrypt(nonce, sealed, bound)
    except InvalidTag as wrong:
        raise SealBroken from wrong


@dataclass(frozen=True, slots=True)
class EvenRecords:
    """The records of version 2, all of one size."""

    header: SoundHeader
    bound: bytes
    cipher: AESGCM

    @property
    def size(self) -> int:
        """The bytes of each record in the file."""
        return _SEALED_HEAD + self.header.record + TAG_BYTES

    def seal(self, kind: SoundRecordKind, counter: int, content: bytes) -> bytes:
        """Return a record of at most ``header.record`` bytes of content.

        An end may follow a record that could not be written, whose bytes may still lie on the disk:
        it has nonces of its own.
        """
        head = _HEAD.pack(kind, len(content))
        body = content.ljust(self.header.record, b"\0")
        parts = _END_PARTS if kind is SoundRecordKind.END else 0
        return self.cipher.encrypt(
            self._nonce(counter, parts + _HEAD_PART), head, self.bound
        ) + self.cipher.encrypt(self._nonce(counter, parts + _BODY_PART), body, self.bound + head)

    def find(self, file: int, begin: int, size: int, counter: int) -> RecordPlace | FileEnding:
        """Return the record that begins at an offset, or how the file ends there."""
        end = begin + self.size
        if end > size:
            return FileEnding.TRUNCATED
        sealed = read_at(file, _SEALED_HEAD, begin)
        for parts in (0, _END_PARTS):
            try:
                nonce = self._nonce(counter, parts + _HEAD_PART)
                kind, used = _HEAD.unpack(
                    _decrypt(self.cipher, nonce, sealed, _SEALED_HEAD, self.bound)
                )
            except SealBroken:
                continue
            is_end = kind == SoundRecordKind.END
            if kind > max(SoundRecordKind) or used > self.header.record or is_end != bool(parts):
                break
            return RecordPlace(SoundRecordKind(kind), counter, begin, used, end)
        return FileEnding.TAMPERED

    def open(self, file: int, place: RecordPlace) -> bytes:
        """Return the content of a record."""
        wanted = self.header.record + TAG_BYTES
        sealed = read_at(file, wanted, place.begin + _SEALED_HEAD)
        parts = _END_PARTS if place.kind is SoundRecordKind.END else 0
        nonce = self._nonce(place.counter, parts + _BODY_PART)
        bound = self.bound + _HEAD.pack(place.kind, place.used)
        return _decrypt(self.cipher, nonce, sealed, wanted, bound)[: place.used]

    def _nonce(self, counter: int, part: int) -> bytes:
        return _nonce(self.header.prefix, counter, part)


@dataclass(frozen=True, slots=True)
class _OpenRecords:
    """The records of version 1: kind and length stand in the open."""

    prefix: bytes
    bound: bytes
    cipher: AESGCM

    def find(self, file: int, begin: int, size: int, counter: int) -> RecordPlace | FileEnding:
        """Return the record that begins at an offset, or how the file ends there."""
        lead = begin + _LENGTH_AND_KIND.size
        if lead > size:
            return FileEnding.TRUNCATED
        length, kind = _LENGTH_AND_KIND.unpack(read_at(file, _LENGTH_AND_KIND.size, begin))
        if not TAG_BYTES <= length <= LONGEST_RECORD or kind > SoundRecordKind.END:
            return FileEnding.TAMPERED
        if lead + length > size:
            return FileEnding.TRUNCATED
        used = length - TAG_BYTES
        return RecordPlace(SoundRecordKind(kind), counter, begin, used, lead + length)

    def open(self, file: int, place: RecordPlace) -> bytes:
        """Return the content of a record."""
        wanted = place.used + TAG_BYTES
        sealed = read_at(file, wanted, place.begin + _LENGTH_AND_KIND.size)
        nonce = _nonce(self.prefix, place.counter, place.kind)
        return _decrypt(self.cipher, nonce, sealed, wanted, self.bound + bytes([place.kind]))
