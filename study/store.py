"""The study on disk: open it, read artefacts, change it.

A change is one transaction: it writes new versions or appends entries, and adds one line to
the audit trail. Nothing is overwritten. Two processes may have a study open; SQLite's own
locking keeps their changes apart, and a lock that dies with its process tells who is there.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import threading
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar

import msgspec

from study import core_files, facts, format_1, schema, trail
from study.artefacts import Kind, Summary, key_class
from study.change import Change
from study.database import (
    DATABASE,
    LOCK,
    SUM,
    Share,
    answered,
    bring_up,
    enter,
    make,
    note_sum,
    plainly,
    sum_is_ours,
)
from study.disk import make_folder, remove, told
from study.errors import (
    DiskFailed,
    DiskFull,
    StudyChanged,
    StudyDamaged,
    StudyExists,
    StudyUnwritable,
    UnknownInterview,
    WrongPassphrase,
)
from study.keys import (
    Argon2Cost,
    KeyClass,
    Keyring,
    Slot,
    make_slot,
    new_recovery_code,
    open_slot,
    typed,
)
from study.recent import Recent
from study.seal import SealBroken, bind, new_key, seal, unseal
from study.terms import About

T = TypeVar("T")
Clock = Callable[[], datetime]

AUDIO, HANDED_OVER = "audio", "handed-over"
WHOLE_STUDY = "study"  # the pseudo-interview that study-wide artefacts belong to


def utc_now() -> datetime:
    """Return the time of day, the default clock."""
    return datetime.now(UTC)


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
        self.lock = threading.RLock()
        self._presence = presence
        self._data_keys: dict[tuple[str, KeyClass], bytes] = {}
        self._told_dirty = False
        self._differed = presence.sum_differs or not sum_is_ours(folder, ring)
        self._told_here = 0  # lines of the trail
        self.recent = Recent()
        core_files.forbid()
        with plainly():
            found = db.execute("SELECT value FROM meta WHERE name = 'id'").fetchone()
        if found is None:
            raise StudyDamaged(DATABASE)
        self.id: str = found[0]

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str,
        *,
        cost: Argon2Cost | None = None,
        clock: Clock = utc_now,
    ) -> tuple[Study, str]:
        """Make a study in ``folder`` and return it with its recovery code, told only now.

        Raises:
            StudyExists: the folder is there and not empty.
            WeakPassphrase, StudyUnwritable, DiskFull: nothing was made.
        """
        with told():
            is_new = not folder.exists()
            if not is_new and (not folder.is_dir() or any(folder.iterdir())):
                raise StudyExists
        ring, code = Keyring.fresh(), new_recovery_code()
        slots = [
            make_slot(ring, 1, "owner", passphrase, cost),
            make_slot(ring, 2, "recovery", code, cost),
        ]
        with contextlib.ExitStack() as undo:
            undo.callback(_clear, folder, whole=is_new)
            make_folder(folder)
            make_folder(folder / AUDIO)
            presence = Share(folder)
            undo.callback(presence.leave)
            presence.share()
            with plainly():
                db = make(folder)
                undo.callback(db.close)
                db.execute("BEGIN IMMEDIATE")
                _fill(db, ring, slots, _stamp(clock))
                study = cls(folder, db, ring.for_slot(1), presence, clock)
                study.make_data_keys(WHOLE_STUDY)
                db.execute("COMMIT")
            undo.pop_all()
        return study, code

    @classmethod
    def open(cls, folder: Path, passphrase: str, *, clock: Clock = utc_now) -> Study:
        """Open the study with a passphrase or the recovery code.

        A study of an older format is brought up to the current one.

        Raises:
            StudyNotFound, StudyTooNew, StudyDamaged, StudyInUse: as their texts say.
            WrongPassphrase: no slot opens.
            DiskFull, StudyUnwritable: it is of an older format, and could not be brought up.
        """
        db, presence = enter(folder)
        with _given_up(db, presence):
            with plainly():
                ring = _unlock(db, passphrase)
            if ring is None:
                # A flipped bit in a slot looks like a wrong passphrase: tell them apart.
                raise StudyDamaged(DATABASE) if presence.sum_differs else WrongPassphrase
            _bring_up(folder, db, presence, ring, clock)
            return cls(folder, db, ring, presence, clock)

    @classmethod
    def open_with_keys(cls, folder: Path, ring: Keyring, *, clock: Clock = utc_now) -> Study:
        """Open the study with keys from a process of our own that has it open."""
        db, presence = enter(folder)
        with _given_up(db, presence):
            _bring_up(folder, db, presence, ring, clock)
            return cls(folder, db, ring, presence, clock)

    def close(self) -> None:
        """Close; the last to leave folds the write-ahead file in and notes the sum."""
        with self.lock:
            if self._presence.has_left:
                return
            with contextlib.suppress(sqlite3.Error):
                self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.db.close()
            if self._presence.alone() and not (self.folder / SUM).exists():
                with contextlib.suppress(StudyUnwritable, DiskFull, DiskFailed):
                    note_sum(self.folder, self.ring)
            self._presence.leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_changed(self) -> bool:
        """Whether ``study.db`` did not fit its sum, and nobody has verified the study since."""
        return self._differed and (self.folder / SUM).exists()

    def require_unchanged(self) -> None:
        """Refuse where ``is_changed``.

        Raises:
            StudyChanged: as its text says.
        """
        if self.is_changed:
            raise StudyChanged

    def accept_verified(self, findings: int) -> bool:
        """Note that a person has verified a changed study: its sum is made anew when it is closed.

        findings: how many they were shown. Returns false, and does nothing, where the study is not
        changed or the passphrase in use opens no transcripts and no sound, so that they were not
        verified.

        Raises:
            What ``change`` raises; the study counts as changed then as before.
        """
        if not self.is_changed or not self.ring.holds(KeyClass.IDENTIFYING):
            return False
        with self.change("changed study verified") as change:
            change.facts["findings"] = findings
        self._differed = False
        remove(self.folder / SUM)
        return True

    def now(self) -> str:
        """The study's clock as ISO 8601 in UTC, to the second."""
        return _stamp(self.clock)

    @property
    def slot_name(self) -> str:
        """What the slot in use is called; "" where it has been taken away."""
        with self.lock, plainly():
            row = self.db.execute(
                "SELECT name FROM slot WHERE number = ?", [self.ring.slot]
            ).fetchone()
        return str(row[0]) if row else ""

    def slot_names(self) -> dict[int, str]:
        """Return by number whose passphrases open the study: who decided, in the log."""
        with self.lock, plainly():
            return dict(self.db.execute("SELECT number, name FROM slot").fetchall())

    def summaries(self) -> list[Summary]:
        """List the interviews, oldest first."""
        with self.lock, plainly():
            rows = self.db.execute(
                "SELECT id, created_at FROM interview ORDER BY created_at, id"
            ).fetchall()
            stretches = self.db.execute(
                "SELECT interview, total(1.0 * frames / rate), max(state = 'recording')"
                " FROM stretch GROUP BY interview"
            ).fetchall()
            newest = self.db.execute(
                "SELECT interview, kind, max(version), counts, format FROM artefact"
                " GROUP BY interview, kind"
            ).fetchall()
            entries = self.db.execute(
                "SELECT interview, kind, version, counts, format, max(number) FROM entry"
                " GROUP BY interview, kind, version"
            ).fetchall()
        sounds = {interview: (sound_s, bool(live)) for interview, sound_s, live in stretches}
        versions, told = _newest(newest, entries)
        return [
            Summary(
                id=interview,
                created_at=created_at,
                about=self._about(interview),
                sound_s=sounds.get(interview, (0.0, False))[0],
                versions=versions.get(interview, {}),
                is_recording=sounds.get(interview, (0.0, False))[1],
                facts=told.get(interview, facts.Newest()),
            )
            for interview, created_at in rows
        ]

    def admits(self, passphrase: str) -> bool:
        """Whether this is the passphrase of the slot that the study was opened with."""
        with self.lock, plainly():
            rows = self.db.execute(
                "SELECT number, name, cost, salt, sealed FROM slot WHERE number = ?",
                [self.ring.slot],
            ).fetchall()
        return _opened_by(rows, passphrase) is not None

    def pulse(self) -> int:
        """Return a number that is another one after another process changed the study.

        It counts lines of the trail, for a process that only reads folds the write-ahead file in
        as it leaves, and SQLite calls that a change too.
        """
        with self.lock, plainly():
            return trail.head(self.db).count - self._told_here

    def trail(self) -> tuple[list[trail.Line], trail.Head]:
        """Return all lines of the audit trail, and its head.

        Raises:
            StudyDamaged: a line cannot be read.
        """
        with self.lock, plainly():
            return list(trail.lines(self.db)), trail.head(self.db)

    def find(self, wanted: str) -> Summary:
        """Return the interview with this id, unambiguous beginning of an id, or label.

        Raises:
            UnknownInterview: none fits, or several do.
        """
        every = self.summaries()
        fitting = [s for s in every if wanted in {s.id, s.label}] or [
            s for s in every if wanted and s.id.startswith(wanted)
        ]
        if len(fitting) != 1:
            raise UnknownInterview
        return fitting[0]

    def _about(self, interview: str) -> About | None:
        if not self.ring.holds(KeyClass.IDENTIFYING):
            return None
        return self.get(interview, Kind.ABOUT, About)

    def get(self, interview: str, kind: Kind, of: type[T], version: int | None = None) -> T | None:
        """Return an artefact (the newest unless a version is asked for), or None.

        Raises:
            KeyNotHeld: the passphrase in use does not open this kind.
            StudyDamaged: it is not what was written.
        """
        with self.lock, plainly():
            found = self.db.execute(
                "SELECT rowid, version FROM artefact"
                " WHERE interview = ? AND kind = ? AND version = ifnull(?, version)"
                " ORDER BY version DESC LIMIT 1",
                [interview, kind, version],
            ).fetchone()
            if found is None:
                return None
            row, number = found
            self.data_key(interview, key_class(kind))  # whoever may not read it has not read it
            known = self.recent.artefact(interview, kind, number)
            if type(known) is of:
                return known
            created_at, counts, sealed, written = self.db.execute(
                "SELECT created_at, counts, sealed, format FROM artefact WHERE rowid = ?", [row]
            ).fetchone()
            bound = self.bound("artefact", interview, kind, number, 0, created_at, counts, written)
            content = self._opened(interview, kind, sealed, bound, of, written)
            self.recent.keep(interview, kind, number, content)
            return content

    def version(self, interview: str, kind: Kind) -> int:
        """Return the number of the newest version of an artefact, 0 where there is none."""
        with self.lock, plainly():
            (number,) = self.db.execute(
                "SELECT ifnull(max(version), 0) FROM artefact WHERE interview = ? AND kind = ?",
                [interview, kind],
            ).fetchone()
        return int(number)

    def entries(
        self, interview: str, kind: Kind, of: type[T], version: int | None = None
    ) -> list[T]:
        """Return what was appended to an artefact's version (the newest), in order."""
        wanted = self.version(interview, kind) if version is None else version
        with self.lock:
            known = [e for e in self.recent.entries(interview, kind, wanted) if type(e) is of]
            new = self.entries_after(interview, kind, of, wanted, len(known))
            every = [*known, *new]
            if new or not known:
                self.recent.keep_entries(interview, kind, wanted, list[object](every))
            return every

    def entry_count(self, interview: str, kind: Kind, version: int) -> int:
        """Return how many entries were appended to a version."""
        with self.lock, plainly():
            (number,) = self.db.execute(
                "SELECT ifnull(max(number), 0) FROM entry"
                " WHERE interview = ? AND kind = ? AND version = ?",
                [interview, kind, version],
            ).fetchone()
        return int(number)

    def entries_after(
        self, interview: str, kind: Kind, of: type[T], wanted: int, number: int
    ) -> list[T]:
        """Return what was appended to the version ``wanted`` after entry ``number``, in order."""
        with self.lock, plainly():
            rows = self.db.execute(
                "SELECT number, created_at, counts, sealed, format FROM entry"
                " WHERE interview = ? AND kind = ? AND version = ? AND number > ? ORDER BY number",
                [interview, kind, wanted, number],
            ).fetchall()
        return [
            self._opened(
                interview,
                kind,
                sealed,
                self.bound("entry", interview, kind, wanted, number, created_at, counts, written),
                of,
                written,
            )
            for number, created_at, counts, sealed, written in rows
        ]

    @contextlib.contextmanager
    def change(self, verb: str, interview: str = "") -> Generator[Change]:
        """Open one transaction that ends with one line in the audit trail.

        Everything read inside is what will be there when it is written. On an exception
        nothing at all has happened.

        Raises:
            StudyInUse: another process has been writing for too long.
            DiskFull, StudyUnwritable: as their texts say.
        """
        with self.lock:
            assert not self.db.in_transaction, "a change inside a change"
            with plainly():
                self._dirty()
                self.db.execute("BEGIN IMMEDIATE")
            try:
                change = Change(self, self.now(), interview)
                with answered():  # what else goes wrong in the block is the caller's to name
                    yield change
                with plainly():
                    self._tell(change, verb)
                    self.db.execute("COMMIT")
                self._told_here += 1
            except BaseException:
                self._roll_back()
                raise

    def _tell(self, change: Change, verb: str) -> None:
        trail.add(
            self.db,
            self.ring.key(KeyClass.COMMON),
            at=change.at,
            slot=self.ring.slot,
            verb=verb,
            interview=change.interview,
            facts=change.facts,
        )

    def _roll_back(self) -> None:
        self.recent.forget()
        self._data_keys.clear()  # may hold keys of an interview that was not made
        with contextlib.suppress(sqlite3.Error):  # a failing disk says so a second time
            self.db.execute("ROLLBACK")

    def data_key(self, interview: str, wanted: KeyClass) -> bytes:
        """Return an interview's own key of a class.

        Raises:
            KeyNotHeld: the passphrase in use does not open that class.
            StudyDamaged: the wrapped key is not what was written.
        """
        cached = self._data_keys.get((interview, wanted))
        if cached is not None:
            return cached
        class_key = self.ring.key(wanted)
        with self.lock, plainly():
            row = self.db.execute(
                "SELECT sealed FROM data_key WHERE interview = ? AND class = ?", [interview, wanted]
            ).fetchone()
        if row is None:
            raise UnknownInterview
        try:
            key = unseal(class_key, row[0], bind(self.id, "data key", interview, wanted))
        except SealBroken as broken:
            raise StudyDamaged(f"{DATABASE} (a key of interview {interview})") from broken
        self._data_keys[interview, wanted] = key
        return key

    def bound(
        self,
        table: str,
        interview: str,
        kind: Kind,
        version: int,
        number: int,
        created_at: str,
        counts: str,
        written: int,
    ) -> bytes:
        """Return the associated data of a sealed row: all that stands beside it in the clear.

        written: the format of the row; format 1 did not say so beside it.
        """
        told = [] if written == 1 else [written]
        return bind(self.id, table, interview, kind, version, number, created_at, counts, *told)

    def _opened(
        self, interview: str, kind: Kind, sealed: bytes, bound: bytes, of: type[T], written: int
    ) -> T:
        key = self.data_key(interview, key_class(kind))
        try:
            plain = unseal(key, sealed, bound)
            if written == 1:
                return format_1.content(plain, of)
            return msgspec.json.decode(plain, type=of)
        except (SealBroken, ValueError) as broken:  # msgspec's refusals are ValueErrors, too
            raise StudyDamaged(f"{DATABASE} ({kind} of interview {interview})") from broken

    def make_data_keys(self, interview: str) -> None:
        """Give an interview its own keys, inside the caller's transaction."""
        for kind in (KeyClass.IDENTIFYING, KeyClass.KEY, KeyClass.CLEAN):
            key = new_key()
            wrapped = seal(self.ring.key(kind), key, bind(self.id, "data key", interview, kind))
            self.db.execute("INSERT INTO data_key VALUES (?, ?, ?)", [interview, kind, wrapped])
            self._data_keys[interview, kind] = key

    def add_slot(
        self, name: str, passphrase: str, classes: tuple[KeyClass, ...], *,
        cost: Argon2Cost | None = None,
    ) -> int:  # fmt: skip
        """Let another person in, to the classes named; returns the slot's number.

        Raises:
            KeyNotHeld: the passphrase in use does not open one of them itself.
            WeakPassphrase: the new one is too short.
        """
        for wanted in classes:
            self.ring.key(wanted)  # nobody hands on what they do not hold
        with self.change("slot added") as change:
            (last,) = self.db.execute("SELECT max(number) FROM slot").fetchone()
            lesser = self.ring.only(classes)
            _store_slot(self.db, make_slot(lesser, last + 1, name, passphrase, cost))
            change.facts["slot"] = last + 1
        return int(last) + 1

    def _dirty(self) -> None:
        if not self._told_dirty and not self._differed:  # what does not fit stays for all to see
            remove(self.folder / SUM)
            self._told_dirty = True


