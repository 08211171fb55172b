"""The tables of ``study.db``, their format, and the migrations from older formats."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

APPLICATION_ID = 0x45415253  # "EARS"
SCHEMA_FORMAT = 4

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE slot (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, cost TEXT NOT NULL,
    salt BLOB NOT NULL, sealed BLOB NOT NULL, role TEXT NOT NULL DEFAULT 'owner',
    signing BLOB NOT NULL DEFAULT x'', receiving BLOB NOT NULL DEFAULT x'',
    classes TEXT NOT NULL DEFAULT '', keys BLOB NOT NULL DEFAULT x'',
    line INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE interview (id TEXT PRIMARY KEY, created_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE data_key (
    interview TEXT NOT NULL, class TEXT NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (interview, class)
) STRICT, WITHOUT ROWID;
CREATE TABLE stretch (
    interview TEXT NOT NULL REFERENCES interview (id), number INTEGER NOT NULL,
    created_at TEXT NOT NULL, state TEXT NOT NULL, frames INTEGER NOT NULL,
    rate INTEGER NOT NULL, sealed_key BLOB NOT NULL, bytes INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (interview, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE artefact (
    interview TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
    created_at TEXT NOT NULL, counts TEXT NOT NULL, sealed BLOB NOT NULL,
    format INTEGER NOT NULL,
    PRIMARY KEY (interview, kind, version)
) STRICT;
CREATE TABLE entry (
    interview TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
    number INTEGER NOT NULL, created_at TEXT NOT NULL, counts TEXT NOT NULL,
    sealed BLOB NOT NULL, format INTEGER NOT NULL,
    PRIMARY KEY (interview, kind, version, number)
) STRICT;
CREATE TABLE trail (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, slot INTEGER NOT NULL, verb TEXT NOT NULL,
    interview TEXT NOT NULL, facts TEXT NOT NULL, hash BLOB NOT NULL, mac BLOB NOT NULL,
    signature BLOB NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE trail_key (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
"""

Migration = Callable[[sqlite3.Connection], None]


def _add_row_formats(db: sqlite3.Connection) -> None:
    """Add to each sealed row the format that wrote it; ``study.store.format_1`` reads format 1.

    No row is sealed again: the trail and the sign-offs hold their hashes, and somebody who opens
    the study may not hold the keys of all.
    """
    for table in ("artefact", "entry"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN format INTEGER NOT NULL DEFAULT 1")


_PERSON_COLUMNS = (
    "role TEXT NOT NULL DEFAULT 'owner'",
    "signing BLOB NOT NULL DEFAULT x''",
    "receiving BLOB NOT NULL DEFAULT x''",
    "classes TEXT NOT NULL DEFAULT ''",
    "keys BLOB NOT NULL DEFAULT x''",
    "line INTEGER NOT NULL DEFAULT 0",
)
RECOVERY_SLOT = 2  # of every study up to format 2


def _make_room_for_people(db: sqlite3.Connection) -> None:
    """Add to each slot what makes a person of it, and a signature to each line of the trail.

    Nobody but its owner can give a slot a signing key: each gets one when it is opened next. Lines
    that were written before stay without a signature.
    """
    for column in _PERSON_COLUMNS:
        db.execute(f"ALTER TABLE slot ADD COLUMN {column}")
    db.execute("UPDATE slot SET role = 'recovery' WHERE number = ?", [RECOVERY_SLOT])
    db.execute("ALTER TABLE stretch ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE trail ADD COLUMN signature BLOB NOT NULL DEFAULT x''")


def _allow_even_records(_: sqlite3.Connection) -> None:
    """Change no table: from format 4 on, files of sound are of version 2, which 3 cannot read."""


# Migration N brings a study of format N to format N + 1, inside one transaction.
MIGRATIONS: dict[int, Migration] = {
    1: _add_row_formats,
    2: _make_room_for_people,
    3: _allow_even_records,
}
SAME_TABLES_FROM = 3
"""The oldest format whose tables are those of the current one; it can be read as it is."""


_ARTICLES = {"index": "an index", "table": "a table", "trigger": "a trigger", "view": "a view"}


def find_foreign_schema(db: sqlite3.Connection) -> str:
    """Return what the database has that Earshot did not make, or lacks, "" for nothing.

    A trigger or a view could undo whatever is written. SQLite's own tables and indexes are let be.
    """
    wanted = set(re.findall(r"^CREATE TABLE (\w+)", TABLES, re.MULTILINE))
    there: set[str] = set()
    for kind, name in db.execute("SELECT type, name FROM sqlite_schema"):
        if kind in {"table", "index"} and name.startswith("sqlite_"):
            continue
        if kind != "table" or name not in wanted:
            return f"{_ARTICLES.get(kind, kind)} that is not ours"
        there.add(name)
    return "a table that is missing" if wanted - there else ""


def create_tables(db: sqlite3.Connection) -> None:
    """Make the tables of the current format in an empty database."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in TABLES.split(";"):
        if statement.strip():
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {SCHEMA_FORMAT}")


def migrate_tables(db: sqlite3.Connection, from_format: int, *, note: Migration) -> None:
    """Migrate the tables from an older format to the current one, all or nothing.

    note: adds a line to the trail, inside the same transaction.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        for number in range(from_format, SCHEMA_FORMAT):
            MIGRATIONS[number](db)
        note(db)
        db.execute(f"PRAGMA user_version = {SCHEMA_FORMAT}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
