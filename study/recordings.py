"""The sound of a study's interviews: bringing it in, recording it, reading it, rescuing it.

An import seals into ``audio/.incoming-ID.sealed`` with keys that are nowhere on disk; they, the
interview and its trail line are written in one transaction, and only then does the file get its
name. So an import that is cut off leaves nothing that anybody could read, and one that was
committed is finished at the next start. A recording is entered first and then written in place,
so that whatever was made durable can be rescued.

Each of these files is locked from its first byte until the study knows what became of it: what
another process may clear or rescue is only what nobody holds.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from study.artefacts import Kind
from study.change import Change, new_id
from study.database import DATABASE, plainly
from study.disk import make_folder, remove, reserve, sync_folder, told
from study.errors import (
    DiskFull,
    EarshotError,
    SoundDiffers,
    SoundIncomplete,
    StudyDamaged,
    StudyInUse,
)
from study.events import ASIDE, MISSING, events
from study.keys import KeyClass
from study.seal import SealBroken, bind, new_key, seal, unseal
from study.sound import Ending, Part, SoundReader, SoundWriter, claimed, is_being_written
from study.store import AUDIO, Study
from study.terms import About, Mark, MarkKind, SoundFormat

RECORDING, CLOSED, CUT = "recording", "closed", "cut"
_INCOMING, _SPARE = ".incoming-", ".spare-"
_SPARE_BYTES = 64 * 1024  # the end of a stretch takes half of it in the database and its log
_NO_SOUND_YET = 1024  # bytes; a header and a format take a third of it


@dataclass(frozen=True, slots=True)
class Stretch:
    """One uninterrupted piece of an interview's sound; times on the interview's own clock."""

    number: int
    state: str
    start_s: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class Rescued:
    """A recording that was cut off, as the next start found it."""

    interview: str
    kept_s: float


class Readable(Protocol):
    """Sound that can be read anywhere: an interview's own, or what was made of it."""

    @property
    def form(self) -> SoundFormat:
        """How it is laid out."""
        ...

    @property
    def frames(self) -> int:
        """How many frames it has."""
        ...

    def read(self, first: int, frames: int) -> bytes:
        """Return interleaved 16-bit PCM from frame ``first`` on; fewer frames at the end."""
        ...


class Sound:
    """All stretches of an interview as one line of time, decrypted in memory as it is read."""

    def __init__(self, readers: list[SoundReader]) -> None:
        self._readers = readers
        self.form = next((r for r in readers if r.frames), readers[0]).form

    @property
    def frames(self) -> int:
        """Frames over all stretches."""
        return sum(reader.frames for reader in self._readers)

    def look_again(self) -> None:
        """Take in what was recorded since; a stretch that began since is not in it."""
        self._readers[-1].look_again()

    @property
    def duration_s(self) -> float:
        """Seconds of sound over all stretches."""
        return self.frames / self.form.rate

    def joints(self) -> list[float]:
        """Return where one stretch ends and the next begins; between them anything happened."""
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
        """Return all marks as they were made, their times moved to the interview's own clock."""
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


class Incoming:
    """Sound on its way in. Leaving the block without ``keep`` leaves nothing behind."""

    def __init__(self, study: Study, form: SoundFormat) -> None:
        self._study = study
        self._interview = new_id()
        make_folder(study.folder / AUDIO)
        self._key = new_key()
        self._path = study.folder / AUDIO / f"{_INCOMING}{self._interview}.sealed"
        self._writer = SoundWriter(self._path, self._key, self._interview, form, sync_each=False)
        self._kept = False

    def write(self, pcm: bytes) -> None:
        """Seal whole frames, at most a second of them."""
        self._writer.write(pcm)

    @property
    def frames(self) -> int:
        """Frames taken in so far."""
        return self._writer.frames

    def keep(self, about: About, origin: dict[str, str | int | float | bool]) -> str:
        """Make the import part of the study and return the interview's id."""
        self._writer.end()  # still claimed: nobody may take it for a leftover
        interview, form = self._interview, self._writer.form
        make_folder(self._study.folder / AUDIO / interview)  # while a full disk may still refuse
        with self._study.change("imported", interview) as change:
            change.add_interview(about, interview)
            change.put(interview, Kind.ORIGIN, origin)
            _enter_stretch(self._study, interview, form.rate, self._key, CLOSED, self.frames)
            _tell(change, 1, self._writer.frames, self._writer.records)
        self._kept = True
        _give_name(self._study, interview)
        return interview

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._kept:
            with contextlib.suppress(OSError):
                (self._study.folder / AUDIO / self._interview).rmdir()
            remove(self._path)
        self._writer.abandon()