@contextlib.contextmanager
def _given_up(db: sqlite3.Connection, presence: Share) -> Generator[None]:
    """Let go of a study that could not be opened after all."""
    try:
        yield
    except BaseException:
        db.close()
        presence.leave()
        raise


def _bring_up(
    folder: Path, db: sqlite3.Connection, presence: Share, ring: Keyring, clock: Clock
) -> None:
    """Bring an older study up; whoever may open it holds the key for the line of the trail."""

    def note(found: int) -> None:
        trail.add(
            db,
            ring.key(KeyClass.COMMON),
            at=_stamp(clock),
            slot=ring.slot,
            verb="format brought up",
            facts={"from_format": found, "to_format": schema.FORMAT},
        )

    with plainly():
        bring_up(folder, db, presence, note=note)


def _fill(db: sqlite3.Connection, ring: Keyring, slots: list[Slot], now: str) -> None:
    """Write what every study has from its first moment."""
    schema.create(db)
    db.execute("INSERT INTO meta VALUES ('id', ?)", [secrets.token_hex(16)])
    db.execute("INSERT INTO meta VALUES ('created_at', ?)", [now])
    for slot in slots:
        _store_slot(db, slot)
    common = ring.key(KeyClass.COMMON)
    trail.begin(db, ring.key(KeyClass.KEY), common)
    trail.add(db, common, at=now, slot=slots[0].number, verb="study made")


