"""Sealed sound: one append-only file for each uninterrupted stretch of recording.

A file is a header and records (``study.store.sound_records``): the format first, then blocks of PCM
and marks, and at the end an empty one. A key is used for one file only and a file is never reopened
to append, so no nonce repeats. A reader accepts any prefix and says where and why it ends.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

import msgspec

from study.descriptors import open_descriptor, sync_content, sync_descriptor, sync_folder
from study.errors import EarshotError, Stopped, StudyDamaged
from study.events import MISSING_KINDS
from study.plain_files import NoPlainFileError, open_plain_file
from study.records import Mark, SoundFormat
from study.store.disk import PRIVATE_FILE, map_os_errors
from study.store.file_locks import take_lock
from study.store.seal import TAG_BYTES, SealBroken
from study.store.sound_records import (
    PREFIX_BYTES,
    SOUND_FILE_VERSION,
    EvenRecords,
    FileEnding,
    RecordPlace,
    SoundHeader,
    SoundRecordKind,
    choose_records,
    encode_header,
    read_header,
)
from study.tasks import ShouldStop, no_stop

_RECORDS_A_SECOND = 2  # a recorder seals twice a second
_LEAST_RECORD = 100  # bytes; of sound that no microphone makes
_NO_SOUND_YET = 1024  # bytes of a file of version 1; its header and format take a third of it


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
        self.missing: list[Mark] = []  # marks of sound that was lost
        self._sync_each = sync_each
        self._counter = 0
        self._failed: EarshotError | None = None
        self._turn = threading.Lock()  # marks and sound come from two threads
        room = measure_room(sound_format)
        header = SoundHeader(SOUND_FILE_VERSION, owner, secrets.token_bytes(PREFIX_BYTES), room)
        head = encode_header(header)
        records = choose_records(header, head, key)
        assert isinstance(records, EvenRecords)
        self._records = records
        with map_os_errors():
            self._descriptor = create_claimed(path)
        try:
            self._put(head)
            self._append(SoundRecordKind.FORMAT, [msgspec.json.encode(sound_format)])
            sync_folder(path.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink()
            self.abandon()
            raise

    def write(self, pcm: bytes) -> None:
        """Seal whole frames of sound (at most a second at once), half a second in a record.

        Raises:
            DiskFull: nothing of this block was stored, everything before it was. From then on the
                file takes nothing but its end; further sound belongs in a new stretch.
        """
        size = self.form.frame_bytes
        assert len(pcm) % size == 0, "a torn frame"
        if pcm:
            most = self._records.header.record // size * size
            parts = [pcm[at : at + most] for at in range(0, len(pcm), most)]
            self._append(SoundRecordKind.PCM, parts)
            self.frames += len(pcm) // size

    def write_mark(self, mark: Mark) -> None:
        """Store an event at its place in the stream.

        Raises:
            DiskFull: it was not stored; as for ``write``.
        """
        raw, most = msgspec.json.encode(mark), self._records.header.record
        self._append(SoundRecordKind.MARK, [raw[at : at + most] for at in range(0, len(raw), most)])
        if mark.kind in MISSING_KINDS:
            self.missing.append(mark)

    def end(self) -> None:
        """Write the end record and make the file durable, without releasing its lock."""
        self._append(SoundRecordKind.END, [b""])
        with map_os_errors():
            sync_descriptor(self._descriptor)

    def abandon(self) -> None:
        """Close the file as it is, without an end record."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    @property
    def records(self) -> int:
        """How many records the file has, with the format and the end."""
        return self._counter

    def _append(self, kind: SoundRecordKind, parts: list[bytes]) -> None:
        """Seal content of one kind into as many records as it takes, all of them or none."""
        with self._turn:
            if self._failed is not None and kind is not SoundRecordKind.END:
                # Its nonce has sealed another plaintext, whose bytes may still lie on the disk.
                raise self._failed
            kinds = [kind] * len(parts)
            if kind is SoundRecordKind.MARK:
                kinds[:-1] = [SoundRecordKind.MARK_BEGUN] * (len(parts) - 1)
            sealed = [
                self._records.seal(one, self._counter + number, part)
                for number, (one, part) in enumerate(zip(kinds, parts, strict=True))
            ]
            try:
                self._put(b"".join(sealed))
            except EarshotError as failed:
                self._failed = failed
                raise
            self._counter += len(parts)

    def _put(self, raw: bytes) -> None:
        """Append all of ``raw`` or nothing: a full disk leaves the last record whole."""
        before = os.fstat(self._descriptor).st_size
        try:
            with map_os_errors():
                view = memoryview(raw)
                while view:
                    view = view[os.write(self._descriptor, view) :]
                if self._sync_each:
                    sync_content(self._descriptor)
        except BaseException:
            os.ftruncate(self._descriptor, before)
            raise


