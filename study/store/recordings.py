"""Bringing sound into a study: imports, recordings, and rescuing what a crash cut off.

An import seals into ``audio/.incoming-ID.sealed`` with keys that are nowhere on disk; they, the
interview and its trail line are written in one transaction, and only then does the file get its
name. So an import that is cut off leaves nothing that anybody could read, and one that was
committed is finished at the next start. A recording is entered first and then written in place,
so that whatever was made durable can be rescued.

Each of these files is locked from its first byte until the study knows what became of it: another
process clears or rescues only a file that nobody holds. Reading is ``study.store.interview_sound``.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from study.artefact_kinds import ArtefactKind
from study.descriptors import sync_folder
from study.errors import (
    DiskFull,
    EarshotError,
    JoinFlaw,
    NotJoined,
    SoundDiffers,
    StudyDamaged,
    StudyInUse,
)
from study.events import MISSING_KINDS
from study.permissions import WORDS_ARE_NOTED
from study.records import InterviewDetails, Mark, MarkKind, SoundFormat
from study.store.arrived_sound import settle_arrived_sound
from study.store.database import map_storage_errors
from study.store.disk import make_folder, map_os_errors, remove_file, reserve_room
from study.store.interview_ids import generate_interview_id
from study.store.interview_sound import (
    AUDIO_FOLDER,
    CLOSED_STATE,
    CUT_STATE,
    INCOMING_PREFIX,
    RECORDING_STATE,
    InterviewSound,
    list_sound_folders,
    list_stretches,
    locate_sound_folder,
    locate_stretch,
    open_stretch_key,
)
from study.store.keys import KeyClass
from study.store.seal import generate_key, seal_bytes
from study.store.sound_file import (
    SoundPart,
    SoundReader,
    SoundWriter,
    claim_file,
    is_without_sound,
    measure_room,
)
from study.store.study import Change, Interview, Study
from study.store.withdrawals import require_none_withdrawn

_SPARE = ".spare-"
_SPARE_BYTES = 64 * 1024  # the end of a stretch takes half of it in the database and its log


@dataclass(frozen=True, slots=True)
class RescuedRecording:
    """A recording that was cut off: the interview's id, and how much of it was kept."""

    interview: str
    kept_s: float


class IncomingSound:
    """An import: sealed sound that is not in the study yet.

    Use it as a context manager: without ``keep`` nothing of it stays.
    """

    def __init__(
        self, study: Study, sound_format: SoundFormat, to: Interview | None = None
    ) -> None:
        """to: the interview that has no sound yet and gets this one, None for a new interview.

        Raises:
            NotJoined, HasWithdrawn: as ``require_takes_sound``.
            StudyInUse: another process is bringing in sound for that interview.
        """
        self._interview = to or Interview(study, generate_interview_id())
        self._is_new = to is None
        make_folder(study.folder / AUDIO_FOLDER)
        self._key = generate_key()
        self._path = _locate_incoming(self._interview)
        if to is not None:
            require_takes_sound(to)
            _clear_leftover(self._path)
        self._writer = SoundWriter(
            self._path, self._key, self._interview.id, sound_format, sync_each=False
        )
        self._kept = self._is_ended = False

    def write(self, pcm: bytes) -> None:
        """Seal whole frames, at most a second of them.

        Raises:
            DiskFull, StudyUnwritable: as their texts say.
        """
        self._writer.write(pcm)

    def write_mark(self, mark: Mark) -> None:
        """Store an event of the imported sound, such as a hole in the file.

        Raises:
            DiskFull, StudyUnwritable: as their texts say.
        """
        self._writer.write_mark(mark)

    @property
    def frames(self) -> int:
        """Frames written so far."""
        return self._writer.frames

    def open_sealed(self) -> InterviewSound:
        """End the import and return its sound to read, to be closed by the caller.

        Raises:
            DiskFull, StudyUnwritable: as their texts say.
        """
        self._end()
        return InterviewSound([SoundReader(self._path, self._key)])

    def keep(
        self,
        about: InterviewDetails,
        origin: dict[str, str | int | float | bool],
        write_more: Callable[[Change], None] | None = None,
    ) -> str:
        """Enter the import, as a new interview where it was begun so, and return the id.

        about: the details of the interview. origin: what the imported file was. write_more: writes
        what belongs to the same change.

        Raises:
            BadName: its label or a code is not one, or the label is taken.
            NotJoined, HasWithdrawn: the interview that was there takes no sound any more.
        """
        self._end()
        interview, rate = self._interview, self._writer.form.rate
        make_folder(locate_sound_folder(interview))  # while a full disk may still refuse
        with interview.change("imported") as change:
            if self._is_new:
                change.add_interview(about, interview.id)
            else:
                require_takes_sound(interview)
                require_none_withdrawn(interview.study.whole, about.codes)
                if about != interview.details:
                    change.write_artefact(ArtefactKind.ABOUT, about)
            change.write_artefact(ArtefactKind.ORIGIN, origin)
            number = _enter_stretch(change, interview, rate, self._key, CLOSED_STATE, self.frames)
            _note_stretch(
                change, number, self._writer.frames, self._writer.records, self._writer.missing
            )
            _note_size(change, interview, number, self._writer.path)
            if write_more is not None:
                write_more(change)
        self._kept = True
        _give_name(interview, number)
        return interview.id

    def _end(self) -> None:
        if not self._is_ended:
            self._writer.end()  # still locked: nobody may take it for a leftover
            self._is_ended = True

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
                locate_sound_folder(self._interview).rmdir()
            remove_file(self._path)
        self._writer.abandon()


