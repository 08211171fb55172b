"""A study on disk, the handle of one of its interviews, and changes to it.

A change is one transaction: it writes new versions or appends entries, and adds one line to
the audit trail. Nothing is overwritten. Two processes may have a study open: SQLite's own
locking keeps their changes apart, and a lock that ends with its process says who has it open.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import msgspec

from study.artefact_facts import (
    Facts,
)
from study.artefact_kinds import ArtefactKind
from study.artefacts import InterviewSummary
from study.decisions import DecidedMention
from study.errors import (
    BadName,
    ChangeFlaw,
    DestructionFlaw,
    DestructionRefused,
    DiskFailed,
    DiskFull,
    EarshotError,
    HasWithdrawn,
    InterviewLent,
    RoleForbids,
    StudyChanged,
    StudyDamaged,
    StudyExists,
    StudyInUse,
    StudyUnwritable,
    UnknownInterview,
    WrongPassphrase,
)
from study.participant_codes import is_code
from study.permissions import (
    CHANGES,
    INTERVIEW_BACK,
    LOAN_ENDED,
    PARCEL_TAKEN_IN,
    WHILE_DESTROYED,
    PersonAction,
    is_permitted,
)
from study.person_roles import PersonRole
from study.records import AcceptedChanges, InterviewDetails, Participant
from study.store.artefact_keys import find_key_class
from study.store.core_files import disable_core_files
from study.store.database import (
    DATABASE,
    SUM,
    Share,
    create_database,
    erase_write_ahead,
    is_sum_authentic,
    is_unwritable,
    map_sqlite_errors,
    map_storage_errors,
    note_sum,
    open_database,
)
from study.store.disk import clear_staged_files, make_folder, map_os_errors, remove_file
from study.store.interview_ids import generate_interview_id
from study.store.interview_list import list_interviews
from study.store.interview_sound import AUDIO_FOLDER, InterviewSound, open_sound
from study.store.keys import (
    Argon2Cost,
    KeyClass,
    Keyring,
    Slot,
    generate_recovery_code,
    give_own_keys,
    make_slot,
)
from study.store.label_index import LabelIndex
from study.store.network_share import require_local
from study.store.opening_checks import find_changes, find_missing_rows, find_short_sound
from study.store.own_interviews import list_foreign, require_change
from study.store.person_keys import PersonKeys
from study.store.proven_rulings import ProvenRulings
from study.store.schema import SCHEMA_FORMAT
from study.store.seal import (
    seal_bytes,
)
from study.store.sealed_rows import ArtefactHandle, SealedRows
from study.store.slot_table import (
    OpenedSlot,
    read_slot,
    read_slots,
    tell_new_person,
    tell_slot,
    try_slots,
    unlock_slot,
    write_slot,
)
from study.store.study_setup import (
    Clock,
    format_time,
    read_utc_clock,
    released_on_failure,
    remove_unfinished_study,
    upgrade_study,
    write_first_rows,
)
from study.store.trail import (
    IntegrityFinding,
    TrailFacts,
    TrailHead,
    TrailLine,
    append_trail_line,
    read_trail_head,
    read_trail_lines,
)
from study.store.trail_authors import TrailAuthors
from study.store.trail_witness import MISSING
from study.store.transcripts import read_decisions, read_newest_transcript
from study.store.withdrawals import (
    list_withdrawals,
    require_none_withdrawn,
    require_words_left,
    require_workable,
)
from study.transcript_source import TranscriptSource
from study.travel import ForeignPerson
from study.turn_words import encode_stored_words
from study.typed_text import require_short

HANDED_OVER_FOLDER = "handed-over"
WHOLE_STUDY = "study"  # the owner of artefacts that belong to no interview
_WHILE_LENT = frozenset({INTERVIEW_BACK, LOAN_ENDED, PARCEL_TAKEN_IN})


class Study:
    """An open study. Make one with ``create``, ``open`` or ``open_with_keys``; close it."""

    def __init__(
        self,
        folder: Path,
        db: sqlite3.Connection,
        ring: Keyring,
        presence: Share,
        clock: Clock,
    ) -> None:
        self.folder = folder
        self.ring = ring
        self.clock = clock
        self.db = db
        self._presence = presence
        self._is_sum_dropped = False
        is_forged = not is_sum_authentic(folder, ring)
        self._differed = presence.sum_differs or is_forged
        self._own_changes = 0  # lines of the trail
        disable_core_files()
        with map_storage_errors():
            row = db.execute("SELECT value FROM meta WHERE name = 'id'").fetchone()
        if row is None:
            raise StudyDamaged(DATABASE)
        self.id: str = row[0]
        self.authors = TrailAuthors(db)
        with map_storage_errors():
            right = presence.is_sum_right and not is_forged
            self._flaws = list(find_changes(folder, db, ring, self.authors, is_sum_right=right))
        self.rows = SealedRows(db, ring, self.id, folder)
        self.lock = self.rows.lock
        self.rulings = ProvenRulings(self.rows, self.authors)
        self.whole = ArtefactHandle(self.rows, WHOLE_STUDY)
        self.labels = LabelIndex(db, self._read_label)

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str,
        *,
        cost: Argon2Cost | None = None,
        clock: Clock = read_utc_clock,
    ) -> tuple[Study, str]:
        """Make a study in ``folder``; return it with its recovery code, which is shown only once.

        Raises:
            StudyExists: the folder exists and is not empty.
            StudyOnShare: it lies on a network share.
            WeakPassphrase, StudyUnwritable, DiskFull: nothing was made.
        """
        with map_os_errors():
            is_new = not folder.exists()
            if not is_new and (not folder.is_dir() or any(folder.iterdir())):
                raise StudyExists
        fresh, code, person = Keyring.generate(), generate_recovery_code(), PersonKeys.generate()
        slots = [
            make_slot(fresh, 1, "owner", passphrase, cost, person=person),
            make_slot(fresh, 2, "recovery", code, cost, role=PersonRole.RECOVERY),
        ]
        ring = fresh.copy_for_slot(1).replace_person(person)
        with contextlib.ExitStack() as undo:
            undo.callback(remove_unfinished_study, folder, whole=is_new)
            make_folder(folder)
            require_local(folder)
            make_folder(folder / AUDIO_FOLDER)
            presence = Share(folder)
            undo.callback(presence.leave)
            presence.hold_shared()
            with map_storage_errors():
                db = create_database(folder)
                undo.callback(db.close)
                db.execute("BEGIN IMMEDIATE")
                write_first_rows(db, ring, slots, format_time(clock))
                study = cls(folder, db, ring, presence, clock)
                study.rows.make_data_keys(WHOLE_STUDY)
                db.execute("COMMIT")
            undo.pop_all()
        return study, code

    @classmethod
    def open(
        cls, folder: Path, passphrase: str, *, person: str = "", clock: Clock = read_utc_clock
    ) -> Study:
        """Open the study with a passphrase or the recovery code.

        A study of an older format is migrated to the current one, and a slot of format 2 gets a
        signing key. person: the name of who types it, whose slot is tried first; "" for nobody.

        Raises:
            StudyNotFound, StudyTooNew, StudyDamaged, StudyInUse: as their texts say.
            WrongPassphrase: it opens no slot.
            DiskFull, StudyUnwritable: it is of an older format, and could not be migrated.
        """
        db, presence = open_database(folder)
        with released_on_failure(db, presence):
            with map_storage_errors():
                opened = unlock_slot(db, passphrase, person)
            if opened is None:
                # A flipped bit in a slot looks like a wrong passphrase: tell them apart.
                raise StudyDamaged(DATABASE) if presence.sum_differs else WrongPassphrase
            ring = upgrade_study(folder, db, presence, opened.ring, clock, opened)
            study = cls(folder, db, ring, presence, clock)
            if ring.person is None:  # another slot brought the study up, before this one was opened
                study.give_own_keys(opened)
            return study

    @classmethod
    def open_with_keys(cls, folder: Path, ring: Keyring, *, clock: Clock = read_utc_clock) -> Study:
        """Open the study with the keys that another process of ours opened it with.

        Raises:
            As ``open``, but for ``WrongPassphrase``.
        """
        db, presence = open_database(folder)
        with released_on_failure(db, presence):
            ring = upgrade_study(folder, db, presence, ring, clock)
            return cls(folder, db, ring, presence, clock)

    def close(self) -> None:
        """Close the study; the last process checkpoints the database and notes its sum."""
        with self.lock:
            if self._presence.is_released:
                return
            is_last = self._presence.try_exclusive()
            with contextlib.suppress(sqlite3.Error, EarshotError):
                if is_last:
                    erase_write_ahead(self.db, self.folder)
                else:
                    self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.db.close()
            is_ours = not (self.folder / SUM).exists() and not self._flaws
            if is_last:
                # Of processes that were killed while they closed it, or before an export was noted.
                for folder in (self.folder, self.folder / HANDED_OVER_FOLDER):
                    clear_staged_files(folder)
                if is_ours:
                    with contextlib.suppress(StudyUnwritable, DiskFull, DiskFailed):
                        note_sum(self.folder, self.ring)
            self._presence.leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_read_only(self) -> bool:
        """Whether the study lies where nothing can be written; it can be read and checked."""
        return is_unwritable(self.folder)

    @property
    def change_flaw(self) -> ChangeFlaw | None:
        """What was not as it was when the study was opened, None for nothing, or once accepted."""
        if self._flaws:
            return self._flaws[0]
        return ChangeFlaw.SUM if self.differs_from_sum else None

    @property
    def differs_from_sum(self) -> bool:
        """Whether ``study.db`` did not match its sum, and nobody has accepted that since."""
        return self._differed and (self.folder / SUM).exists()

    @property
    def is_changed(self) -> bool:
        """Whether the study was not as it was last closed, and nobody has accepted that since."""
        return self.change_flaw is not None

    def require_unchanged(self) -> None:
        """Refuse a study that was changed outside Earshot.

        Raises:
            StudyChanged: ``is_changed`` is true.
        """
        if (flaw := self.change_flaw) is not None:
            raise StudyChanged(flaw)

    def accept_changes(self, findings: Sequence[IntegrityFinding], because: str) -> None:
        """Record that a person has looked at a changed study, and goes on with it.

        What is missing is no longer missed; closing the study notes a new sum. findings: what they
        were shown. because: their reason, which is sealed.

        Raises:
            TextTooLong: the reason is longer than a few sentences.
            RoleForbids: the role of who is there does not allow it.
            KeyNotHeld: the passphrase in use opens no transcripts and no sound, so that these were
                not verified.
            What ``change`` raises; the study still counts as changed then.
        """
        self.require_permitted(PersonAction.ACCEPT)
        self.ring.get_key(KeyClass.IDENTIFYING)
        require_short(because)
        told = AcceptedChanges(because, tuple(f"{f.where} {f.what}" for f in findings))
        with self.change("changed study verified") as change:
            for owner, name in set(find_missing_rows(self.db)):
                change.facts[f"{owner}:{name}{MISSING}"] = 1
            for interview, number, size in list(find_short_sound(self.folder, self.db)):
                self.db.execute(
                    "UPDATE stretch SET bytes = ? WHERE interview = ? AND number = ?",
                    [size, interview, number],
                )
            change.write_artefact(ArtefactKind.ACCEPTED, told)
            change.facts["findings"] = len(findings)
        self._differed, self._flaws = False, []
        remove_file(self.folder / SUM)

    def count_missing_sound(self) -> int:
        """Return how many ended stretches lack sound in their file, accepted or not.

        A file that is gone altogether is missed at each opening until it is put back.
        """
        with self.lock, map_storage_errors():
            return sum(1 for _ in find_short_sound(self.folder, self.db))

    def now(self) -> str:
        """Return the time of the study's clock as ISO 8601 in UTC, to the second."""
        return format_time(self.clock)

    @property
    def slot_name(self) -> str:
        """The name of the slot in use, "" where the slot was removed."""
        with self.lock, map_storage_errors():
            row = self.db.execute(
                "SELECT name FROM slot WHERE number = ?", [self.ring.slot]
            ).fetchone()
        return str(row[0]) if row else ""

    @property
    def role(self) -> PersonRole:
        """The role of the person who is there."""
        return self.ring.role

    def require_permitted(self, action: PersonAction) -> None:
        """Refuse what the role of who is there does not allow.

        Raises:
            RoleForbids: it does not.
        """
        if not is_permitted(self.role, action):
            raise RoleForbids(self.role.value, action.value)

    def slot_names(self) -> dict[int, str]:
        """Return the name of each slot by its number, and of people of other studies by theirs."""
        with self.lock, map_storage_errors():
            names = dict(self.db.execute("SELECT number, name FROM slot").fetchall())
        if self.ring.holds(KeyClass.IDENTIFYING):
            kind = tuple[ForeignPerson, ...]
            others = self.whole.read_artefact(ArtefactKind.FOREIGNERS, kind) or ()
            names |= {one.number: one.name for one in others}
        return names

    def summaries(self) -> list[InterviewSummary]:
        """Return a summary of each interview, oldest first.

        Raises:
            StudyDamaged: what is stored about them is not what Earshot wrote.
        """
        with self.lock, map_storage_errors():
            return self._complete(list_interviews(self.db, self._read_every_details))

    def read_summary(self, interview: str) -> InterviewSummary:
        """Return the summary of the interview with this id, without reading those of all others.

        Raises:
            UnknownInterview: there is none.
            StudyDamaged: what is stored about it is not what Earshot wrote.
        """
        with self.lock, map_storage_errors():
            found = list_interviews(self.db, lambda: self._read_one_details(interview), interview)
            if not found:
                raise UnknownInterview
            return self._complete(found)[0]

    def _complete(self, listed: Sequence[InterviewSummary]) -> list[InterviewSummary]:
        """Say of each listed interview whether its ruling counts, and whether it is an own one."""
        others, proven = list_foreign(self.db, self.ring), self.rulings.list_proven(listed)
        return [
            replace(
                one,
                is_ruling_proven=not one.facts.sign_off or one.id in proven,
                is_own=one.id not in others,
            )
            if one.facts.sign_off or others
            else one
            for one in listed
        ]

    def is_own_passphrase(self, passphrase: str) -> bool:
        """Whether this is the passphrase of the slot that the study was opened with."""
        with self.lock, map_storage_errors():
            own = read_slot(self.db, self.ring.slot)
        if own is None or own.is_removed:
            return False
        return try_slots([own], passphrase) is not None

    def count_foreign_changes(self) -> int:
        """Return a number that changes whenever another process changes the study.

        It counts lines of the trail: a process that only reads checkpoints the database when it
        closes, and SQLite's own counter takes that for a change.
        """
        with self.lock, map_storage_errors():
            return read_trail_head(self.db).count - self._own_changes

    def read_trail(self) -> tuple[list[TrailLine], TrailHead]:
        """Return all lines of the audit trail, and its head.

        Raises:
            StudyDamaged: a line cannot be read.
        """
        with self.lock, map_storage_errors():
            return list(read_trail_lines(self.db)), read_trail_head(self.db)

    def find_interview(self, id_or_label: str) -> InterviewSummary:
        """Return the summary of the interview with this id, beginning of an id, or label.

        Raises:
            UnknownInterview: none fits, or several do.
        """
        with self.lock, map_storage_errors():
            labels = {owner: about.label for owner, about in self._read_every_details().items()}
            every = [str(row[0]) for row in self.db.execute("SELECT id FROM interview")]
            fitting = [one for one in every if id_or_label in {one, labels.get(one, one)}] or [
                one for one in every if id_or_label and one.startswith(id_or_label)
            ]
            if len(fitting) != 1:
                raise UnknownInterview
            return self.read_summary(fitting[0])

    def is_label_taken(self, name: str) -> bool:
        """Whether an interview has this label or id.

        Raises:
            StudyDamaged: what is stored about one is not what Earshot wrote.
        """
        with self.lock, map_storage_errors():
            return self.labels.is_taken(name)

    def _name(self, interview: str) -> str:
        """Return an interview's label, or its id where the passphrase in use opens no labels."""
        return self._read_label(interview) or interview

    def _read_label(self, interview: str) -> str:
        details = self._read_details(interview)
        return "" if details is None else details.label

    def _read_every_details(self) -> Mapping[str, InterviewDetails]:
        if not self.ring.holds(KeyClass.IDENTIFYING):
            return {}
        return self.rows.read_newest_of_each(ArtefactKind.ABOUT, InterviewDetails)

    def _read_one_details(self, interview: str) -> Mapping[str, InterviewDetails]:
        details = self._read_details(interview)
        return {} if details is None else {interview: details}

    def _read_details(self, interview: str) -> InterviewDetails | None:
        if not self.ring.holds(KeyClass.IDENTIFYING):
            return None
        return self.rows.read_artefact(interview, ArtefactKind.ABOUT, InterviewDetails)

    def interview(self, id_or_label: str) -> Interview:
        """Return the handle of the interview with this id, beginning of an id, or label.

        Raises:
            UnknownInterview: none fits, or several do.
        """
        with self.lock, map_storage_errors():
            row = self.db.execute("SELECT 1 FROM interview WHERE id = ?", [id_or_label]).fetchone()
        return Interview(self, id_or_label if row else self.find_interview(id_or_label).id)

    @contextlib.contextmanager
    def change(self, action: str, interview: str = "") -> Generator[Change]:
        """Open one transaction that ends with one line in the audit trail.

        Nobody else can write inside it, so everything read there still holds when it is written.
        An exception undoes all of it.

        action: what the line says was done. interview: the id of the one it is about, "" for none.

        Raises:
            RoleForbids: the role of who is there does not allow it.
            DestructionRefused: part of the interview is destroyed, and the rest not sealed anew.
            StudyInUse: another process has been writing for too long.
            DiskFull, StudyUnwritable: as their texts say.
        """
        with self.lock:
            require_change(self.db, self.ring, action, interview)
            frozen = self._list_frozen(action)
            if interview in frozen:
                raise frozen[interview]
            assert not self.db.in_transaction, "a change inside a change"
            with map_storage_errors():
                self._drop_sum()
                self.db.execute("BEGIN IMMEDIATE")
            try:
                change = Change(self, self.now(), interview, frozen)
                with map_sqlite_errors():  # other errors in the block are for the caller to name
                    yield change
                with map_storage_errors():
                    self.append_line(change, action)
                    self.db.execute("COMMIT")
                self._own_changes += 1 + change.further_lines
            except BaseException:
                self._roll_back()
                raise

    def _list_frozen(self, action: str) -> dict[str, EarshotError]:
        """Return the owners that an action may not change, and why.

        A destruction of theirs has begun, or somebody has asked for it because they withdrew.
        """
        if CHANGES.get(action) in WHILE_DESTROYED:
            return {}
        with map_storage_errors():
            trail = self.authors.refresh().destructions
        waiting: dict[str, EarshotError] = {}
        if self.ring.holds(KeyClass.IDENTIFYING):
            for one in list_withdrawals(self.whole):
                told = trail.told.get(one.destruction)
                if told is None or not told.is_refused:
                    waiting |= {owner: HasWithdrawn(one.code) for owner in one.pending}
        if action not in _WHILE_LENT:
            waiting |= {one: InterviewLent(self._name(one)) for one in self.authors.list_lent()}
        refusal = DestructionRefused(DestructionFlaw.BEGUN)
        return waiting | dict.fromkeys(trail.list_begun() - {WHOLE_STUDY}, refusal)

    def append_line(self, change: Change, verb: str) -> None:
        """Append the line of a change to the trail, inside its transaction."""
        append_trail_line(
            self.db,
            self.ring.get_key(KeyClass.COMMON),
            made_at=change.made_at,
            slot=self.ring.slot,
            action=verb,
            interview=change.interview,
            facts=change.facts,
            signer=self.ring.person,
        )

    def _roll_back(self) -> None:
        self.rows.forget()
        self.labels.forget()
        with contextlib.suppress(sqlite3.Error):  # a failing disk fails a second time
            self.db.execute("ROLLBACK")

    def add_slot(
        self, name: str, passphrase: str, classes: tuple[KeyClass, ...], *,
        role: PersonRole = PersonRole.OWNER, cost: Argon2Cost | None = None,
    ) -> int:  # fmt: skip
        """Add a slot that opens some classes of keys for another person; return its number.

        Raises:
            KeyNotHeld: the passphrase in use does not open one of the classes itself.
            WeakPassphrase: the new one is too short.
        """
        for wanted in classes:
            self.ring.get_key(wanted)  # nobody can pass on a key that they do not hold
        with self.change("person added") as change:
            number = read_slots(self.db)[-1].number + 1
            lesser = self.ring.copy_with_classes(classes)
            head = str(read_trail_head(self.db))
            made = make_slot(lesser, number, name, passphrase, cost, role=role, seen=head)
            change.facts |= tell_new_person(made)
            change.write_slots([made])
        return number

    def give_own_keys(self, opened: OpenedSlot) -> None:
        """Give a slot of format 2 that was just opened the keys of a person.

        Raises:
            What ``change`` raises; the slot is as it was then.
        """
        head = str(read_trail_head(self.db))
        made, ring = give_own_keys(opened.slot, self.ring, opened.slot_key, head)
        before, self.ring = self.ring, ring
        try:
            with self.change("signing key made") as change:
                change.write_slots([made])
                change.facts |= tell_new_person(made)
        except BaseException:
            self.ring = before
            raise

    @contextlib.contextmanager
    def held_alone(self) -> Generator[None]:
        """Hold the study alone for the block, because other processes could not go on after it.

        Raises:
            StudyInUse: another process has it open.
        """
        is_alone = self._presence.try_exclusive()
        if not is_alone:
            self._presence.hold_shared()
            raise StudyInUse
        try:
            yield
        finally:
            self._presence.hold_shared()

    def checkpoint(self) -> None:
        """Fold the write-ahead file into the database and erase it; within ``held_alone``."""
        with self.lock:
            erase_write_ahead(self.db, self.folder)

    def compact(self) -> None:
        """Write the database anew, without what was deleted, as ``checkpoint``.

        Takes as much memory as the database has bytes.
        """
        with self.lock:
            # First, so that what it then cuts off the file's end no longer holds what was deleted.
            erase_write_ahead(self.db, self.folder)
            with map_storage_errors():
                self.db.execute("VACUUM")
            erase_write_ahead(self.db, self.folder)

    def use_keys(self, ring: Keyring) -> None:
        """Go on with other keys: those in use were replaced."""
        self.ring = self.rows.ring = ring

    def _drop_sum(self) -> None:
        # A sum that did not match stays until a person has verified the study.
        if not self._is_sum_dropped and not self._differed:
            remove_file(self.folder / SUM)
            self._is_sum_dropped = True


