"""Hand-overs under way: noted before anything is written, so that none is left or forgotten.

The plain text of a hand-over lies in a hidden folder until it is whole. A process that is killed
leaves that folder, or files that have their names and no record. So the trail gets its line and
``handing`` its note first, and whoever opens the study next tidies up by the note.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Generator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from study.artefact_facts import HandOverFacts
from study.artefact_kinds import ArtefactKind
from study.errors import EarshotError, StudyInUse
from study.permissions import HAND_OVER_ENDED, HAND_OVER_FOUND
from study.records import UnfinishedHandOver
from study.store.database import map_storage_errors
from study.store.disk import STAGING_PREFIX, PresenceLock
from study.store.keys import KeyClass
from study.store.study import WHOLE_STUDY, Change, Study
from study.store.trail import read_trail_lines

MANIFEST_NAME = "SHA256SUMS"
INSIDE = "inside"  # a fact: 1 where it lies in the study's own folder


class BrokenOffOutcome(StrEnum):
    """What became of a hand-over that was broken off."""

    REMOVED = "what it had written was removed"
    RECORDED = "its files were whole already, so it was recorded as handed over"
    AWAY = "its disk is not here, so what it may have left is still there"
    LEFT = "what it had written cannot be removed now, so it is still there"


@dataclass(frozen=True, slots=True)
class BrokenOffHandOver:
    """A hand-over that was broken off, where its files should have been, and what became of it."""

    place: Path
    outcome: BrokenOffOutcome

    def __str__(self) -> str:
        return f"A hand-over to {self.place} was broken off: {self.outcome}."


class HandOverUnderWay:
    """A hand-over that this process makes."""

    def __init__(self, study: Study, note: UnfinishedHandOver) -> None:
        self._study, self.note = study, note
        self.is_recorded = False

    def announce(self, note: UnfinishedHandOver) -> None:
        """Note what will be recorded, just before the files get their names."""
        if not self._study.is_read_only:
            with self._study.change("hand-over ready") as change:
                _replace_note(change, self.note, note)
        self.note = note

    @contextlib.contextmanager
    def record(self) -> Generator[None]:
        """Record it in the transaction around the block, in which the files get their names."""
        if self._study.is_read_only:
            yield
            return
        first = next(iter(self.note.interviews))
        with self._study.change("handed over", first) as change:
            _record(change, self.note)
            yield
        self.is_recorded = True


@contextlib.contextmanager
def begin_hand_over(study: Study, staging: Path, place: Path) -> Generator[HandOverUnderWay]:
    """Note a hand-over before any of it is written; staging: the folder for it, which is empty.

    Whatever ends the block, nothing is left in ``staging``, and where the hand-over was not
    recorded the trail says that it was broken off. A study that is read-only remembers nothing.

    Raises:
        What ``Study.change`` raises; nothing was noted then.
    """
    note = UnfinishedHandOver(str(staging.absolute()), str(place.absolute()))
    if study.is_read_only:
        yield HandOverUnderWay(study, note)
        return
    lock = PresenceLock(staging)
    with contextlib.suppress(OSError):  # a file system without locks
        lock.try_exclusive()
    try:
        with study.change("hand-over begun") as change:
            _replace_note(change, None, note)
        under_way = HandOverUnderWay(study, note)
        try:
            yield under_way
        finally:
            is_staged = _is_staged(under_way.note)
            shutil.rmtree(staging, ignore_errors=True)
            # Files that have their names already, as when the disk is full now, are recorded later;
            # what could not be removed is still noted.
            is_open = staging.exists() or (not is_staged and _has_its_name(under_way.note))
            if not under_way.is_recorded and not is_open:
                with contextlib.suppress(EarshotError), study.change(HAND_OVER_ENDED) as change:
                    _replace_note(change, under_way.note, None)
    finally:
        lock.release()


def list_unfinished_hand_overs(study: Study) -> tuple[UnfinishedHandOver, ...]:
    """Return the notes of hand-overs that no running process is making."""
    if not study.ring.holds(KeyClass.CLEAN):
        return ()
    return tuple(note for note in _read_notes(study) if not _is_being_made(note))


def settle_hand_overs(study: Study) -> list[BrokenOffHandOver]:
    """Remove or record what killed processes left of their hand-overs; return what was found.

    Raises:
        EarshotError: the study or the folder cannot be written; the notes are still there.
    """
    return [
        BrokenOffHandOver(Path(note.place), _settle(study, note))
        for note in list_unfinished_hand_overs(study)
    ]


def _settle(study: Study, note: UnfinishedHandOver) -> BrokenOffOutcome:
    staging = Path(note.staging)
    if not staging.parent.is_dir():
        return BrokenOffOutcome.AWAY
    is_staged = _is_staged(note)
    if staging.name.startswith(STAGING_PREFIX) and staging.is_dir() and not staging.is_symlink():
        shutil.rmtree(staging, ignore_errors=True)
        if staging.exists():  # something else still writes there, or the folder may not be written
            return BrokenOffOutcome.LEFT
    was_named = not is_staged and _has_its_name(note)
    with study.change(HAND_OVER_FOUND if was_named else HAND_OVER_ENDED) as change:
        if was_named:
            _record(change, note)
        else:
            _replace_note(change, note, None)
    return BrokenOffOutcome.RECORDED if was_named else BrokenOffOutcome.REMOVED


def _record(change: Change, note: UnfinishedHandOver) -> None:
    assert note.hand_over is not None
    for interview, version in note.interviews.items():
        made = replace(note.hand_over, at=change.made_at)
        change.write_artefact(ArtefactKind.HANDED, made, HandOverFacts(version), owner=interview)
    change.facts["files"] = len(note.hand_over.files)
    change.facts["fingerprint"] = note.hand_over.fingerprint
    change.facts[INSIDE] = int(_is_inside(change.study, note))
    _replace_note(change, note, None)


def _is_inside(study: Study, note: UnfinishedHandOver) -> bool:
    """Whether it lies in the study's own folder, where a destruction erases it."""
    return Path(note.place).resolve().is_relative_to(study.folder.resolve())


