"""The file of a parcel: one sealed stream from one study to another, read in blocks.

    file     b"EARP" | u32 length | JSON {version, to, key, prefix, record}
    record   as in a file of sealed sound of version 2, all of one size (``sound_records``)
    key      the stream's own key, sealed for the receiver's X25519 key (``seal_for``)

A message is JSON in one record or several; bytes of files are records between messages. The last
message is the sender's Ed25519 signature of the header and of everything before it. So whoever
reads a parcel to its end knows that it is whole, for whom it was sealed, and by whom.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from study.descriptors import read_at
from study.errors import NotAParcel, ParcelChanged, ParcelCut, ParcelForOther, ParcelTooNew
from study.plain_files import NoPlainFileError, open_plain_file
from study.store.disk import map_os_errors
from study.store.person_keys import PersonKeys, is_signature_of, seal_for
from study.store.seal import SealBroken, build_associated_data, generate_key
from study.store.sound_records import (
    LONGEST_HEADER,
    PREFIX_BYTES,
    EvenRecords,
    FileEnding,
    RecordPlace,
    SoundHeader,
    SoundRecordKind,
)

PARCEL_FORMAT = 1
_MAGIC = b"EARP"
_LEAD = len(_MAGIC) + 4
_RECORD_BYTES = 64 * 1024
_LONGEST_MESSAGE = 64 * 1024 * 1024  # bytes: a transcript of a day of speech has a tenth of it
_SIGNED = b"earshot parcel"

T = TypeVar("T")


class ParcelHeader(msgspec.Struct, frozen=True):
    """The beginning of a parcel. to: the receiver's public key. key: the stream's, for it."""

    version: int
    to: bytes
    key: bytes
    prefix: bytes
    record: int


class _Version(msgspec.Struct, frozen=True):
    version: int


class _Signature(msgspec.Struct, frozen=True):
    signature: bytes


def _bind_key(to: bytes) -> bytes:
    return build_associated_data("earshot parcel key", PARCEL_FORMAT, to)


def _make_records(header: ParcelHeader, raw: bytes, key: bytes) -> EvenRecords:
    even = SoundHeader(header.version, "", header.prefix, header.record)
    return EvenRecords(even, hashlib.sha256(raw).digest(), AESGCM(key))


class ParcelWriter:
    """Seals messages and bytes into a parcel; ``end`` signs it."""

    def __init__(self, path: Path, to: bytes) -> None:
        """path: an empty file that is ours alone (see ``stage_file``). to: whom it is sealed for.

        Raises:
            SealBroken: the receiver's key is none.
        """
        key = generate_key()
        header = ParcelHeader(
            PARCEL_FORMAT, to, seal_for(to, key, _bind_key(to)), secrets.token_bytes(PREFIX_BYTES),
            _RECORD_BYTES,
        )  # fmt: skip
        encoded = msgspec.json.encode(header)
        raw = _MAGIC + len(encoded).to_bytes(4, "big") + encoded
        self._records = _make_records(header, raw, key)
        self._digest, self._counter = hashlib.sha256(raw), 0
        self._file = path.open("r+b")
        self._file.write(raw)
        self._put(SoundRecordKind.FORMAT, b"")

    def write_message(self, message: object) -> None:
        """Seal a message of any length.

        Raises:
            DiskFull, StudyUnwritable: as their texts say.
        """
        raw = msgspec.json.encode(message)
        parts = [raw[at : at + _RECORD_BYTES] for at in range(0, len(raw), _RECORD_BYTES)]
        for part in parts[:-1]:
            self._put(SoundRecordKind.MARK_BEGUN, part)
        self._put(SoundRecordKind.MARK, parts[-1])

    def write_block(self, block: bytes) -> None:
        """Seal a block of a file, of at most ``block_bytes``."""
        self._put(SoundRecordKind.PCM, block)

    @property
    def block_bytes(self) -> int:
        """The bytes that one record has room for."""
        return _RECORD_BYTES

    def end(self, signer: PersonKeys) -> str:
        """Sign and end it; return the SHA-256 of what was signed, hexadecimal."""
        digest = self._digest.digest()
        self.write_message(_Signature(signer.sign(build_associated_data(_SIGNED, digest))))
        self._put(SoundRecordKind.END, b"")
        self._file.flush()
        return digest.hex()

    def close(self) -> None:
        """Close the file as it is."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _put(self, kind: SoundRecordKind, content: bytes) -> None:
        with map_os_errors():
            self._file.write(self._records.seal(kind, self._counter, content))
        self._counter += 1
        _note(self._digest, kind, content)


def _note(digest: hashlib._Hash, kind: SoundRecordKind, content: bytes) -> None:
    digest.update(bytes([kind]) + len(content).to_bytes(4, "big") + content)


