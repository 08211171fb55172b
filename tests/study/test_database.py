from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
from pathlib import Path

import msgspec
import pytest

from study.errors import (
    DiskFailed,
    KeyNotHeld,
    StudyChanged,
    StudyDamaged,
    StudyInUse,
    StudyNotFound,
    StudyTooNew,
)
from study.store import database, schema, study_setup
from study.store import study as study_module
from study.store.database import DATABASE, LOCK, SUM, matches_noted_sum
from study.store.disk import PresenceLock
from study.store.keys import Argon2Cost, KeyClass
from study.store.study import Study
from study.store.verification import verify_database_file, verify_study

THIS_FORMAT = schema.SCHEMA_FORMAT


def set_format(folder: Path, number: int) -> None:
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as db:
        db.execute(f"PRAGMA user_version = {number}")


def change_nothing(_: sqlite3.Connection) -> None:
    """Migrate nothing."""


def become_newer(monkeypatch: pytest.MonkeyPatch, migration: schema.Migration) -> None:
    """Turn the program into one whose format is the next, with the migration to it."""
    monkeypatch.setitem(schema.MIGRATIONS, THIS_FORMAT, migration)
    for module in (schema, database, study_module, study_setup):
        monkeypatch.setattr(module, "SCHEMA_FORMAT", THIS_FORMAT + 1)


def test_a_study_of_a_newer_format_is_refused_and_not_touched(
    closed: Path, passphrase: str
) -> None:
    set_format(closed, THIS_FORMAT + 1)
    (closed / SUM).unlink()
    before = (closed / DATABASE).read_bytes()

    with pytest.raises(StudyTooNew):
        Study.open(closed, passphrase)

    assert (closed / DATABASE).read_bytes() == before
    assert not list(closed.glob("*.format-*"))