def list_hand_overs_inside(study: Study) -> frozenset[str]:
    """Return the fingerprints of the hand-overs that were written into the study's own folder.

    Up to 0.5.0 the trail does not say where they were written; of those none is returned.
    """
    with study.lock, map_storage_errors():
        return frozenset(
            str(line.facts.get("fingerprint", ""))
            for line in read_trail_lines(study.db)
            if line.facts.get(INSIDE)
        )


def _replace_note(
    change: Change, old: UnfinishedHandOver | None, new: UnfinishedHandOver | None
) -> None:
    kept = [
        note for note in _read_notes(change.study) if old is None or note.staging != old.staging
    ]
    kept += [] if new is None else [new]
    change.drop_artefact(ArtefactKind.HANDING, owner=WHOLE_STUDY)
    if kept:
        change.write_artefact(ArtefactKind.HANDING, tuple(kept), owner=WHOLE_STUDY)


def _read_notes(study: Study) -> tuple[UnfinishedHandOver, ...]:
    kind = tuple[UnfinishedHandOver, ...]
    return study.whole.read_artefact(ArtefactKind.HANDING, kind) or ()


def _is_being_made(note: UnfinishedHandOver) -> bool:
    """Whether a process holds the folder, which has the name of the target at the end."""
    return is_locked(Path(note.staging)) or is_locked(Path(note.place))


def is_locked(folder: Path) -> bool:
    """Whether a process that makes a hand-over holds this folder."""
    if not folder.is_dir():
        return False
    with contextlib.suppress(OSError, EarshotError):
        lock = PresenceLock(folder)
        try:
            lock.hold_shared()
        except StudyInUse:
            return True
        finally:
            lock.release()
    return False


def _is_staged(note: UnfinishedHandOver) -> bool:
    """Whether its files still wait for their name: those at the target are another hand-over's.

    Two that are made at once of one interview have the same list, to the last byte.
    """
    staging, place = Path(note.staging), Path(note.place)
    if place.is_dir():
        return staging.is_dir()
    with contextlib.suppress(OSError):
        return not (staging / place.name).samefile(place)
    return (staging / place.name).exists()


def _has_its_name(note: UnfinishedHandOver) -> bool:
    return bool(note.sha256) and _hash(Path(note.place)) == note.sha256


def _hash(place: Path) -> str:
    """Return the SHA-256 that a note has: of the list in a folder, or of a zip file."""
    listed = place / MANIFEST_NAME if place.is_dir() else place
    with contextlib.suppress(OSError):
        if listed.is_file():
            with listed.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
    return ""