class Interview(ArtefactHandle):
    """One interview of an open study: everything that a stage is given of it.

    Made by ``Study.interview``. It stores nothing that it read, so it never goes out of date.
    """

    def __init__(self, study: Study, interview_id: str) -> None:
        """Make the handle of an interview that may not have been entered yet."""
        super().__init__(study.rows, interview_id)
        self.study = study

    @property
    def details(self) -> InterviewDetails:
        """Its label, participants, channels and register.

        Raises:
            KeyNotHeld: the passphrase in use does not open them.
        """
        return self.read_artefact(ArtefactKind.ABOUT, InterviewDetails) or InterviewDetails(self.id)

    @property
    def label(self) -> str:
        """Its label, or its id where the passphrase in use does not open the label."""
        return self.summary.label

    @property
    def participants(self) -> tuple[Participant, ...]:
        """The participants, interviewers and staff among them.

        Raises:
            KeyNotHeld: the passphrase in use does not open its details.
        """
        return self.details.participants

    @property
    def summary(self) -> InterviewSummary:
        """Its line in the list of interviews, with its state.

        Raises:
            UnknownInterview: it has not been entered.
        """
        return self.study.read_summary(self.id)

    def read_transcript(self) -> TranscriptSource | None:
        """Return the transcript that counts: the corrected one, else the model's newest."""
        return read_newest_transcript(self)

    def require_workable(self) -> None:
        """Refuse to make words of what somebody has taken back.

        Raises:
            HasWithdrawn: they took back what was said, or it is being destroyed.
        """
        require_workable(self.study.whole, self.id, self.details.codes)

    def require_words_left(self) -> None:
        """Refuse to hand over words that somebody has taken back and that are still there.

        Raises:
            HasWithdrawn: they took back what was said, or it is being destroyed.
        """
        require_words_left(self.study.whole, self.id, self.details.codes)

    def open_sound(self) -> InterviewSound | None:
        """Return its sound, to be closed by the caller, or None where it has none.

        Raises:
            KeyNotHeld: the passphrase in use does not open sound.
            StudyDamaged: a file is missing or not what was written.
        """
        return open_sound(self)

    def read_decisions(self) -> list[DecidedMention]:
        """Return each mention of the newest search with the decision about it."""
        return read_decisions(self)

    @contextlib.contextmanager
    def change(self, action: str) -> Generator[Change]:
        """Open a change about this interview: see ``Study.change``."""
        with self.study.change(action, self.id) as change:
            yield change


