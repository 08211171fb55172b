"""Reading the sound of an interview: its stretches on disk as one line of time.

Leans on the sealed rows, for the keys, and on the sealed files under ``audio/``. Nothing here
changes a study: ``study.store.recordings`` brings sound in, records and rescues it.
"""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from study.errors import SoundIncomplete, StudyDamaged
from study.records import Mark, SoundFormat
from study.store.database import DATABASE, map_storage_errors
from study.store.disk import map_os_errors
from study.store.interview_ids import is_interview_id
from study.store.keys import KeyClass
from study.store.own_interviews import require_readable
from study.store.seal import SealBroken, unseal_bytes
from study.store.sealed_rows import ArtefactHandle
from study.store.sound_file import SoundReader, is_being_written
from study.store.sound_records import FileEnding

AUDIO_FOLDER = "audio"
INCOMING_PREFIX = ".incoming-"  # of a file that is being imported, before the id of its interview
ARRIVING_PREFIX = ".arriving-"  # of sound from another study, before the id of its interview
REDACTED_PREFIX = ".redacted-"  # the same of sound from which a speaker was taken out
RECORDING_STATE, CLOSED_STATE, CUT_STATE = "recording", "closed", "cut"


class StretchRow(NamedTuple):
    """What ``study.db`` says of one uninterrupted piece of sound; its key is sealed."""

    number: int
    state: str
    frames: int
    rate: int
    sealed_key: bytes


class ReadableSound(Protocol):
    """Sound with random access: an interview's own, or sound made from it."""

    @property
    def form(self) -> SoundFormat:
        """Its rate and channels."""
        ...

    @property
    def frames(self) -> int:
        """Its length in frames."""
        ...

    def read(self, first: int, frames: int) -> bytes:
        """Return interleaved 16-bit PCM from frame ``first`` on; fewer frames at the end."""
        ...


class InterviewSound:
    """All stretches of an interview as one line of time, decrypted in memory when read."""

    def __init__(self, readers: list[SoundReader]) -> None:
        self._readers = readers
        self.form = next((r for r in readers if r.frames), readers[0]).form

    @property
    def frames(self) -> int:
        """Frames over all stretches."""
        return sum(reader.frames for reader in self._readers)

    def refresh(self) -> None:
        """Read what was recorded since, but no stretch that began since."""
        self._readers[-1].refresh()

    @property
    def duration_s(self) -> float:
        """Seconds of sound over all stretches."""
        return self.frames / self.form.rate

    def stretch_boundaries(self) -> list[float]:
        """Return the times at which a stretch ends and the next begins, in seconds."""
        ends = list(itertools.accumulate(reader.frames for reader in self._readers))
        return [frames / self.form.rate for frames in ends[:-1]]

    def read(self, first: int, frames: int) -> bytes:
        """Return interleaved 16-bit PCM from frame ``first`` on; fewer frames at the end."""
        parts: list[bytes] = []
        for reader in self._readers:
            if frames <= 0:
                break
            if first < reader.frames:
                part = reader.read(first, frames)
                parts.append(part)
                frames -= len(part) // self.form.frame_bytes
            first = max(0, first - reader.frames)
        return b"".join(parts)

    def marks(self) -> list[Mark]:
        """Return all marks as they were written, their times counted from the interview's start."""
        found: list[Mark] = []
        offset_s = 0.0
        for reader in self._readers:
            found += [replace(m, at_s=m.at_s + offset_s) for m in reader.marks()]
            offset_s += reader.duration_s
        return found

    def close(self) -> None:
        """Close the files."""
        for reader in self._readers:
            reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_sound(interview: ArtefactHandle) -> InterviewSound | None:
    """Return the interview's sound, or None where it has none.

    Raises:
        KeyNotHeld: the passphrase in use does not open sound.
        RoleForbids: the role of who is there allows own interviews alone.
        StudyDamaged: a file is missing or not what was written.
    """
    require_readable(interview.rows.db, interview.rows.ring, interview.id)
    with contextlib.ExitStack() as opened:
        readers: list[SoundReader] = []
        for number, _, frames, _, sealed_key in list_stretches(interview):
            stretch = _open_stretch(interview, number, frames, sealed_key)
            reader = opened.enter_context(stretch)
            readers += [reader] if reader is not None else []
        opened.pop_all()
    return InterviewSound(readers) if readers else None


def require_whole(interview: ArtefactHandle) -> None:
    """Refuse an interview that has lost sound since its recording ended or was rescued.

    Compares the length and the end of each file with the study's record of it, without decrypting
    the sound. A stretch that is still being recorded is not compared.

    Raises:
        SoundIncomplete: a file is shorter than what was recorded, lacks its end record, or is
            broken in its middle so that the rest cannot be reached.
        KeyNotHeld: the passphrase in use does not open sound.
        StudyDamaged: a file is missing, or its beginning is not what was written.
    """
    for number, state, frames, _, sealed_key in list_stretches(interview):
        if state == RECORDING_STATE:
            continue
        with _open_stretch(interview, number, frames, sealed_key) as reader:
            if reader is not None and not _is_whole(reader, state, frames):
                raise SoundIncomplete