def measure_room(sound_format: SoundFormat) -> int:
    """Return the bytes that each record of a new file has room for: half a second of sound."""
    frames = -(-sound_format.rate // _RECORDS_A_SECOND)
    return max(_LEAST_RECORD, frames * sound_format.frame_bytes)


def is_without_sound(path: Path) -> bool:
    """Whether a file is too short to hold sound, as one that was just begun; needs no key."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            header, raw = read_header(file.fileno())
    except ValueError:
        return size < _NO_SOUND_YET
    # The format takes the first record; a second one that is whole may be sound.
    return size < (len(raw) + 2 * header.record if header.record else _NO_SOUND_YET)


@dataclass(frozen=True, slots=True)
class SoundPart:
    """The beginning of a sound file, up to ``end`` in bytes: its frames and its records."""

    frames: int
    records: int
    end: int


class _Pcm(NamedTuple):
    """A record of sound, and its frames."""

    place: RecordPlace
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
            header, raw = self._read_header()
            self.owner = header.owner
            self._records = choose_records(header, raw, key)
            self._pcm: list[_Pcm] = []
            self._marks: list[RecordPlace] = []
            self.form = SoundFormat(1, 1)
            self.frames = 0
            self.records = 0
            self._start = self._next = len(raw)
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
        for one in self._pcm_from(first):
            if one.first_frame >= first + frames:
                break
            pcm = self._open(one.place)
            begin = max(0, first - one.first_frame)
            end = min(one.frames, first + frames - one.first_frame)
            parts.append(pcm[begin * size : end * size])
        return b"".join(parts)

    def blocks(self) -> Iterator[bytes]:
        """Yield the sound record by record, as it was written."""
        for one in self._pcm:
            yield self._open(one.place)

    def marks(self) -> list[Mark]:
        """Return what happened during the recording."""
        found: list[Mark] = []
        begun = b""
        for place in self._marks:
            begun += self._open(place)
            if place.kind is SoundRecordKind.MARK:
                found.append(msgspec.json.decode(begun, type=Mark))
                begun = b""
        return found

    def verify_records(self, stop: ShouldStop = no_stop) -> FileEnding:
        """Authenticate every record and say how the file ends.

        Raises:
            Stopped: ``stop`` said so, between two records.
        """
        for place, _ in self._indexed():
            if stop():
                raise Stopped
            if not self._is_authentic(place):
                return FileEnding.TAMPERED
        return self.ending

    def find_authentic_part(self) -> SoundPart:
        """Return what there is up to the last record that is as it was written.

        A power cut can leave a tail of any content behind the last durable record. A bad record
        with good ones behind it is another matter: what was recorded after it is not given up.
        """
        part, passed = SoundPart(0, 1, self._start), 0
        for number, (place, frames) in enumerate(self._indexed(), 2):
            passed += frames
            if self._is_authentic(place):
                part = SoundPart(passed, number, place.end)
        return part

    def is_torn_tail(self, length: int) -> bool:
        """Whether ``length`` bytes at the end can be what a crash left of one block, torn."""
        second = self.form.rate * self.form.frame_bytes
        longest = max((one.place.end - one.place.begin for one in self._pcm), default=0)
        return length <= max(second + TAG_BYTES, (_RECORDS_A_SECOND + 1) * longest)

    def _indexed(self) -> list[tuple[RecordPlace, int]]:
        """Return sound and marks in their order, each with its frames."""
        records = [(one.place, one.frames) for one in self._pcm]
        records += [(place, 0) for place in self._marks]
        return sorted(records, key=lambda record: record[0].counter)

    def _is_authentic(self, place: RecordPlace) -> bool:
        try:
            self._open(place)
        except StudyDamaged:
            return False
        return True

    def _read_header(self) -> tuple[SoundHeader, bytes]:
        try:
            return read_header(self._file.fileno())
        except ValueError as broken:
            raise StudyDamaged(f"audio/{self._name}") from broken

    def _walk(self) -> FileEnding:
        """Index the records from the first unknown one on; decrypt what tells their kinds alone."""
        file = self._file.fileno()
        size = os.fstat(file).st_size
        while True:
            with map_os_errors():
                found = self._records.find(file, self._next, size, self.records)
            if isinstance(found, FileEnding):
                return found
            if (found.kind is SoundRecordKind.FORMAT) != (found.counter == 0):
                return FileEnding.TAMPERED
            if found.kind is SoundRecordKind.END:
                return self._end(found, size)
            self._note(found)
            self._next = found.end
            self.records += 1

    def _note(self, place: RecordPlace) -> None:
        if place.kind is SoundRecordKind.FORMAT:
            self.form = msgspec.json.decode(self._open(place), type=SoundFormat)
            self._start = place.end
        elif place.kind is SoundRecordKind.PCM:
            frames = place.used // self.form.frame_bytes
            self._pcm.append(_Pcm(place, self.frames, frames))
            self.frames += frames
        else:
            self._marks.append(place)

    def _end(self, place: RecordPlace, size: int) -> FileEnding:
        if not self._is_authentic(place):
            return FileEnding.TAMPERED
        self.records += 1
        return FileEnding.COMPLETE if place.end == size else FileEnding.TRAILING

    def _open(self, place: RecordPlace) -> bytes:
        try:
            with map_os_errors():  # a disk can fail, or be pulled out, while somebody listens
                return self._records.open(self._file.fileno(), place)
        except SealBroken as wrong:
            raise StudyDamaged(f"audio/{self._name}") from wrong

    def _pcm_from(self, frame: int) -> Iterator[_Pcm]:
        first = bisect_right(self._pcm, frame, key=lambda one: one.first_frame + one.frames)
        yield from self._pcm[first:]


def create_claimed(path: Path) -> int:
    """Create a file of sound and lock it; return its descriptor, to be closed by the caller.

    Between the two another process may claim the file and remove it as a leftover: then it is
    created again.
    """
    while True:
        descriptor = open_descriptor(
            path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, PRIVATE_FILE
        )
        take_lock(descriptor, waits=True)
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
        # Its writer may have renamed it.
        yield take_lock(file.fileno()) and _is_at(file.fileno(), path)


def is_being_written(path: Path) -> bool:
    """Whether a living process has this file open for writing."""
    with contextlib.suppress(NoPlainFileError), open_plain_file(path) as file:
        return not take_lock(file.fileno(), is_shared=True)
    return False