@contextlib.contextmanager
def recording(study: Study, interview: str, form: SoundFormat) -> Generator[SoundWriter]:
    """Open a new stretch for the sound that a microphone gives; every block is durable at once.

    Raises:
        StudyUnwritable, DiskFull: nothing was entered, or the stretch ends where it got to.
        SoundDiffers: the interview has sound of another format.
        UnknownInterview: there is none of that id.
    """
    _check_fits(study, interview, form)
    spare = study.folder / AUDIO / f"{_SPARE}{interview}"
    reserve(spare, _SPARE_BYTES)
    state = CUT
    try:
        number, writer = _begin(study, interview, form)
    except BaseException:
        remove(spare)
        raise
    try:
        yield writer
        writer.end()
        state = CLOSED
    finally:
        try:
            remove(spare)  # so that the end can be entered on a disk that the sound has filled
            with study.change("recording ended", interview) as change:
                _leave_stretch(study, interview, number, state, writer.frames)
                _tell(change, number, writer.frames, writer.records, writer.absent)
        finally:
            writer.abandon()


def _check_fits(study: Study, interview: str, form: SoundFormat) -> None:
    """Refuse a format in which the stretches could not be read as one line of time."""
    sound = open_sound(study, interview)
    if sound is not None:
        with sound:
            if sound.frames and sound.form != form:
                raise SoundDiffers


def _begin(study: Study, interview: str, form: SoundFormat) -> tuple[int, SoundWriter]:
    """Enter a stretch whose file is there and claimed when the first other process hears of it."""
    key = new_key()
    writer: SoundWriter | None = None
    try:
        with study.change("recording begun", interview) as change:
            number = _enter_stretch(study, interview, form.rate, key, RECORDING, 0)
            make_folder(study.folder / AUDIO / interview)
            writer = SoundWriter(_path(study, interview, number), key, interview, form)
            _tell(change, number, 0, writer.records)
    except BaseException:
        if writer is not None:
            remove(writer.path)
            writer.abandon()
        raise
    return number, writer


def open_sound(study: Study, interview: str) -> Sound | None:
    """Return the interview's sound, or None where it has none.

    Raises:
        KeyNotHeld: the passphrase in use does not open sound.
        StudyDamaged: a file is missing or not what was written.
    """
    with contextlib.ExitStack() as opened:
        readers: list[SoundReader] = []
        for number, _, frames, _, sealed_key in _stretches(study, interview):
            one = _reader(study, interview, number, frames, sealed_key)
            reader = opened.enter_context(one)
            readers += [reader] if reader is not None else []
        opened.pop_all()
    return Sound(readers) if readers else None


def require_whole(study: Study, interview: str) -> None:
    """Refuse an interview that has lost sound since its recording ended or was rescued.

    Compares the length and the end of each file with the study's record of it, without decrypting
    the sound. A stretch whose recording has not ended yet is passed over.

    Raises:
        SoundIncomplete: a file is shorter than what was recorded, lacks its end record, or is
            broken in its middle so that the rest cannot be reached.
        KeyNotHeld: the passphrase in use does not open sound.
        StudyDamaged: a file is missing, or its beginning is not what was written.
    """
    for number, state, frames, _, sealed_key in _stretches(study, interview):
        if state == RECORDING:
            continue
        with _reader(study, interview, number, frames, sealed_key) as reader:
            if reader is not None and not _is_whole(reader, state, frames):
                raise SoundIncomplete


def _is_whole(reader: SoundReader, state: str, frames: int) -> bool:
    lacks_end = state == CLOSED and reader.ending is Ending.TRUNCATED
    return reader.frames >= frames and not lacks_end and reader.ending is not Ending.TAMPERED


def _reader(
    study: Study, interview: str, number: int, frames: int, sealed_key: bytes
) -> contextlib.AbstractContextManager[SoundReader | None]:
    """Open one stretch; None where a crash came before the first byte of it was durable."""
    path = _path(study, interview, number)
    key = _stretch_key(study, interview, number, sealed_key)
    try:
        with told():
            return SoundReader(path, key)
    except FileNotFoundError as gone:
        if frames:
            raise StudyDamaged(_shown(path)) from gone
        return contextlib.nullcontext()


def open_to_hear(study: Study, interview: str) -> Sound | None:
    """Return the interview's sound for a person to hear; the audit trail notes who did.

    Raises:
        What ``open_sound`` and ``Study.change`` raise.
    """
    sound = open_sound(study, interview)
    if sound is None:
        return None
    try:
        with study.change("sound opened to hear", interview):
            pass
    except BaseException:
        sound.close()
        raise
    return sound


