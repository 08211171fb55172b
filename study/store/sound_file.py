"""Sealed sound: one append-only file for each uninterrupted stretch of recording.

    header   b"EAR1" | u32 length | JSON {version, owner, prefix}
    record   u32 length | u8 kind | AES-256-GCM(plain)
             nonce = prefix (7) | u32 counter | u8 kind      AAD = sha256(header) | kind
    kinds    0 format (first, JSON)   1 PCM   2 mark (JSON)   3 end (last, empty)

Integers are big-endian. A key is used for one file only and a file is never reopened to
append, so no nonce repeats. A reader accepts any prefix and says where and why it ends.
``docs/format.md`` describes the same for somebody who writes a second reader.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import struct
import threading
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import BinaryIO, Self

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from study.errors import EarshotError, StudyDamaged
from study.events import ASIDE_KINDS, CONSENT_KINDS, MISSING_KINDS
from study.plain_files import NoPlainFileError, open_plain_file
from study.records import Mark, SoundFormat
from study.store.disk import PRIVATE_FILE, map_os_errors, sync_folder
from study.store.seal import TAG_BYTES

SOUND_FILE_MAGIC = b"EAR1"
SOUND_FILE_VERSION = 1
LONGEST_HEADER = 64 * 1024
LONGEST_RECORD = 16 * 1024 * 1024
_RECORD = struct.Struct(">IB")
_PREFIX_BYTES = 7


class SoundRecordKind(IntEnum):
    """What a record holds."""

    FORMAT = 0
    PCM = 1
    MARK = 2
    END = 3


class FileEnding(StrEnum):
    """How a file of sealed sound ends."""

    COMPLETE = "complete"
    TRUNCATED = "truncated"  # the writer died, or the file was cut
    TAMPERED = "tampered"  # a record is not what was written
    TRAILING = "trailing bytes"  # something follows the end


class _Header(msgspec.Struct, frozen=True):
    version: int
    owner: str
    prefix: bytes


def _nonce(prefix: bytes, counter: int, kind: int) -> bytes:
    return prefix + counter.to_bytes(4, "big") + bytes([kind])


class SoundWriter:
    """Seals PCM into a file, record by record.

    sync_each: make every record durable before ``write`` returns (a recording); without it,
    durability comes with ``end`` (an import, whose source is still there).

    The file stays locked until it is closed: see ``claim_file``. Threads may share a writer.
    """

    def __init__(
        self,
        path: Path,
        key: bytes,
        owner: str,
        sound_format: SoundFormat,
        *,
        sync_each: bool = True,
    ) -> None:
        self.path = path
        self.form = sound_format
        self.frames = 0
        self.told: list[Mark] = []  # marks that the trail counts
        self._sync_each = sync_each
        self._prefix = secrets.token_bytes(_PREFIX_BYTES)
        self._cipher = AESGCM(key)
        self._counter = 0
        self._failed: EarshotError | None = None
        self._turn = threading.Lock()  # marks and sound come from two threads
        header = msgspec.json.encode(_Header(SOUND_FILE_VERSION, owner, self._prefix))
        head = SOUND_FILE_MAGIC + len(header).to_bytes(4, "big") + header
        self._bound = hashlib.sha256(head).digest()
        with map_os_errors():
            self._descriptor = _create_claimed(path)
        try:
            self._put(head)
            self._record(SoundRecordKind.FORMAT, msgspec.json.encode(sound_format))
            sync_folder(path.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink()
            self.abandon()
            raise

    def write(self, pcm: bytes) -> None:
        """Seal whole frames of sound (at most 1 s belongs in one record).

        Raises:
            DiskFull: nothing of this block was stored, everything before it was. From then on the
                file takes nothing but its end; further sound belongs in a new stretch.
        """
        assert len(pcm) % self.form.frame_bytes == 0, "a torn frame"
        assert len(pcm) + TAG_BYTES <= LONGEST_RECORD, "a record nobody would read"
        if pcm:
            self._record(SoundRecordKind.PCM, pcm)
            self.frames += len(pcm) // self.form.frame_bytes

    def write_mark(self, mark: Mark) -> None:
        """Store an event at its place in the stream.

        Raises:
            DiskFull: it was not stored; as for ``write``.
        """
        self._record(SoundRecordKind.MARK, msgspec.json.encode(mark))
        if mark.kind in ASIDE_KINDS | MISSING_KINDS | CONSENT_KINDS:
            self.told.append(mark)

    def end(self) -> None:
        """Write the end record and make the file durable, without releasing its lock."""
        self._record(SoundRecordKind.END, b"")
        with map_os_errors():
            os.fsync(self._descriptor)

    def abandon(self) -> None:
        """Close the file as it is, without an end record."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    @property
    def records(self) -> int:
        """How many records the file has, with the format and the end."""
        return self._counter

    def _record(self, kind: SoundRecordKind, plain: bytes) -> None:
        with self._turn:
            if self._failed is not None and kind is not SoundRecordKind.END:
                # Its nonce has sealed another plaintext, whose bytes may still lie on the disk.
                raise self._failed
            bound = self._bound + bytes([kind])
            sealed = self._cipher.encrypt(_nonce(self._prefix, self._counter, kind), plain, bound)
            try:
                self._put(_RECORD.pack(len(sealed), kind) + sealed)
            except EarshotError as failed:
                self._failed = failed
                raise
            self._counter += 1

    def _put(self, raw: bytes) -> None:
        """Append all of ``raw`` or nothing: a full disk leaves the last record whole."""
        before = os.fstat(self._descriptor).st_size
        try:
            with map_os_errors():
                view = memoryview(raw)
                while view:
                    view = view[os.write(self._descriptor, view) :]
                if self._sync_each:
                    os.fdatasync(self._descriptor)
        except BaseException:
            os.ftruncate(self._descriptor, before)
            raise