def test_a_study_of_an_older_format_is_brought_up_after_a_copy_was_made(
    closed: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add_colour(db: sqlite3.Connection) -> None:
        db.execute("ALTER TABLE interview ADD COLUMN colour TEXT NOT NULL DEFAULT 'plain'")

    become_newer(monkeypatch, add_colour)

    with Study.open(closed, passphrase) as opened:
        assert opened.db.execute("SELECT DISTINCT colour FROM interview").fetchall() == [("plain",)]
        assert opened.db.execute("PRAGMA user_version").fetchone() == (THIS_FORMAT + 1,)
        assert verify_study(opened) == []

    copy = closed / f"study.format-{THIS_FORMAT}.db"
    with contextlib.closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (THIS_FORMAT,)
        assert db.execute("SELECT count(*) FROM interview").fetchone() == (2,)
    assert copy.stat().st_mode & 0o077 == 0
    assert verify_database_file(closed) == []


def test_a_migration_that_fails_leaves_the_older_study(
    closed: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(db: sqlite3.Connection) -> None:
        db.execute("DROP TABLE trail")
        raise RuntimeError

    with monkeypatch.context() as newer:
        become_newer(newer, fail)
        with pytest.raises(RuntimeError):
            Study.open(closed, passphrase)

    with Study.open(closed, passphrase) as opened:
        assert verify_study(opened) == []


def test_a_study_in_use_is_not_brought_up(
    closed: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Study.open(closed, passphrase):
        become_newer(monkeypatch, change_nothing)

        with pytest.raises(StudyInUse):
            Study.open(closed, passphrase)


def test_sqlite_keeps_its_locks_while_a_study_is_brought_up(
    closed: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    become_newer(monkeypatch, change_nothing)

    with Study.open(closed, passphrase):
        held = Path("/proc/locks").read_text()

    assert f":{(closed / DATABASE).stat().st_ino} " in held


def test_a_format_that_no_earshot_wrote_is_damage(closed: Path, passphrase: str) -> None:
    set_format(closed, 0)

    with pytest.raises(StudyDamaged):
        Study.open(closed, passphrase)


def test_a_database_of_another_program_is_no_study(tmp_path: Path, passphrase: str) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / DATABASE)) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")

    with pytest.raises(StudyNotFound):
        Study.open(tmp_path, passphrase)


def test_a_file_that_is_no_database_is_damage(tmp_path: Path, passphrase: str) -> None:
    (tmp_path / DATABASE).write_bytes(b"not a database, and longer than a header" * 40)

    with pytest.raises(StudyDamaged):
        Study.open(tmp_path, passphrase)


def test_a_study_held_alone_by_another_is_in_use(
    closed: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_PATIENCE_S", 0.1)
    other = PresenceLock(closed / LOCK)
    assert other.try_exclusive()

    with pytest.raises(StudyInUse):
        Study.open(closed, passphrase)

    other.release()
    Study.open(closed, passphrase).close()


def test_looking_at_a_study_does_not_change_it(closed: Path, passphrase: str) -> None:
    before = {path: path.read_bytes() for path in closed.rglob("*") if path.is_file()}

    with Study.open(closed, passphrase) as opened:
        opened.summaries()
        assert verify_study(opened) == []

    assert {path: path.read_bytes() for path in closed.rglob("*") if path.is_file()} == before


def test_there_is_no_sum_while_somebody_may_be_writing(closed: Path, passphrase: str) -> None:
    with Study.open(closed, passphrase) as one, Study.open(closed, passphrase) as other:
        with one.change("looked"):
            pass
        one.close()
        assert matches_noted_sum(closed) is None
        other.close()

    assert matches_noted_sum(closed) is True


def test_no_sum_is_noted_while_the_write_ahead_file_holds_something(
    closed: Path, passphrase: str
) -> None:
    with Study.open(closed, passphrase) as opened:
        with opened.change("looked"):
            pass
        # A reader in its own transaction keeps the write-ahead file from being folded in.
        opened.db.execute("PRAGMA busy_timeout = 50")
        reader = sqlite3.connect(closed / DATABASE, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM trail").fetchone()
        opened.close()
    noted = (closed / SUM).exists()
    reader.close()

    assert noted is False
    assert verify_database_file(closed) == []


def test_a_sum_that_somebody_else_noted_is_found(closed: Path, passphrase: str) -> None:
    raw = (closed / SUM).read_text()
    at = raw.index('"mac":"') + 10
    forged = raw[:at] + ("A" if raw[at] != "A" else "B") + raw[at + 1 :]
    (closed / SUM).write_text(forged)

    with Study.open(closed, passphrase) as opened:
        assert [finding.where for finding in verify_study(opened)] == [SUM]


def test_a_flipped_bit_in_a_slot_is_not_called_a_wrong_passphrase(
    closed: Path, passphrase: str
) -> None:
    raw = (closed / DATABASE).read_bytes()
    with contextlib.closing(sqlite3.connect(closed / DATABASE)) as db:
        salts = [salt for (salt,) in db.execute("SELECT salt FROM slot")]
    for salt in salts:
        raw = raw.replace(salt, bytes([salt[0] ^ 1]) + salt[1:])
    (closed / DATABASE).write_bytes(raw)

    with pytest.raises(StudyDamaged):
        Study.open(closed, passphrase)
    (closed / SUM).unlink()
    with pytest.raises(StudyDamaged):  # the trail knows each slot, bit by bit
        Study.open(closed, passphrase)


def change_outside(folder: Path) -> None:
    """Change something that no seal and no line of the trail covers."""
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as db, db:
        db.execute("UPDATE meta SET value = '2020' WHERE name = 'created_at'")


def test_a_study_that_was_changed_outside_stays_so_until_it_was_verified(
    closed: Path, passphrase: str
) -> None:
    with Study.open(closed, passphrase) as opened:
        assert not opened.is_changed
        opened.require_unchanged()
    change_outside(closed)

    for _ in range(2):  # a change by us does not make the sum fit
        with Study.open(closed, passphrase) as opened:
            assert opened.is_changed
            with pytest.raises(StudyChanged):
                opened.require_unchanged()
            with opened.change("looked"):
                pass
    with Study.open(closed, passphrase) as opened:
        found = verify_study(opened)
        assert [finding.where for finding in found] == [f"{DATABASE} or {SUM}"]
        opened.accept_changes(found, "another program vacuumed it")
        opened.require_unchanged()

    assert matches_noted_sum(closed) is True
    with Study.open(closed, passphrase) as opened:
        assert not opened.is_changed
        assert opened.read_trail()[0][-1].facts["findings"] == 1
        assert verify_study(opened) == []


def test_a_sum_that_was_forged_is_a_change_outside(closed: Path, passphrase: str) -> None:
    change_outside(closed)
    raw = (closed / DATABASE).read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    noted = database.DatabaseSum(len(raw), digest, bytes(32))
    (closed / SUM).write_bytes(msgspec.json.encode(noted))

    with Study.open(closed, passphrase) as opened:
        assert opened.is_changed


def test_a_write_ahead_file_from_elsewhere_is_a_change_outside(
    closed: Path, passphrase: str, tmp_path: Path
) -> None:
    shutil.copytree(closed, tmp_path / "copy")
    with contextlib.closing(sqlite3.connect(tmp_path / "copy" / DATABASE)) as db, db:
        db.execute("UPDATE meta SET value = '2020' WHERE name = 'created_at'")
        db.commit()
        shutil.copy(tmp_path / "copy" / f"{DATABASE}-wal", closed)

    with Study.open(closed, passphrase) as opened:
        assert opened.is_changed


def test_a_study_whose_process_died_is_not_called_changed(
    closed: Path, passphrase: str, tmp_path: Path
) -> None:
    with Study.open(closed, passphrase) as opened:
        with opened.change("looked"):
            pass
        shutil.copytree(closed, tmp_path / "as if killed")

    for _ in range(2):
        with Study.open(tmp_path / "as if killed", passphrase) as opened:
            assert not opened.is_changed
            assert verify_study(opened) == []
    assert matches_noted_sum(tmp_path / "as if killed") is True


def test_a_study_in_use_is_compared_once_and_not_called_changed(
    closed: Path, passphrase: str
) -> None:
    with Study.open(closed, passphrase) as one:
        with Study.open(closed, passphrase) as other:
            held = Path("/proc/locks").read_text()
            assert not other.is_changed
        with one.change("looked"), Study.open(closed, passphrase) as late:
            assert not late.is_changed

    assert f":{(closed / DATABASE).stat().st_ino} " in held  # a second look would drop them
    change_outside(closed)
    with Study.open(closed, passphrase) as one, Study.open(closed, passphrase) as other:
        assert one.is_changed
        assert other.is_changed


def test_a_sum_that_is_removed_while_it_is_compared_says_nothing(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(path: Path) -> tuple[int, str]:
        (closed / SUM).unlink()  # another process begins to write
        return path.stat().st_size, "of what it wrote"

    monkeypatch.setattr(database, "_measure", measure)

    assert matches_noted_sum(closed) is None


def test_a_changed_study_that_is_brought_up_stays_changed(
    closed: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_outside(closed)
    become_newer(monkeypatch, change_nothing)

    for _ in range(2):
        with Study.open(closed, passphrase) as opened:
            assert opened.is_changed


def test_a_passphrase_that_opens_a_part_does_not_verify_a_changed_study(
    closed: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    with Study.open(closed, passphrase) as opened:
        opened.add_slot("analyst", "reads what is clean", (KeyClass.CLEAN,), cost=cheap)
    change_outside(closed)

    with Study.open(closed, "reads what is clean") as opened:
        with pytest.raises(KeyNotHeld):
            opened.accept_changes([], "looked at what is clean")
        assert opened.is_changed


def test_a_disk_that_fails_is_told_in_words() -> None:
    with pytest.raises(DiskFailed), database.map_storage_errors():
        raise OSError(5, "Input/output error")
