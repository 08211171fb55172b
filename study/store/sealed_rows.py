"""Reading the sealed rows of ``study.db``: an artefact or entry each, under its interview's keys.

Everything that says something about a person lies in such a row. The columns in the clear beside
it are bound into its seal. Nothing is overwritten: a new version is a new row.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from study.artefact_kinds import ArtefactKind
from study.errors import (
    DataDestroyed,
    StudyDamaged,
    UnknownInterview,
)
from study.store.artefact_cache import ArtefactCache
from study.store.artefact_keys import find_key_class
from study.store.database import (
    DATABASE,
    map_storage_errors,
)
from study.store.format_1 import read_format_1_content
from study.store.keys import (
    READING_CLASSES,
    KeyClass,
    Keyring,
)
from study.store.own_interviews import require_readable
from study.store.seal import (
    SealBroken,
    build_associated_data,
    generate_key,
    seal_bytes,
    unseal_bytes,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RowContent:
    """A row as it lies and as it is inside its seal: SHA-256 of the sealed bytes, and the JSON."""

    sealed_sha256: str
    plain: bytes


class SealedRows:
    """Reads the rows of an open study, and holds the keys that open them."""

    def __init__(self, db: sqlite3.Connection, ring: Keyring, study_id: str, folder: Path) -> None:
        """Read ``db`` of the study that lies in ``folder`` with the keys of ``ring``."""
        self.folder = folder
        self.db = db
        self.ring = ring
        self.study_id = study_id
        self.lock = threading.RLock()
        self.cache = ArtefactCache()
        self._data_keys: dict[tuple[str, KeyClass], bytes] = {}
        self._entered_by: dict[str, int] = {}

    def forget(self) -> None:
        """Forget all rows and keys: a change that made some of them was rolled back."""
        self.cache.clear()
        self._data_keys.clear()
        self._entered_by.clear()

    def read_artefact(
        self, interview: str, kind: ArtefactKind, content_type: type[T], version: int | None = None
    ) -> T | None:
        """Return an artefact (the newest unless a version is asked for), or None.

        Raises:
            KeyNotHeld: the passphrase in use does not open this kind.
            StudyDamaged: it is not what was written.
        """
        with self.lock, map_storage_errors():
            found = self.db.execute(
                "SELECT rowid, version, length(sealed) FROM artefact"
                " WHERE interview = ? AND kind = ? AND version = ifnull(?, version)"
                " ORDER BY version DESC LIMIT 1",
                [interview, kind, version],
            ).fetchone()
            if found is None:
                return None
            row, number, size = found
            if not size:
                raise DataDestroyed
            self.get_data_key(interview, find_key_class(kind))  # a cached one needs its key, too
            known = self.cache.get_artefact(interview, kind, number)
            if type(known) is content_type:
                return known
            created_at, counts, sealed, written = self.db.execute(
                "SELECT created_at, counts, sealed, format FROM artefact WHERE rowid = ?", [row]
            ).fetchone()
            bound = self.bind_row(
                "artefact", interview, kind, number, 0, created_at, counts, written
            )
            content = self._open(interview, kind, sealed, bound, content_type, written)
            self.cache.put_artefact(interview, kind, number, content)
            return content

    def read_newest_of_each(self, kind: ArtefactKind, content_type: type[T]) -> dict[str, T]:
        """Return the newest version of an artefact of each owner that has one, by the owner's id.

        For short artefacts: all of them are in memory at once.

        Raises:
            As ``read_artefact``.
        """
        return {owner: content for owner, _, _, content in self._iterate_newest(kind, content_type)}

    def read_newest_contents(self, kind: ArtefactKind) -> dict[tuple[str, int], RowContent]:
        """Return what is inside the seal of the newest version of each owner that has one.

        By the owner's id and the version; see ``read_newest_of_each``.
        """
        return {
            (owner, version): RowContent(hashlib.sha256(sealed).hexdigest(), bytes(content))
            for owner, version, sealed, content in self._iterate_newest(kind, msgspec.Raw)
        }

    def read_content(self, owner: str, kind: ArtefactKind, version: int) -> RowContent | None:
        """Return what is inside the seal of one version, None where there is none.

        Raises:
            As ``read_artefact``.
        """
        with self.lock, map_storage_errors():
            row = self.db.execute(
                "SELECT sealed FROM artefact WHERE interview = ? AND kind = ? AND version = ?",
                [owner, kind, version],
            ).fetchone()
        content = self.read_artefact(owner, kind, msgspec.Raw, version)
        if row is None or content is None:
            return None
        return RowContent(hashlib.sha256(row[0]).hexdigest(), bytes(content))

    def _iterate_newest(
        self, kind: ArtefactKind, content_type: type[T]
    ) -> Iterator[tuple[str, int, bytes, T]]:
        """Yield owner, version, sealed bytes and content of each newest version not destroyed."""
        key_class = find_key_class(kind)
        class_key = self.ring.get_key(key_class)
        with self.lock, map_storage_errors():
            for owner, wrapped in self.db.execute(
                "SELECT interview, sealed FROM data_key WHERE class = ?", [key_class]
            ):
                if (owner, key_class) not in self._data_keys:
                    self._unwrap_data_key(class_key, owner, key_class, wrapped)
            rows = self.db.execute(
                "SELECT a.interview, version, a.created_at, a.counts, a.sealed, a.format FROM"
                " (SELECT interview, kind, max(version) AS version FROM artefact WHERE kind = ?"
                " GROUP BY interview) JOIN artefact AS a USING (interview, kind, version)",
                [kind],
            )
            for owner, version, created_at, counts, sealed, written in rows:
                if not sealed:
                    continue
                bound = self.bind_row(
                    "artefact", owner, kind, version, 0, created_at, counts, written
                )
                content = self._open(owner, kind, sealed, bound, content_type, written)
                yield owner, version, sealed, content

    def find_newest_version(self, interview: str, kind: ArtefactKind) -> int:
        """Return the number of the newest version of an artefact, 0 where there is none."""
        with self.lock, map_storage_errors():
            (number,) = self.db.execute(
                "SELECT ifnull(max(version), 0) FROM artefact WHERE interview = ? AND kind = ?",
                [interview, kind],
            ).fetchone()
        return int(number)

    def read_entries(
        self, interview: str, kind: ArtefactKind, content_type: type[T], version: int | None = None
    ) -> list[T]:
        """Return the entries of a version (the newest unless one is asked for), in order.

        Raises:
            KeyNotHeld, StudyDamaged: as for ``read_artefact``.
        """
        wanted = self.find_newest_version(interview, kind) if version is None else version
        with self.lock:
            known = [
                e
                for e in self.cache.get_entries(interview, kind, wanted)
                if type(e) is content_type
            ]
            new = self.read_entries_after(interview, kind, content_type, wanted, len(known))
            every = [*known, *new]
            if new or not known:
                self.cache.put_entries(interview, kind, wanted, list[object](every))
            return every

    def count_entries(self, interview: str, kind: ArtefactKind, version: int) -> int:
        """Return how many entries a version has."""
        with self.lock, map_storage_errors():
            (number,) = self.db.execute(
                "SELECT ifnull(max(number), 0) FROM entry"
                " WHERE interview = ? AND kind = ? AND version = ?",
                [interview, kind, version],
            ).fetchone()
        return int(number)

    def read_entries_after(
        self, interview: str, kind: ArtefactKind, content_type: type[T], version: int, number: int
    ) -> list[T]:
        """Return the entries of a version after entry ``number``, in order."""
        with self.lock, map_storage_errors():
            rows = self.db.execute(
                "SELECT number, created_at, counts, sealed, format FROM entry"
                " WHERE interview = ? AND kind = ? AND version = ? AND number > ? ORDER BY number",
                [interview, kind, version, number],
            ).fetchall()
        return [
            self._open(
                interview,
                kind,
                sealed,
                self.bind_row(
                    "entry", interview, kind, version, number, created_at, counts, written
                ),
                content_type,
                written,
            )
            for number, created_at, counts, sealed, written in rows
        ]

    def get_data_key(self, interview: str, key_class: KeyClass) -> bytes:
        """Return an interview's own key of a class.

        Raises:
            KeyNotHeld: the passphrase in use does not open that class.
            StudyDamaged: the wrapped key is not what was written.
        """
        cached = self._data_keys.get((interview, key_class))
        if cached is not None:
            return cached
        class_key = self.ring.get_key(key_class)
        with self.lock, map_storage_errors():
            row = self.db.execute(
                "SELECT sealed FROM data_key WHERE interview = ? AND class = ?",
                [interview, key_class],
            ).fetchone()
        if row is None:
            raise UnknownInterview
        return self._unwrap_data_key(class_key, interview, key_class, row[0])

    def _unwrap_data_key(
        self, class_key: bytes, interview: str, key_class: KeyClass, wrapped: bytes
    ) -> bytes:
        try:
            key = unseal_bytes(class_key, wrapped, self._bind_data_key(interview, key_class))
        except SealBroken as broken:
            raise StudyDamaged(f"{DATABASE} (a key of interview {interview})") from broken
        self._data_keys[interview, key_class] = key
        return key

    def bind_row(
        self,
        table: str,
        interview: str,
        kind: ArtefactKind,
        version: int,
        number: int,
        created_at: str,
        counts: str,
        written: int,
    ) -> bytes:
        """Return the associated data of a sealed row: all columns in the clear beside it.

        written: the format of the row; rows of format 1 do not bind it.
        """
        own_format = [] if written == 1 else [written]
        return build_associated_data(
            self.study_id, table, interview, kind, version, number, created_at, counts, *own_format
        )

    def _open(
        self,
        interview: str,
        kind: ArtefactKind,
        sealed: bytes,
        bound: bytes,
        content_type: type[T],
        written: int,
    ) -> T:
        require_readable(self.db, self.ring, interview, kind, self._entered_by)
        if not sealed:
            raise DataDestroyed
        key = self.get_data_key(interview, find_key_class(kind))
        try:
            plain = unseal_bytes(key, sealed, bound)
            if written == 1:
                return read_format_1_content(plain, content_type)
            return msgspec.json.decode(plain, type=content_type)
        except (SealBroken, ValueError) as broken:  # msgspec's errors are ValueErrors
            raise StudyDamaged(f"{DATABASE} ({kind} of interview {interview})") from broken

    def make_data_keys(self, interview: str) -> None:
        """Make an interview its own keys, inside the caller's transaction."""
        for kind in READING_CLASSES:
            if self.ring.holds(kind):
                self._make_data_key(interview, kind)

    def make_missing_data_key(self, interview: str, key_class: KeyClass) -> None:
        """Make a data key that whoever entered the interview could not make.

        Inside the caller's transaction. Somebody may enter an interview who holds the keys of one
        class alone; the others are made by who first writes something of that class.
        """
        is_there = self.db.execute(
            "SELECT 1 FROM data_key WHERE interview = ? AND class = ?", [interview, key_class]
        ).fetchone()
        if not is_there and self.ring.holds(key_class):
            self._make_data_key(interview, key_class)

    def _make_data_key(self, interview: str, key_class: KeyClass) -> None:
        key = generate_key()
        wrapped = seal_bytes(
            self.ring.get_key(key_class), key, self._bind_data_key(interview, key_class)
        )
        self.db.execute("INSERT INTO data_key VALUES (?, ?, ?)", [interview, key_class, wrapped])
        self._data_keys[interview, key_class] = key

    def renew_data_key(self, owner: str, key_class: KeyClass) -> dict[str, str]:
        """Make an owner a new key of a class, and seal under it all that is left of that class.

        Inside the caller's transaction. Returns the SHA-256 of each row as it lies now, by the
        name that the trail has for it. Whatever the old key opened, it opens nothing any more.

        Raises:
            KeyNotHeld: the passphrase in use does not open that class.
            StudyDamaged: a row is not what was written.
        """
        old, new = self.get_data_key(owner, key_class), generate_key()
        told: dict[str, str] = {}
        for table, number in (("artefact", "0"), ("entry", "number")):
            for row in self.db.execute(
                f"SELECT rowid, kind, version, {number}, created_at, counts, sealed, format"  # noqa: S608 - four constants
                f" FROM {table} WHERE interview = ? AND length(sealed) > 0",
                [owner],
            ).fetchall():
                place, name, version, entry, created_at, counts, sealed, written = row
                kind = ArtefactKind(name)
                if find_key_class(kind) is not key_class:
                    continue
                bound = self.bind_row(
                    table, owner, kind, version, entry, created_at, counts, written
                )
                again = self._reseal(old, new, sealed, bound, f"{kind} of {owner}")
                self.db.execute(
                    f"UPDATE {table} SET sealed = ? WHERE rowid = ?",  # noqa: S608 - two constants
                    [again, place],
                )
                last = f".{entry}" if table == "entry" else ""
                told[f"{kind}.{version}{last}"] = hashlib.sha256(again).hexdigest()
        if key_class is KeyClass.IDENTIFYING:
            self._reseal_stretch_keys(owner, old, new)
        wrapped = seal_bytes(
            self.ring.get_key(key_class), new, self._bind_data_key(owner, key_class)
        )
        self.db.execute(
            "UPDATE data_key SET sealed = ? WHERE interview = ? AND class = ?",
            [wrapped, owner, key_class],
        )
        self._data_keys[owner, key_class] = new
        return told

    def _reseal_stretch_keys(self, owner: str, old: bytes, new: bytes) -> None:
        for number, sealed in self.db.execute(
            "SELECT number, sealed_key FROM stretch WHERE interview = ?", [owner]
        ).fetchall():
            bound = self.bind_stretch_key(owner, number)
            self.db.execute(
                "UPDATE stretch SET sealed_key = ? WHERE interview = ? AND number = ?",
                [self._reseal(old, new, sealed, bound, f"sound of {owner}"), owner, number],
            )

    @staticmethod
    def _reseal(old: bytes, new: bytes, sealed: bytes, bound: bytes, where: str) -> bytes:
        try:
            return seal_bytes(new, unseal_bytes(old, sealed, bound), bound)
        except SealBroken as broken:
            raise StudyDamaged(f"{DATABASE} ({where})") from broken

    def bind_stretch_key(self, owner: str, number: int) -> bytes:
        """Return the associated data of a stretch's sealed key: which stretch of which owner."""
        return build_associated_data(self.study_id, "stretch", owner, number)

    def rewrap_data_keys(self, ring: Keyring) -> None:
        """Seal all data keys under the class keys of another ring, inside a transaction.

        Raises:
            KeyNotHeld: the ring in use does not open all of them.
            StudyDamaged: one is not what was written.
        """
        for interview, name, sealed in self.db.execute(
            "SELECT interview, class, sealed FROM data_key"
        ).fetchall():
            key_class = KeyClass(name)
            bound = self._bind_data_key(interview, key_class)
            try:
                plain = unseal_bytes(self.ring.get_key(key_class), sealed, bound)
            except SealBroken as broken:
                raise StudyDamaged(f"{DATABASE} (a key of interview {interview})") from broken
            self.db.execute(
                "UPDATE data_key SET sealed = ? WHERE interview = ? AND class = ?",
                [seal_bytes(ring.get_key(key_class), plain, bound), interview, name],
            )

    def _bind_data_key(self, interview: str, key_class: KeyClass) -> bytes:
        return build_associated_data(self.study_id, "data key", interview, key_class)