@dataclass(frozen=True, slots=True)
class SoundPart:
    """The beginning of a sound file, up to ``end`` in bytes: its frames and its records."""

    frames: int
    records: int
    end: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a PCM record lies: file offset of its bytes, its counter, its frames."""

    offset: int
    length: int
    counter: int
    first_frame: int
    frames: int


class SoundReader:
    """Reads a file of sealed sound, whole or cut short.

    Raises:
        StudyDamaged: the header or the format record cannot be read.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._name = f"{path.parent.name}/{path.name}"
        try:
            self._file: BinaryIO = open_plain_file(path)
        except NoPlainFileError as other:
            raise StudyDamaged(f"audio/{self._name}") from other
        try:
            self._cipher = AESGCM(key)
            self.owner, self._prefix, self._bound, self._start = self._read_head()
            self._places: list[_Place] = []
            self._marks: list[tuple[int, int, int]] = []
            self.form = SoundFormat(1, 1)
            self.frames = 0
            self.records = 0
            self._next = self._start
            self.ending = self._walk()
            if not self.records:
                raise StudyDamaged(f"audio/{self._name}")
        except BaseException:
            self._file.close()
            raise

    def refresh(self) -> None:
        """Read the records that were written since, where the file has not ended yet."""
        if self.ending is FileEnding.TRUNCATED:
            self.ending = self._walk()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def duration_s(self) -> float:
        """Seconds of sound in this file."""
        return self.frames / self.form.rate

    def read(self, first: int, frames: int) -> bytes:
        """Return interleaved PCM from frame ``first`` on, fewer frames at the end.

        Raises:
            StudyDamaged: a record on the way is not what was written.
            DiskFailed: the disk was pulled out, or is failing.
        """
        parts: list[bytes] = []
        size = self.form.frame_bytes
        for place in self._places_from(first):
            if place.first_frame >= first + frames:
                break
            pcm = self._open(place.offset, place.length, place.counter, SoundRecordKind.PCM)
            begin = max(0, first - place.first_frame)
            end = min(place.frames, first + frames - place.first_frame)
            parts.append(pcm[begin * size : end * size])
        return b"".join(parts)

    def blocks(self) -> Iterator[bytes]:
        """Yield the sound record by record, as it was written."""
        for place in self._places:
            yield self._open(place.offset, place.length, place.counter, SoundRecordKind.PCM)

    def marks(self) -> list[Mark]:
        """Return what happened during the recording."""
        opened = (self._open(*where, SoundRecordKind.MARK) for where in self._marks)
        return [msgspec.json.decode(plain, type=Mark) for plain in opened]

    def verify_records(self) -> FileEnding:
        """Authenticate every record and say how the file ends."""
        whole = all(self._is_authentic(o, n, c, kind) for c, o, n, _, kind in self._indexed())
        return self.ending if whole else FileEnding.TAMPERED

    def find_authentic_part(self) -> SoundPart:
        """Return what there is up to the last record that is as it was written.

        A power cut can leave a tail of any content behind the last durable record. A bad record
        with good ones behind it is another matter: what was recorded after it is not given up.
        """
        part, passed = SoundPart(0, 1, self._start), 0
        for number, (counter, offset, length, frames, kind) in enumerate(self._indexed(), 2):
            passed += frames
            if self._is_authentic(offset, length, counter, kind):
                part = SoundPart(passed, number, offset + length)
        return part

    def is_torn_tail(self, length: int) -> bool:
        """Whether ``length`` bytes at the end can be one record that a crash left torn."""
        second = self.form.rate * self.form.frame_bytes
        longest = max((place.length for place in self._places), default=0)
        return length <= _RECORD.size + max(second + TAG_BYTES, longest)

    def _indexed(self) -> list[tuple[int, int, int, int, SoundRecordKind]]:
        """Return counter, offset, length, frames and kind of sound and marks, in order."""
        records = [
            (p.counter, p.offset, p.length, p.frames, SoundRecordKind.PCM) for p in self._places
        ]
        return sorted(records + [(c, o, n, 0, SoundRecordKind.MARK) for o, n, c in self._marks])

    def _is_authentic(self, offset: int, length: int, counter: int, kind: SoundRecordKind) -> bool:
        try:
            self._open(offset, length, counter, kind)
        except StudyDamaged:
            return False
        return True

    def _read_head(self) -> tuple[str, bytes, bytes, int]:
        lead = self._read_next(len(SOUND_FILE_MAGIC) + 4)
        length = int.from_bytes(lead[len(SOUND_FILE_MAGIC) :], "big")
        if not lead.startswith(SOUND_FILE_MAGIC) or not 0 < length <= LONGEST_HEADER:
            raise StudyDamaged(f"audio/{self._name}")
        raw = self._read_next(length)
        try:
            header = msgspec.json.decode(raw, type=_Header)
        except ValueError as broken:
            raise StudyDamaged(f"audio/{self._name}") from broken
        if header.version != SOUND_FILE_VERSION or len(header.prefix) != _PREFIX_BYTES:
            raise StudyDamaged(f"audio/{self._name}")
        return header.owner, header.prefix, hashlib.sha256(lead + raw).digest(), len(lead + raw)

    def _walk(self) -> FileEnding:
        """Index the records from the first unknown one on; decrypt the format alone."""
        size = os.fstat(self._file.fileno()).st_size
        while self._next + _RECORD.size <= size:
            self._file.seek(self._next)
            length, kind = _RECORD.unpack(self._read_next(_RECORD.size))
            offset, counter = self._next + _RECORD.size, self.records
            if not TAG_BYTES <= length <= LONGEST_RECORD or kind > max(SoundRecordKind):
                return FileEnding.TAMPERED
            if offset + length > size:
                return FileEnding.TRUNCATED
            if (kind == SoundRecordKind.FORMAT) != (counter == 0):
                return FileEnding.TAMPERED
            if kind == SoundRecordKind.END:
                return self._end(offset, length, counter, size)
            self._note(SoundRecordKind(kind), offset, length, counter)
            self._next = offset + length
            self.records += 1
        return FileEnding.TRUNCATED

    def _note(self, kind: SoundRecordKind, offset: int, length: int, counter: int) -> None:
        if kind is SoundRecordKind.FORMAT:
            plain = self._open(offset, length, counter, kind)
            self.form = msgspec.json.decode(plain, type=SoundFormat)
            self._start = offset + length
        elif kind is SoundRecordKind.PCM:
            frames = (length - TAG_BYTES) // self.form.frame_bytes
            self._places.append(_Place(offset, length, counter, self.frames, frames))
            self.frames += frames
        else:
            self._marks.append((offset, length, counter))

    def _end(self, offset: int, length: int, counter: int, size: int) -> FileEnding:
        try:
            self._open(offset, length, counter, SoundRecordKind.END)
        except StudyDamaged:
            return FileEnding.TAMPERED
        self.records += 1
        return FileEnding.COMPLETE if offset + length == size else FileEnding.TRAILING

    def _open(self, offset: int, length: int, counter: int, kind: SoundRecordKind) -> bytes:
        self._file.seek(offset)
        sealed = self._read_next(length)
        if len(sealed) != length:  # a shorter last record could still decrypt: see docs/format.md
            raise StudyDamaged(f"audio/{self._name}")
        nonce = _nonce(self._prefix, counter, kind)
        try:
            return self._cipher.decrypt(nonce, sealed, self._bound + bytes([kind]))
        except InvalidTag as wrong:
            raise StudyDamaged(f"audio/{self._name}") from wrong

    def _read_next(self, length: int) -> bytes:
        with map_os_errors():  # a disk can fail, or be pulled out, while somebody listens
            return self._file.read(length)

    def _places_from(self, frame: int) -> Iterator[_Place]:
        first = bisect_right(self._places, frame, key=lambda p: p.first_frame + p.frames)
        yield from self._places[first:]


def _create_claimed(path: Path) -> int:
    """Create a file and lock it, and return its descriptor.

    Between the two another process may claim the file and remove it as a leftover: then it is
    created again.
    """
    while True:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, PRIVATE_FILE)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_at(descriptor, path):
            return descriptor
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether an open file still has this path."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def claim_file(path: Path) -> Generator[bool]:
    """Lock a file against writers for the block; yields false where a living process has it.

    What is gone, or no plain file, counts as somebody else's.
    """
    try:
        file = open_plain_file(path)
    except (FileNotFoundError, NoPlainFileError):
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield _is_at(file.fileno(), path)  # its writer may have renamed it


def is_being_written(path: Path) -> bool:
    """Whether a living process has this file open for writing."""
    with contextlib.suppress(NoPlainFileError), open_plain_file(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