def _clear(folder: Path, *, whole: bool) -> None:
    """Remove what ``create`` made before it failed, so that the next attempt finds room."""
    with contextlib.suppress(OSError):
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal", LOCK):
            (folder / name).unlink(missing_ok=True)
        (folder / AUDIO).rmdir()
    if whole:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _newest(
    artefacts: list[tuple[str, str, int, str, int]],
    entries: list[tuple[str, str, int, str, int, int]],
) -> tuple[dict[str, dict[Kind, int]], dict[str, facts.Newest]]:
    """Return versions and facts of each interview's newest artefacts and their last entries."""
    versions: dict[str, dict[Kind, int]] = {}
    told: dict[str, dict[Kind, facts.Facts]] = {}
    last: dict[str, dict[Kind, tuple[int, facts.Facts | None]]] = {}
    try:
        for interview, kind, version, plain, written in artefacts:
            versions.setdefault(interview, {})[Kind(kind)] = version
            found = _facts(plain, facts.ARTEFACTS.get(Kind(kind)), written)
            if found is not None:
                told.setdefault(interview, {})[Kind(kind)] = found
        for interview, kind, version, plain, written, number in entries:
            if versions.get(interview, {}).get(Kind(kind)) == version:
                found = _facts(plain, facts.ENTRIES.get(Kind(kind)), written)
                last.setdefault(interview, {})[Kind(kind)] = number, found
    except (ValueError, TypeError) as broken:
        raise StudyDamaged(f"{DATABASE} (the list of interviews)") from broken
    return versions, {
        interview: facts.newest(told.get(interview, {}), last.get(interview, {}))
        for interview in versions
    }