def is_being_recorded(interview: ArtefactHandle) -> bool:
    """Whether a living process is recording this interview now."""
    for number, state, *_ in list_stretches(interview):
        path = locate_stretch(interview, number)
        with contextlib.suppress(FileNotFoundError):
            if state == RECORDING_STATE and is_being_written(path):
                return True
    return False


def count_stretches(interview: ArtefactHandle) -> int:
    """Return how many stretches of sound the interview has."""
    return len(list_stretches(interview))


def verify_interview_sound(
    interview: ArtefactHandle, witnessed_records: dict[int, int] | None = None
) -> list[str]:
    """Authenticate every record of an interview's sound; return the names of bad files.

    witnessed_records: how many records each finished stretch has, by number, according to the
        audit trail.
    """
    bad: list[str] = []
    expected: set[str] = set()
    for number, state, frames, rate, sealed_key in list_stretches(interview):
        path = locate_stretch(interview, number)
        expected.add(path.name)
        key = open_stretch_key(interview, number, sealed_key)
        if state == RECORDING_STATE:
            continue
        wanted = FileEnding.COMPLETE if state == CLOSED_STATE else FileEnding.TRUNCATED
        records = None if witnessed_records is None else witnessed_records.get(number, -1)
        try:
            with map_os_errors(), SoundReader(path, key) as reader:
                whole = (
                    reader.verify_records() is wanted
                    and (reader.frames, reader.form.rate) == (frames, rate)
                    and records in {None, reader.records}
                )
        except FileNotFoundError:
            whole = frames == 0 and state == CUT_STATE
        except StudyDamaged:
            whole = False
        if not whole:
            bad.append(_name_file(path))
    return bad + _list_unexpected(interview, expected)


def _is_whole(reader: SoundReader, state: str, frames: int) -> bool:
    lacks_end = state == CLOSED_STATE and reader.ending is FileEnding.TRUNCATED
    return reader.frames >= frames and not lacks_end and reader.ending is not FileEnding.TAMPERED


def _open_stretch(
    interview: ArtefactHandle, number: int, frames: int, sealed_key: bytes
) -> contextlib.AbstractContextManager[SoundReader | None]:
    """Open one stretch; None where a crash came before the first byte of it was durable."""
    path = locate_stretch(interview, number)
    key = open_stretch_key(interview, number, sealed_key)
    try:
        with map_os_errors():
            return SoundReader(path, key)
    except FileNotFoundError as gone:
        if frames:
            raise StudyDamaged(_name_file(path)) from gone
        return contextlib.nullcontext()


def list_sound_folders(study: ArtefactHandle) -> list[str]:
    """Return the names of everything under ``audio/``, leftovers of imports included."""
    audio = study.rows.folder / AUDIO_FOLDER
    with map_os_errors():
        return sorted(path.name for path in audio.iterdir()) if audio.is_dir() else []


def is_empty_sound_folder(interview: ArtefactHandle) -> bool:
    """Whether an interview has an empty folder for its sound, as a killed import leaves one."""
    folder = locate_sound_folder(interview)
    with map_os_errors():
        return folder.is_dir() and not any(folder.iterdir())


def _list_unexpected(interview: ArtefactHandle, expected: set[str]) -> list[str]:
    folder = locate_sound_folder(interview)
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    return [_name_file(path) for path in there if path.name not in expected]


def _name_file(path: Path) -> str:
    return f"{AUDIO_FOLDER}/{path.parent.name}/{path.name}"


def locate_sound_folder(interview: ArtefactHandle) -> Path:
    """Return the folder that holds an interview's sound, and nothing else.

    Raises:
        StudyDamaged: its id has not the form of ours, so that it might name another folder.
    """
    if not is_interview_id(interview.id):
        raise StudyDamaged(f"{DATABASE} (the id of an interview)")
    return interview.rows.folder / AUDIO_FOLDER / interview.id


def locate_stretch(interview: ArtefactHandle, number: int) -> Path:
    """Return the sealed file of a stretch, whether it is there or not."""
    return locate_sound_folder(interview) / f"{number:03}.sealed"


def list_stretches(interview: ArtefactHandle) -> list[StretchRow]:
    """Return what the study says of an interview's sound, in the order of recording.

    Raises:
        StudyDamaged: the number of a part is none.
    """
    with interview.rows.lock, map_storage_errors():
        rows = interview.rows.db.execute(
            "SELECT number, state, frames, rate, sealed_key FROM stretch"
            " WHERE interview = ? ORDER BY number",
            [interview.id],
        ).fetchall()
    if not all(isinstance(number, int) for number, *_ in rows):
        raise StudyDamaged(f"{DATABASE} (sound of interview {interview.id})")
    return [StretchRow(*row) for row in rows]


def open_stretch_key(interview: ArtefactHandle, number: int, sealed: bytes) -> bytes:
    """Return the key of a stretch's file.

    Raises:
        KeyNotHeld: the passphrase in use does not open sound.
        StudyDamaged: the sealed key is not what was written.
    """
    key = interview.rows.get_data_key(interview.id, KeyClass.IDENTIFYING)
    try:
        return unseal_bytes(key, sealed, interview.rows.bind_stretch_key(interview.id, number))
    except SealBroken as broken:
        raise StudyDamaged(f"{DATABASE} (sound key of interview {interview.id})") from broken