def require_takes_sound(interview: Interview) -> None:
    """Refuse to add sound to an interview that has some, or of which somebody has withdrawn.

    Raises:
        UnknownInterview: it is not there any more.
        NotJoined: it has sound.
        HasWithdrawn: somebody in it has withdrawn, however far, or it is being destroyed.
    """
    summary = interview.summary
    if list_stretches(interview):
        raise NotJoined(summary.label, JoinFlaw.HAS_SOUND)
    interview.require_workable()
    require_none_withdrawn(interview.study.whole, interview.details.codes)


@contextlib.contextmanager
def record_stretch(interview: Interview, sound_format: SoundFormat) -> Generator[SoundWriter]:
    """Open a new stretch for the sound of a microphone; every block is durable at once.

    Raises:
        StudyUnwritable, DiskFull: nothing was entered, or the stretch ends where it got to.
        SoundDiffers: the interview has sound of another format.
        UnknownInterview: the interview was never entered.
        HasWithdrawn: somebody in it has withdrawn from the study.
    """
    _check_fits(interview, sound_format)
    require_none_withdrawn(interview.study.whole, interview.details.codes)
    spare = interview.study.folder / AUDIO_FOLDER / f"{_SPARE}{interview.id}"
    reserve_room(spare, _SPARE_BYTES + measure_room(sound_format))
    state = CUT_STATE
    try:
        number, writer = _begin(interview, sound_format)
    except BaseException:
        remove_file(spare)
        raise
    try:
        yield writer
        remove_file(spare)  # its end takes as much room as half a second of sound
        writer.end()
        state = CLOSED_STATE
    finally:
        try:
            remove_file(spare)  # room to enter the end on a disk that the sound has filled
            with interview.change("recording ended") as change:
                _leave_stretch(interview, number, state, writer.frames)
                _note_stretch(change, number, writer.frames, writer.records, writer.missing)
                _note_size(change, interview, number, writer.path)
        finally:
            writer.abandon()


def _check_fits(interview: Interview, form: SoundFormat) -> None:
    """Refuse a format in which the stretches could not be read as one line of time."""
    sound = interview.open_sound()
    if sound is not None:
        with sound:
            if sound.frames and sound.form != form:
                raise SoundDiffers


def _begin(interview: Interview, form: SoundFormat) -> tuple[int, SoundWriter]:
    """Enter a stretch; its file exists and is locked before another process can see it."""
    key = generate_key()
    writer: SoundWriter | None = None
    try:
        with interview.change("recording begun") as change:
            number = _enter_stretch(change, interview, form.rate, key, RECORDING_STATE, 0)
            make_folder(locate_sound_folder(interview))
            writer = SoundWriter(locate_stretch(interview, number), key, interview.id, form)
            _note_stretch(change, number, 0, writer.records)
    except BaseException:
        if writer is not None:
            remove_file(writer.path)
            writer.abandon()
        raise
    return number, writer