class ParcelReader:
    """Reads a parcel record by record, for the study whose key opens it."""

    def __init__(self, path: Path, opener: PersonKeys) -> None:
        """opener: whose ``receiving`` half opens it.

        Raises:
            NotAParcel, ParcelTooNew, ParcelCut, ParcelChanged, ParcelForOther: as their texts say.
        """
        try:
            self._file = open_plain_file(path)
        except OSError as missing:
            is_other = isinstance(missing, NoPlainFileError)
            raise NotAParcel(is_missing=not is_other) from missing
        try:
            with map_os_errors():
                self.header, raw = self._read_header()
                self._size = os.fstat(self._file.fileno()).st_size
            if self.header.to != opener.receiving_public:
                raise ParcelForOther
            try:
                key = opener.unseal(self.header.key, _bind_key(self.header.to))
            except SealBroken as broken:
                raise ParcelChanged from broken
            self._records = _make_records(self.header, raw, key)
            self._raw, self._begin = raw, len(raw)
            self._rewind()
        except BaseException:
            self._file.close()
            raise

    def _read_header(self) -> tuple[ParcelHeader, bytes]:
        file = self._file.fileno()
        lead = read_at(file, _LEAD, 0)
        if not lead or not _MAGIC.startswith(lead[: len(_MAGIC)]):
            raise NotAParcel
        length = int.from_bytes(lead[len(_MAGIC) :], "big")
        raw = read_at(file, min(length, LONGEST_HEADER), _LEAD)
        if len(lead) < _LEAD or (length <= LONGEST_HEADER and len(raw) < length):
            raise ParcelCut
        try:
            found = msgspec.json.decode(raw, type=_Version).version
            if found > PARCEL_FORMAT:
                raise ParcelTooNew(found, PARCEL_FORMAT)
            header = msgspec.json.decode(raw, type=ParcelHeader)
        except ValueError as broken:
            raise ParcelChanged from broken
        if (header.version, header.record) != (PARCEL_FORMAT, _RECORD_BYTES) or len(
            header.prefix
        ) != PREFIX_BYTES:
            raise ParcelChanged
        return header, lead + raw

    def _rewind(self) -> None:
        self._digest = hashlib.sha256(self._raw)
        self._next, self._counter = self._begin, 0
        if self._take().kind is not SoundRecordKind.FORMAT:
            raise ParcelChanged

    @property
    def size(self) -> int:
        """The bytes of the whole file."""
        return self._size

    @property
    def done(self) -> int:
        """The bytes that were read so far."""
        return self._next

    def start_again(self) -> None:
        """Read from the first message on once more."""
        self._rewind()

    def read_message(self, message_type: type[T]) -> T:
        """Return the next message; bytes of files before it are passed over.

        Raises:
            ParcelCut, ParcelChanged: as their texts say, or it is no message of that type.
        """
        raw = b""
        while True:
            place = self._take()
            if place.kind is SoundRecordKind.PCM and not raw:
                continue
            if place.kind not in {SoundRecordKind.MARK, SoundRecordKind.MARK_BEGUN}:
                raise ParcelChanged
            raw += self._content
            if len(raw) > _LONGEST_MESSAGE:
                raise ParcelChanged
            if place.kind is SoundRecordKind.MARK:
                break
        try:
            return msgspec.json.decode(raw, type=message_type)
        except ValueError as broken:
            raise ParcelChanged from broken

    def read_blocks(self, length: int) -> Iterator[bytes]:
        """Yield the bytes of a file of this length, block by block.

        Raises:
            ParcelCut, ParcelChanged: as their texts say, or it is of another length.
        """
        while length > 0:
            place = self._take()
            if place.kind is not SoundRecordKind.PCM or not 0 < place.used <= length:
                raise ParcelChanged
            length -= place.used
            yield self._content

    def require_signed(self, signs: bytes) -> str:
        """Check the signature, which is all that is left; return the SHA-256 of what is signed.

        signs: the public key of the sender.

        Raises:
            ParcelCut, ParcelChanged: as their texts say, or somebody else signed it.
        """
        digest = self._digest.digest()
        made = self.read_message(_Signature)
        signed = build_associated_data(_SIGNED, digest)
        is_last = self._take().kind is SoundRecordKind.END and self._next == self._size
        if not is_last or not is_signature_of(signs, made.signature, signed):
            raise ParcelChanged
        return digest.hex()

    def _take(self) -> RecordPlace:
        """Open the next record, and note what is in it."""
        with map_os_errors():
            found = self._records.find(self._file.fileno(), self._next, self._size, self._counter)
            if found is FileEnding.TRUNCATED:
                raise ParcelCut
            if isinstance(found, FileEnding):
                raise ParcelChanged
            try:
                self._content = self._records.open(self._file.fileno(), found)
            except SealBroken as broken:
                raise ParcelChanged from broken
        _note(self._digest, found.kind, self._content)
        self._next, self._counter = found.end, self._counter + 1
        return found

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