class Change:
    """One transaction: writes artefacts and entries, and collects the facts of its trail line.

    Everything is written to the interview that the change is about, to the whole study where it is
    about none, or to an explicit ``owner``.

    ``interview`` is the id of the interview that the line is about; a new interview becomes it
    where there was none. A fact about any other owner has its id in front: ``study:pseudonyms.2``.
    """

    def __init__(
        self,
        study: Study,
        made_at: str,
        interview: str = "",
        frozen: Mapping[str, EarshotError] | None = None,
    ) -> None:
        """frozen: the owners that it may not change, and why."""
        self.study, self._frozen = study, frozen or {}
        self.further_lines = 0
        self._rows = study.rows
        self.made_at = made_at
        self.interview = interview
        self.facts: TrailFacts = {}

    @contextlib.contextmanager
    def write_about(self, action: str, interview: str) -> Generator[Change]:
        """Open a part of this transaction with a line of its own, before that of this change.

        action, interview: as for ``Study.change``; the interview may be entered in it.

        Raises:
            RoleForbids: the role of who is there does not allow it.
        """
        require_change(self._rows.db, self.study.ring, action, interview)
        part = Change(self.study, self.made_at, interview, self._frozen)
        yield part
        self.study.append_line(part, action)
        self.further_lines += 1 + part.further_lines

    def add_interview(self, about: InterviewDetails, interview: str | None = None) -> str:
        """Enter an interview, with its own keys, and return its id.

        Raises:
            BadName: its label or a code is not one, or the label is taken.
        """
        check_new_interview(self.study, about)
        interview = interview or generate_interview_id()
        self._rows.db.execute("INSERT INTO interview VALUES (?, ?)", [interview, self.made_at])
        self._rows.make_data_keys(interview)
        self.interview = self.interview or interview
        self.write_artefact(ArtefactKind.ABOUT, about, owner=interview)
        self.study.labels.note(interview, about.label)
        return interview

    def write_artefact(
        self, kind: ArtefactKind, content: object, facts: Facts | None = None, *, owner: str = ""
    ) -> int:
        """Seal a new version of an artefact, its facts in the clear, and return its number."""
        interview = self._find_owner(owner)
        version = self._rows.find_newest_version(interview, kind) + 1
        counts = _encode_facts(facts)
        bound = self._rows.bind_row(
            "artefact", interview, kind, version, 0, self.made_at, counts, SCHEMA_FORMAT
        )
        sealed = self._seal(interview, kind, content, bound)
        self._rows.db.execute(
            "INSERT INTO artefact VALUES (?, ?, ?, ?, ?, ?, ?)",
            [interview, kind, version, self.made_at, counts, sealed, SCHEMA_FORMAT],
        )
        self._note_fact(interview, f"{kind}.{version}", hashlib.sha256(sealed).hexdigest())
        return version

    def append_entry(
        self, kind: ArtefactKind, content: object, facts: Facts | None = None, *, owner: str = ""
    ) -> int:
        """Seal one more entry to the newest version of an artefact; return its number."""
        return self.append_entries(kind, [content], facts, owner=owner)

    def append_entries(
        self,
        kind: ArtefactKind,
        contents: Iterable[object],
        facts: Facts | None = None,
        *,
        owner: str = "",
    ) -> int:
        """Seal entries to the newest version of an artefact; return the number of the last."""
        interview = self._find_owner(owner)
        version = self._rows.find_newest_version(interview, kind)
        number = self._rows.count_entries(interview, kind, version)
        counts = _encode_facts(facts)
        for content in contents:
            number += 1
            bound = self._rows.bind_row(
                "entry", interview, kind, version, number, self.made_at, counts, SCHEMA_FORMAT
            )
            sealed = self._seal(interview, kind, content, bound)
            self._rows.db.execute(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [interview, kind, version, number, self.made_at, counts, sealed, SCHEMA_FORMAT],
            )
            digest = hashlib.sha256(sealed).hexdigest()
            self._note_fact(interview, f"{kind}.{version}.{number}", digest)
        return number

    def write_slots(self, slots: Iterable[Slot]) -> None:
        """Write slots, each in place of the one with its number, told by this change's line."""
        head = read_trail_head(self._rows.db)
        for slot in slots:
            told = replace(slot, line=head.count + 1)
            write_slot(self._rows.db, told)
            self.facts |= tell_slot(told)

    def drop_artefact(self, kind: ArtefactKind, *, owner: str = "") -> None:
        """Remove all versions of a provisional artefact (a transcription under way)."""
        interview = self._find_owner(owner)
        self._rows.cache.clear()
        for table in ("entry", "artefact"):
            self._rows.db.execute(
                f"DELETE FROM {table} WHERE interview = ? AND kind = ?",  # noqa: S608 - two constants
                [interview, kind],
            )
        self._note_fact(interview, f"{kind}.dropped", 1)

    def drop_versions(self, kind: ArtefactKind, *, owner: str, before: int) -> None:
        """Remove the versions of an artefact that are older than one that this change has written.

        The trail then tells of that one alone; call it after ``write_artefact``.
        """
        self._rows.cache.clear()
        for table in ("entry", "artefact"):
            self._rows.db.execute(
                f"DELETE FROM {table} WHERE interview = ? AND kind = ? AND version < ?",  # noqa: S608 - two constants
                [owner, kind, before],
            )
        self._note_fact(owner, f"{kind}.dropped", 1)

    def _find_owner(self, owner: str) -> str:
        found = owner or self.interview or WHOLE_STUDY
        if found in self._frozen:
            raise self._frozen[found]
        return found

    def _note_fact(self, interview: str, name: str, fact: str | int) -> None:
        own = interview == self.interview
        self.facts[name if own else f"{interview}:{name}"] = fact

    def _seal(self, interview: str, kind: ArtefactKind, content: object, bound: bytes) -> bytes:
        key_class = find_key_class(kind)
        self._rows.make_missing_data_key(interview, key_class)
        key = self._rows.get_data_key(interview, key_class)
        return seal_bytes(key, msgspec.json.encode(content, enc_hook=encode_stored_words), bound)


def _encode_facts(facts: Facts | None) -> str:
    return "{}" if facts is None else msgspec.json.encode(facts, order="sorted").decode()


def check_new_interview(study: Study, about: InterviewDetails) -> None:
    """Refuse the details of an interview that ``Change.add_interview`` would refuse.

    Raises:
        BadName: its label or a code is not one, or the label is taken.
        HasWithdrawn: somebody in it has withdrawn from the study.
    """
    codes = [*(p.code for p in about.participants), *about.channels]
    for name, what in [(about.label, "label"), *((code, "participant code") for code in codes)]:
        if not is_code(name):
            raise BadName(what)
    if study.is_label_taken(about.label):
        raise BadName("label: another interview has it already")
    require_none_withdrawn(study.whole, about.codes)