def _facts(plain: str, of: type[facts.Facts] | None, written: int) -> facts.Facts | None:
    """Read what stands beside a row in the clear, None where nothing is told."""
    if of is None or plain == "{}":
        return None
    return format_1.facts(plain, of) if written == 1 else msgspec.json.decode(plain, type=of)


def _stamp(clock: Clock) -> str:
    return clock().astimezone(UTC).isoformat(timespec="seconds")


def _store_slot(db: sqlite3.Connection, slot: Slot) -> None:
    cost = msgspec.json.encode(slot.cost).decode()
    db.execute(
        "INSERT INTO slot VALUES (?, ?, ?, ?, ?)",
        [slot.number, slot.name, cost, slot.salt, slot.sealed],
    )


def _unlock(db: sqlite3.Connection, passphrase: str) -> Keyring | None:
    rows = db.execute("SELECT number, name, cost, salt, sealed FROM slot ORDER BY number")
    return _opened_by(rows.fetchall(), passphrase)


def _opened_by(slots: list[tuple[int, str, str, bytes, bytes]], passphrase: str) -> Keyring | None:
    for attempt in dict.fromkeys((typed(passphrase), passphrase)):
        for number, name, cost, salt, sealed in slots:
            try:
                price = msgspec.json.decode(cost, type=Argon2Cost)
                ring = open_slot(Slot(number, name, price, salt, sealed), attempt)
            except (ValueError, TypeError) as broken:  # parameters that nobody chose
                raise StudyDamaged(f"{DATABASE} (slot {number})") from broken
            if ring is not None:
                return ring
    return None