class ArtefactHandle:
    """The artefacts of one owner: an interview, or the study as a whole."""

    def __init__(self, rows: SealedRows, owner: str) -> None:
        """owner: the id of an interview, or ``WHOLE_STUDY``."""
        self.rows = rows
        self.id = owner

    def read_artefact(
        self, kind: ArtefactKind, content_type: type[T], version: int | None = None
    ) -> T | None:
        """Return an artefact (the newest unless a version is asked for), or None.

        Raises:
            KeyNotHeld: the passphrase in use does not open this kind.
            StudyDamaged: it is not what was written.
        """
        return self.rows.read_artefact(self.id, kind, content_type, version)

    def find_newest_version(self, kind: ArtefactKind) -> int:
        """Return the number of the newest version of an artefact, 0 where there is none."""
        return self.rows.find_newest_version(self.id, kind)

    def read_entries(
        self, kind: ArtefactKind, content_type: type[T], version: int | None = None
    ) -> list[T]:
        """Return the entries of a version (the newest unless one is asked for), in order.

        Raises:
            KeyNotHeld, StudyDamaged: as for ``read_artefact``.
        """
        return self.rows.read_entries(self.id, kind, content_type, version)

    def count_entries(self, kind: ArtefactKind, version: int) -> int:
        """Return how many entries a version has."""
        return self.rows.count_entries(self.id, kind, version)

    def read_entries_after(
        self, kind: ArtefactKind, content_type: type[T], version: int, number: int
    ) -> list[T]:
        """Return the entries of a version after entry ``number``, in order."""
        return self.rows.read_entries_after(self.id, kind, content_type, version, number)
