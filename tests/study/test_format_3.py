"""A study of Earshot 0.4.0, whose sound files show their marks, is brought up and still read."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from study.records import InterviewDetails, Mark, MarkKind, SoundFormat
from study.store import database, recordings
from study.store.database import DATABASE, SUM
from study.store.keys import Argon2Cost
from study.store.recordings import record_stretch, rescue_recordings
from study.store.sound_records import read_header
from study.store.study import Study
from study.store.verification import verify_study
from tests.study.sound_version_1 import Version1Writer

WEPT = Mark(1.0, MarkKind.DISTRESS, "she wept", 40.0)


@pytest.fixture
def format_3(
    tmp_path: Path,
    passphrase: str,
    cheap: Argon2Cost,
    form: SoundFormat,
    second: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """The folder of a closed study of format 3; one interview has a second of sound and a mark."""
    folder = tmp_path / "format-3"
    study, _ = Study.create(folder, passphrase, cost=cheap)
    with study, monkeypatch.context() as older:
        older.setattr(recordings, "SoundWriter", Version1Writer)
        with study.change("interview made") as change:
            interview = change.add_interview(InterviewDetails("P07_i1"))
        with record_stretch(study.interview(interview), form) as writer:
            writer.write(second)
            writer.write_mark(WEPT)
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as db:
        db.execute("PRAGMA user_version = 3")
    (folder / SUM).unlink()
    return folder


def format_of(folder: Path, name: str = DATABASE) -> int:
    with contextlib.closing(sqlite3.connect(folder / name)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def versions(folder: Path) -> list[int]:
    found: list[int] = []
    for path in sorted(folder.glob("audio/*/*.sealed")):
        with path.open("rb") as file:
            found.append(read_header(file.fileno())[0].version)
    return found


def test_it_is_brought_up_after_a_copy_and_its_sound_is_heard_before_new_sound(
    format_3: Path, passphrase: str, form: SoundFormat, second: bytes
) -> None:
    for _ in range(2):
        with Study.open(format_3, passphrase) as study:
            assert study.change_flaw is None
            assert verify_study(study) == []
    assert (format_of(format_3), format_of(format_3, "study.format-3.db")) == (4, 3)

    with Study.open(format_3, passphrase) as study:
        with record_stretch(study.interview("P07_i1"), form) as writer:
            writer.write(second[::-1])
        sound = study.interview("P07_i1").open_sound()
        assert sound is not None
        with sound:
            assert sound.read(0, 3 * form.rate) == second + second[::-1]
            assert sound.marks() == [WEPT]
        assert verify_study(study) == []
    assert versions(format_3) == [1, 2]


def test_it_is_read_as_it_is_where_nothing_can_be_written(
    format_3: Path, passphrase: str, second: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always(_: Path) -> bool:
        return True

    monkeypatch.setattr(database, "is_unwritable", always)

    with Study.open(format_3, passphrase) as study:
        sound = study.interview("P07_i1").open_sound()
        assert sound is not None
        with sound:
            assert sound.read(0, 10_000) == second

    assert format_of(format_3) == 3
    assert not (format_3 / "study.format-3.db").exists()


def test_a_recording_that_was_cut_off_before_it_was_brought_up_is_rescued(
    format_3: Path, passphrase: str
) -> None:
    """The older program died while it recorded; this one finds what it left."""
    (path,) = format_3.glob("audio/*/*.sealed")
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])  # the end, and a part of the mark
    with contextlib.closing(sqlite3.connect(format_3 / DATABASE)) as db, db:
        db.execute("UPDATE stretch SET state = 'recording', frames = 0, bytes = 0")

    with Study.open(format_3, passphrase) as study:
        (rescued,) = rescue_recordings(study)

    assert rescued.kept_s == 1.0