def open_sound_for_listener(interview: Interview) -> InterviewSound | None:
    """Return the interview's sound for a person to listen to, with a line in the audit trail.

    Returns None where it has none.

    Raises:
        What ``Interview.open_sound`` and ``Study.change`` raise.
    """
    sound = interview.open_sound()
    if sound is None:
        return None
    try:
        with interview.change("sound opened to hear"):
            pass
    except BaseException:
        sound.close()
        raise
    return sound


def note_words_opened(interview: Interview) -> None:
    """Add a line to the audit trail where the role of who reads what was said asks for it.

    Raises:
        What ``Study.change`` raises.
    """
    if interview.study.role in WORDS_ARE_NOTED:
        with interview.change("words opened to read"):
            pass


def rescue_recordings(study: Study) -> list[RescuedRecording]:
    """Repair what a crash left: finish committed imports, remove others, enter cut recordings.

    Sound that the passphrase in use does not open waits for somebody whose does. A recording that
    cannot be entered now, because of a full disk or another writer, waits for the next start; it
    can be played as it is.
    """
    audio = study.folder / AUDIO_FOLDER
    for path in audio.glob(f"{INCOMING_PREFIX}*.sealed"):
        with claim_file(path) as is_ours:
            if is_ours:
                _settle_incoming(study, path)
    settle_arrived_sound(study)
    for path in audio.glob(f"{_SPARE}*"):
        remove_file(path)  # on a full disk this is the room in which a recording is entered
    _clear_unentered(study)
    if not study.ring.holds(KeyClass.IDENTIFYING):
        return []
    found: list[RescuedRecording] = []
    for interview, number, sealed_key in _unfinished(study):
        with contextlib.suppress(DiskFull, StudyInUse):
            rescued = _rescue_stretch(Interview(study, interview), number, sealed_key)
            found += [rescued] if rescued is not None else []
    return found


def _enter_stretch(
    change: Change, interview: Interview, rate: int, key: bytes, state: str, frames: int
) -> int:
    (last,) = interview.study.db.execute(
        "SELECT ifnull(max(number), 0) FROM stretch WHERE interview = ?", [interview.id]
    ).fetchone()
    number = int(last) + 1
    while locate_stretch(interview, number).exists():
        number += 1  # sound that this copy of study.db knows nothing of is left alone
    own = interview.study.rows.get_data_key(interview.id, KeyClass.IDENTIFYING)
    sealed = seal_bytes(own, key, interview.rows.bind_stretch_key(interview.id, number))
    interview.study.db.execute(
        "INSERT INTO stretch VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        [interview.id, number, change.made_at, state, frames, rate, sealed],
    )
    return number


def _leave_stretch(interview: Interview, number: int, state: str, frames: int) -> None:
    interview.study.db.execute(
        "UPDATE stretch SET state = ?, frames = ? WHERE interview = ? AND number = ?",
        [state, frames, interview.id, number],
    )


def _note_stretch(
    change: Change, number: int, frames: int, records: int, marks: Iterable[Mark] = ()
) -> None:
    """Add the length of a stretch to the trail's facts, and how much sound was lost.

    When and why people paused, and for how long, stands sealed in the file alone: the trail can be
    read without a passphrase.
    """
    change.facts |= {"stretch": number, "frames": frames, "records": records}
    for mark in marks:
        if mark.kind in MISSING_KINDS:
            name = MarkKind(mark.kind).name.lower()
            times, length_s = change.facts.get(name, 0), change.facts.get(f"{name}_s", 0.0)
            change.facts[name] = int(times) + 1
            change.facts[f"{name}_s"] = round(float(length_s) + mark.length_s, 3)


def _note_size(change: Change, interview: Interview, number: int, path: Path) -> None:
    """Note the size of a stretch's file that has ended, so that a cut one is seen at opening."""
    size = 0
    with contextlib.suppress(FileNotFoundError), map_os_errors():
        size = path.stat().st_size
    interview.study.db.execute(
        "UPDATE stretch SET bytes = ? WHERE interview = ? AND number = ?",
        [size, interview.id, number],
    )
    change.facts["bytes"] = size


