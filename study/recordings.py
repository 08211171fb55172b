"""The sound of a study's interviews: bringing it in, recording it, reading it, rescuing it.

An import seals into ``audio/.incoming-ID.sealed`` with keys that are nowhere on disk; they, the
interview and its trail line are written in one transaction, and only then does the file get its
name. So an import that is cut off leaves nothing that anybody could read, and one that was
committed is finished at the next start. A recording is entered first and then written in place,
so that whatever was made durable can be rescued.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from study.artefacts import Kind
from study.change import new_id
from study.database import DATABASE, plainly
from study.disk import make_folder, remove, sync_folder, told
from study.errors import StudyDamaged
from study.keys import KeyClass
from study.seal import SealBroken, bind, new_key, seal, unseal
from study.sound import Ending, SoundReader, SoundWriter, is_being_written
from study.store import AUDIO, Study
from study.terms import About, Mark, SoundFormat

RECORDING, CLOSED, CUT = "recording", "closed", "cut"
_INCOMING = ".incoming-"


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


class Sound:
    """All stretches of an interview as one line of time, decrypted in memory as it is read."""

    def __init__(self, readers: list[SoundReader]) -> None:
        self._readers = readers
        self.form = readers[0].form
        self.frames = sum(reader.frames for reader in readers)

    @property
    def duration_s(self) -> float:
        """Seconds of sound over all stretches."""
        return self.frames / self.form.rate

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
        """Return all marks, their times moved to the interview's own clock."""
        found: list[Mark] = []
        offset_s = 0.0
        for reader in self._readers:
            found += [Mark(m.at_s + offset_s, m.kind, m.note) for m in reader.marks()]
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
        self._writer.finish()
        interview, form = self._interview, self._writer.form
        with self._study.change("imported", interview) as change:
            change.add_interview(about, interview)
            change.put(interview, Kind.ORIGIN, origin)
            _enter_stretch(self._study, interview, form.rate, self._key, CLOSED, self.frames)
            change.facts["frames"] = self.frames
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
        self._writer.abandon()
        if not self._kept:
            remove(self._path)


@contextlib.contextmanager
def recording(study: Study, interview: str, form: SoundFormat) -> Generator[SoundWriter]:
    """Open a new stretch for the sound that a microphone gives; every block is durable at once.

    Raises:
        StudyUnwritable, DiskFull: nothing was entered, or the stretch ends where it got to.
    """
    key = new_key()
    with study.change("recording begun", interview):
        number = _enter_stretch(study, interview, form.rate, key, RECORDING, 0)
    make_folder(study.folder / AUDIO / interview)
    writer = SoundWriter(_path(study, interview, number), key, interview, form)
    state = CUT
    try:
        yield writer
        writer.finish()
        state = CLOSED
    except BaseException:
        writer.abandon()
        raise
    finally:
        with study.change("recording ended", interview) as change:
            _leave_stretch(study, interview, number, state, writer.frames)
            change.facts["frames"] = writer.frames


def open_sound(study: Study, interview: str) -> Sound | None:
    """Return the interview's sound, or None where it has none.

    Raises:
        KeyNotHeld: the passphrase in use does not open sound.
        StudyDamaged: a file is missing or not what was written.
    """
    readers: list[SoundReader] = []
    for number, _, _, sealed_key in _stretches(study, interview):
        path = _path(study, interview, number)
        key = _stretch_key(study, interview, number, sealed_key)
        try:
            readers.append(SoundReader(path, key))
        except FileNotFoundError as gone:
            raise StudyDamaged(f"audio/{interview}/{path.name}") from gone
    return Sound([r for r in readers if r.frames] or readers) if readers else None


def rescue(study: Study) -> list[Rescued]:
    """Finish what a crash left: name committed imports, clear others, seal cut recordings."""
    for path in (study.folder / AUDIO).glob(f"{_INCOMING}*.sealed"):
        _settle_incoming(study, path)
    with study.lock, plainly():
        unfinished = study.db.execute(
            "SELECT interview, number, sealed_key FROM stretch WHERE state = ?", [RECORDING]
        ).fetchall()
    found = [_rescue_stretch(study, *row) for row in unfinished]
    return [rescued for rescued in found if rescued is not None]


def check(study: Study, interview: str) -> list[str]:
    """Authenticate every record of an interview's sound; return the names of bad files."""
    bad: list[str] = []
    for number, state, frames, sealed_key in _stretches(study, interview):
        path = _path(study, interview, number)
        if state == RECORDING:
            continue
        try:
            key = _stretch_key(study, interview, number, sealed_key)
            with SoundReader(path, key) as reader:
                wanted = Ending.COMPLETE if state == CLOSED else Ending.TRUNCATED
                whole = reader.check() is wanted and reader.frames == frames
        except (StudyDamaged, FileNotFoundError):
            whole = frames == 0 and state == CUT
        if not whole:
            bad.append(f"audio/{interview}/{path.name}")
    return bad


def _path(study: Study, interview: str, number: int) -> Path:
    return study.folder / AUDIO / interview / f"{number:03}.sealed"


def _stretches(study: Study, interview: str) -> list[tuple[int, str, int, bytes]]:
    with study.lock, plainly():
        return study.db.execute(
            "SELECT number, state, frames, sealed_key FROM stretch"
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


def _give_name(study: Study, interview: str) -> None:
    """Move an import that was committed to where it belongs."""
    incoming = study.folder / AUDIO / f"{_INCOMING}{interview}.sealed"
    make_folder(study.folder / AUDIO / interview)
    with told():
        incoming.rename(_path(study, interview, 1))
        sync_folder(study.folder / AUDIO / interview)
        sync_folder(study.folder / AUDIO)


def _settle_incoming(study: Study, path: Path) -> None:
    if is_being_written(path):
        return
    interview = path.name.removeprefix(_INCOMING).removesuffix(".sealed")
    if _stretches(study, interview):
        _give_name(study, interview)
    else:
        remove(path)


def _rescue_stretch(study: Study, interview: str, number: int, sealed_key: bytes) -> Rescued | None:
    path = _path(study, interview, number)
    if path.exists() and is_being_written(path):
        return None
    frames, rate = 0, 1
    with contextlib.suppress(StudyDamaged, FileNotFoundError):
        key = _stretch_key(study, interview, number, sealed_key)
        with SoundReader(path, key) as reader:
            (frames, end), rate = reader.sound_part(), reader.form.rate
        with told():
            os.truncate(path, end)  # a torn tail says nothing and could hide a changed bit
    with study.change("recording rescued", interview) as change:
        _leave_stretch(study, interview, number, CUT, frames)
        change.facts["frames"] = frames
    return Rescued(interview, frames / rate)