def is_being_recorded(study: Study, interview: str) -> bool:
    """Whether a living process is recording this interview now."""
    for number, state, *_ in _stretches(study, interview):
        path = _path(study, interview, number)
        with contextlib.suppress(FileNotFoundError):
            if state == RECORDING and is_being_written(path):
                return True
    return False


def stretches_entered(study: Study, interview: str) -> int:
    """Return how many stretches of sound the study knows of."""
    return len(_stretches(study, interview))


def rescue(study: Study) -> list[Rescued]:
    """Finish what a crash left: name committed imports, clear others, seal cut recordings.

    Sound that the passphrase in use does not open waits for somebody who can, and what a full
    disk or another writer does not let us enter waits for the next start: it can be heard as
    it is.
    """
    audio = study.folder / AUDIO
    for path in audio.glob(f"{_INCOMING}*.sealed"):
        with claimed(path) as is_ours:
            if is_ours:
                _settle_incoming(study, path)
    for path in audio.glob(f"{_SPARE}*"):
        remove(path)  # after a crash on a full disk it is the room to enter it in
    _clear_unentered(study)
    if not study.ring.holds(KeyClass.IDENTIFYING):
        return []
    found: list[Rescued] = []
    for row in _unfinished(study):
        with contextlib.suppress(DiskFull, StudyInUse):
            rescued = _rescue_stretch(study, *row)
            found += [rescued] if rescued is not None else []
    return found


def check(study: Study, interview: str, told_of: dict[int, int] | None = None) -> list[str]:
    """Authenticate every record of an interview's sound; return the names of bad files.

    told_of: how many records the trail says each finished stretch has.
    """
    bad: list[str] = []
    expected: set[str] = set()
    for number, state, frames, rate, sealed_key in _stretches(study, interview):
        path = _path(study, interview, number)
        expected.add(path.name)
        key = _stretch_key(study, interview, number, sealed_key)
        if state == RECORDING:
            continue
        wanted = Ending.COMPLETE if state == CLOSED else Ending.TRUNCATED
        records = None if told_of is None else told_of.get(number, -1)
        try:
            with told(), SoundReader(path, key) as reader:
                whole = (
                    reader.check() is wanted
                    and (reader.frames, reader.form.rate) == (frames, rate)
                    and records in {None, reader.records}
                )
        except FileNotFoundError:
            whole = frames == 0 and state == CUT
        except StudyDamaged:
            whole = False
        if not whole:
            bad.append(_shown(path))
    return bad + _unexpected(study, interview, expected)


def folders(study: Study) -> list[str]:
    """Return the names of what lies under ``audio/``."""
    audio = study.folder / AUDIO
    with told():
        return sorted(path.name for path in audio.iterdir()) if audio.is_dir() else []


def is_empty(study: Study, name: str) -> bool:
    """Whether that is a folder with nothing in it, as an import that was killed leaves."""
    folder = study.folder / AUDIO / name
    with told():
        return folder.is_dir() and not any(folder.iterdir())


def _unexpected(study: Study, interview: str, expected: set[str]) -> list[str]:
    folder = study.folder / AUDIO / interview
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    return [_shown(path) for path in there if path.name not in expected]


def _shown(path: Path) -> str:
    return f"{AUDIO}/{path.parent.name}/{path.name}"


def _path(study: Study, interview: str, number: int) -> Path:
    return study.folder / AUDIO / interview / f"{number:03}.sealed"


def _stretches(study: Study, interview: str) -> list[tuple[int, str, int, int, bytes]]:
    with study.lock, plainly():
        return study.db.execute(
            "SELECT number, state, frames, rate, sealed_key FROM stretch"
            " WHERE interview = ? ORDER BY number",
            [interview],
        ).fetchall()


def _bound(study: Study, interview: str, number: int) -> bytes:
    return bind(study.id, "stretch", interview, number)


def _stretch_key(study: Study, interview: str, number: int, sealed: bytes) -> bytes:
    key = study.data_key(interview, KeyClass.IDENTIFYING)
    try:
        return unseal(key, sealed, _bound(study, interview, number))
    except SealBroken as broken:
        raise StudyDamaged(f"{DATABASE} (sound key of interview {interview})") from broken


def _enter_stretch(
    study: Study, interview: str, rate: int, key: bytes, state: str, frames: int
) -> int:
    (last,) = study.db.execute(
        "SELECT ifnull(max(number), 0) FROM stretch WHERE interview = ?", [interview]
    ).fetchone()
    number = int(last) + 1
    while _path(study, interview, number).exists():
        number += 1  # sound that this copy of study.db knows nothing of is left alone
    own = study.data_key(interview, KeyClass.IDENTIFYING)
    sealed = seal(own, key, _bound(study, interview, number))
    study.db.execute(
        "INSERT INTO stretch VALUES (?, ?, ?, ?, ?, ?, ?)",
        [interview, number, study.now(), state, frames, rate, sealed],
    )
    return number


