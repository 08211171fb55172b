"""A damaged disk can make SQLite return another type than was written: told, never a traceback.

Tables are STRICT, so that no program can write such a row; a flipped bit in a row's header can.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from study.errors import EarshotError
from study.store.schema import TABLES
from study.store.study import Study
from study.store.transcript_editor import TranscriptEditor
from study.store.verification import verify_database_file, verify_study

WRONG = (-47, 1.5, "\u2205 not ours", b"\x00\xff", None)


def list_columns() -> list[tuple[str, str]]:
    """Every column of every table but those that are SQLite's own number of a row."""
    db = sqlite3.connect(":memory:")
    db.executescript(TABLES)
    columns: list[tuple[str, str]] = []
    for table in re.findall(r"^CREATE TABLE (\w+)", TABLES, re.MULTILINE):
        for _, name, kind, _, _, key in db.execute(f"PRAGMA table_info({table})"):
            if not (kind == "INTEGER" and key and table in {"slot", "trail"}):
                columns.append((table, name))
    db.close()
    return columns


def put(path: Path, table: str, column: str, value: object) -> bool:
    """Put a value of any type into a column of every row, which STRICT forbids.

    False where even a loose table refuses it: no part of a primary key is NULL.
    """
    db = sqlite3.connect(path)
    (made,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", [table]).fetchone()
    loose = made.replace(" STRICT, WITHOUT ROWID", " WITHOUT ROWID").replace(" STRICT", "")
    loose = re.sub(r" (TEXT|INTEGER|BLOB)\b(?! PRIMARY)", "", loose).replace(" NOT NULL", "")
    with db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", [loose, table])
    db.close()
    db = sqlite3.connect(path)
    with db:
        is_done = True
        try:
            db.execute(f"UPDATE OR REPLACE {table} SET {column} = ?", [value])  # noqa: S608 - from our own schema
        except sqlite3.IntegrityError:
            is_done = False
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", [made, table])
    db.close()
    return is_done


def read_all(folder: Path, passphrase: str) -> str:
    """Open, list, hear and check a study; what a person would read of it."""
    said = [f"{finding.where} {finding.what}" for finding in verify_database_file(folder)]
    try:
        with Study.open(folder, passphrase) as study:
            try:
                for summary in study.summaries():
                    sound = study.interview(summary.id).open_sound()
                    if sound is not None:
                        sound.close()
            except EarshotError as problem:
                said.append(str(problem))
            said += [f"{finding.where} {finding.what}" for finding in verify_study(study)]
    except EarshotError as problem:
        said.append(str(problem))
    return "\n".join(said)


@pytest.mark.parametrize(("table", "column"), list_columns())
def test_another_type_in_any_column_is_told_and_never_a_traceback(
    closed: Path, passphrase: str, tmp_path: Path, table: str, column: str
) -> None:
    with Study.open(closed, passphrase) as study:
        for summary in study.summaries():
            if summary.label == "P01":
                TranscriptEditor(study.interview(summary.id)).set_text(0, "My name is Margaret.")
    (closed / "study.sum").unlink()
    silent: list[object] = []
    for value in WRONG:
        copy = tmp_path / "copy"
        shutil.copytree(closed, copy)
        if put(copy / "study.db", table, column, value) and not read_all(copy, passphrase):
            silent.append(value)
        shutil.rmtree(copy)

    assert silent == []