def _locate_incoming(interview: Interview) -> Path:
    return interview.study.folder / AUDIO_FOLDER / f"{INCOMING_PREFIX}{interview.id}.sealed"


def _clear_leftover(path: Path) -> None:
    """Remove what a killed import for the same interview left.

    Raises:
        StudyInUse: a living process writes it.
    """
    if path.exists():
        with claim_file(path) as is_ours:
            if not is_ours:
                raise StudyInUse
            remove_file(path)


def _give_name(interview: Interview, number: int) -> None:
    """Give a committed import its final name, that of the stretch of this number."""
    folder = locate_sound_folder(interview)
    make_folder(folder)
    with map_os_errors():
        _locate_incoming(interview).rename(locate_stretch(interview, number))
        sync_folder(folder)
        sync_folder(folder.parent)


def _settle_incoming(study: Study, path: Path) -> None:
    interview = Interview(study, path.name.removeprefix(INCOMING_PREFIX).removesuffix(".sealed"))
    rows = list_stretches(interview)
    if rows and not locate_stretch(interview, rows[0].number).exists():
        _give_name(interview, rows[0].number)
    else:
        remove_file(path)


def _clear_unentered(study: Study) -> None:
    """Remove files that a crash left between making and entering them.

    Only what holds no sound is removed: a file that holds some, of which the study knows
    nothing, may belong to a newer copy of ``study.db``.
    """
    with study.lock, map_storage_errors():
        entered = {*study.db.execute("SELECT interview, number FROM stretch")}
    known = {locate_stretch(Interview(study, interview), number) for interview, number in entered}
    for name in list_sound_folders(study.whole):
        folder = study.folder / AUDIO_FOLDER / name
        for path in sorted({*folder.glob("*.sealed")} - known):
            _clear_if_empty(Interview(study, name), path)


def _clear_if_empty(interview: Interview, path: Path) -> None:
    with claim_file(path) as is_ours:
        rows = list_stretches(interview)  # again: it may have been entered meanwhile
        is_entered = any(locate_stretch(interview, row.number) == path for row in rows)
        if is_ours and not is_entered and is_without_sound(path):
            remove_file(path)


def _unfinished(study: Study) -> list[tuple[str, int, bytes]]:
    with study.lock, map_storage_errors():
        return study.db.execute(
            "SELECT interview, number, sealed_key FROM stretch WHERE state = ?", [RECORDING_STATE]
        ).fetchall()


def _rescue_stretch(
    interview: Interview, number: int, sealed_key: bytes
) -> RescuedRecording | None:
    path = locate_stretch(interview, number)
    if not path.exists():
        return _seal_cut(interview, number, None)
    with claim_file(path) as is_ours:
        if not is_ours or (interview.id, number, sealed_key) not in _unfinished(interview.study):
            return None  # somebody records it, or was quicker
        try:
            key = open_stretch_key(interview, number, sealed_key)
        except EarshotError:
            return None  # the sound may be whole: verify names what is wrong with its key
        try:
            reader = SoundReader(path, key)
        except StudyDamaged:
            if is_without_sound(path):
                remove_file(path)  # cut off before its format was durable
            return _seal_cut(interview, number, None)
        with reader:
            part = reader.find_authentic_part()
            marks: list[Mark] = []
            with contextlib.suppress(StudyDamaged):  # verify names it
                marks = reader.marks()
            if reader.is_torn_tail(path.stat().st_size - part.end):
                with map_os_errors():
                    os.truncate(path, part.end)  # it holds no sound, and could hide a changed bit
            return _seal_cut(interview, number, (part, reader.form.rate), marks)


def _seal_cut(
    interview: Interview, number: int, kept: tuple[SoundPart, int] | None,
    marks: Iterable[Mark] = (),
) -> RescuedRecording:  # fmt: skip
    """Enter a cut recording as it is; ``kept`` is None where nothing of it can be read."""
    part, rate = kept or (SoundPart(0, 0, 0), 1)
    with interview.change("recording rescued") as change:
        _leave_stretch(interview, number, CUT_STATE, part.frames)
        _note_stretch(change, number, part.frames, part.records, marks)
        _note_size(change, interview, number, locate_stretch(interview, number))
    return RescuedRecording(interview.id, part.frames / rate)