def _leave_stretch(study: Study, interview: str, number: int, state: str, frames: int) -> None:
    study.db.execute(
        "UPDATE stretch SET state = ?, frames = ? WHERE interview = ? AND number = ?",
        [state, frames, interview, number],
    )


def _tell(
    change: Change, number: int, frames: int, records: int, marks: Iterable[Mark] = ()
) -> None:
    """Let the trail witness what a stretch is, and how much was not recorded and why."""
    change.facts |= {"stretch": number, "frames": frames, "records": records}
    for mark in events(marks):
        if mark.kind in ASIDE | MISSING:
            name = MarkKind(mark.kind).name.lower()
            times, length_s = change.facts.get(name, 0), change.facts.get(f"{name}_s", 0.0)
            change.facts[name] = int(times) + 1
            change.facts[f"{name}_s"] = round(float(length_s) + mark.length_s, 3)


def _give_name(study: Study, interview: str) -> None:
    """Move an import that was committed to where it belongs."""
    incoming = study.folder / AUDIO / f"{_INCOMING}{interview}.sealed"
    make_folder(study.folder / AUDIO / interview)
    with told():
        incoming.rename(_path(study, interview, 1))
        sync_folder(study.folder / AUDIO / interview)
        sync_folder(study.folder / AUDIO)


def _settle_incoming(study: Study, path: Path) -> None:
    interview = path.name.removeprefix(_INCOMING).removesuffix(".sealed")
    if _stretches(study, interview):
        _give_name(study, interview)
    else:
        remove(path)


def _clear_unentered(study: Study) -> None:
    """Remove files that a crash left between making and entering them.

    Only what holds no sound is removed: a file that holds some, of which the study knows
    nothing, may belong to a newer copy of ``study.db``.
    """
    with study.lock, plainly():
        entered = {*study.db.execute("SELECT interview, number FROM stretch")}
    known = {_path(study, interview, number) for interview, number in entered}
    for name in folders(study):
        folder = study.folder / AUDIO / name
        for path in sorted({*folder.glob("*.sealed")} - known):
            _clear_if_empty(study, path)


def _clear_if_empty(study: Study, path: Path) -> None:
    with claimed(path) as is_ours:
        rows = _stretches(study, path.parent.name)  # again: it may have been entered meanwhile
        is_entered = any(_path(study, path.parent.name, row[0]) == path for row in rows)
        if is_ours and not is_entered and path.stat().st_size < _NO_SOUND_YET:
            remove(path)


def _unfinished(study: Study) -> list[tuple[str, int, bytes]]:
    with study.lock, plainly():
        return study.db.execute(
            "SELECT interview, number, sealed_key FROM stretch WHERE state = ?", [RECORDING]
        ).fetchall()


def _rescue_stretch(study: Study, interview: str, number: int, sealed_key: bytes) -> Rescued | None:
    path = _path(study, interview, number)
    if not path.exists():
        return _seal_cut(study, interview, number, None)
    with claimed(path) as is_ours:
        if not is_ours or (interview, number, sealed_key) not in _unfinished(study):
            return None  # somebody records it, or was quicker
        try:
            key = _stretch_key(study, interview, number, sealed_key)
        except EarshotError:
            return None  # the sound may be whole: verify names what is wrong with its key
        try:
            reader = SoundReader(path, key)
        except StudyDamaged:
            if path.stat().st_size < _NO_SOUND_YET:
                remove(path)  # cut off before its format was durable
            return _seal_cut(study, interview, number, None)
        with reader:
            part = reader.authentic_part()
            marks: list[Mark] = []
            with contextlib.suppress(StudyDamaged):  # verify names it
                marks = reader.marks()
            if reader.is_torn_tail(path.stat().st_size - part.end):
                with told():
                    os.truncate(path, part.end)  # it says nothing and could hide a changed bit
            return _seal_cut(study, interview, number, (part, reader.form.rate), marks)


def _seal_cut(
    study: Study, interview: str, number: int, kept: tuple[Part, int] | None,
    marks: Iterable[Mark] = (),
) -> Rescued:  # fmt: skip
    """Enter how far a recording got; ``kept`` is None where nothing of it can be read."""
    part, rate = kept or (Part(0, 0, 0), 1)
    with study.change("recording rescued", interview) as change:
        _leave_stretch(study, interview, number, CUT, part.frames)
        _tell(change, number, part.frames, part.records, marks)
    return Rescued(interview, part.frames / rate)
