"""What is new on a recorder's stick, known by its content; nothing on it is changed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from capture.sound_import import import_sound
from capture.stick_files import StickFile, list_stick_files
from capture.taken_files import TakenFiles
from study import InterviewDetails
from study.errors import SoundKindRefused, SoundNotFound, Stopped
from study.store import Study
from tests.capture.sound_making import beeping, write_libsndfile


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A recorder's folders, with what else lies on such sticks."""
    made = tmp_path / "stick"
    (made / "MUSIC" / "FOLDER01").mkdir(parents=True)
    (made / ".Trashes").mkdir()
    write_libsndfile(made / "MUSIC" / "ZOOM0001.WAV", beeping(8_000), 8_000)
    write_libsndfile(made / "MUSIC" / "FOLDER01" / "ZOOM0002.wav", beeping(16_000), 16_000)
    write_libsndfile(made / ".Trashes" / "old.wav", beeping(8_000), 8_000)
    (made / "MUSIC" / "._ZOOM0001.WAV").write_bytes(b"\0\5\x16\7")
    (made / "INDEX.HPR").write_bytes(b"index")
    for number, name in enumerate(("ZOOM0001.WAV", "FOLDER01/ZOOM0002.wav")):
        os.utime(made / "MUSIC" / name, (1_700_000_000 + number, 1_700_000_000 + number))
    return made


def listed(stick: Path, study: Study) -> list[StickFile]:
    return list_stick_files(stick, TakenFiles.read(study))


def test_new_files_are_listed_with_their_length_and_date(study: Study, stick: Path) -> None:
    before = sorted(stick.rglob("*"))

    found = listed(stick, study)

    assert [(one.name, one.length_s, one.modified_at) for one in found] == [
        ("MUSIC/ZOOM0001.WAV", 3.0, 1_700_000_000.0),
        ("MUSIC/FOLDER01/ZOOM0002.wav", 3.0, 1_700_000_001.0),
    ]
    assert sorted(stick.rglob("*")) == before


def test_what_was_taken_is_known_again_under_another_name(study: Study, stick: Path) -> None:
    path = stick / "MUSIC" / "ZOOM0001.WAV"
    import_sound(study, path, InterviewDetails("P07_i1"))
    path.rename(stick / "renamed.wav")

    assert [(one.name, one.label) for one in listed(stick, study)] == [
        ("renamed.wav", "P07_i1"),
        ("MUSIC/FOLDER01/ZOOM0002.wav", ""),
    ]


def test_two_files_of_one_content_are_told(study: Study, stick: Path) -> None:
    shutil.copy2(stick / "MUSIC" / "ZOOM0001.WAV", stick / "copy.wav")

    found = {one.name: one.same_as for one in listed(stick, study)}

    assert found["MUSIC/ZOOM0001.WAV"] == ""
    assert found["copy.wav"] == "MUSIC/ZOOM0001.WAV"


def test_a_file_that_cannot_be_read_is_listed_with_its_reason(study: Study, stick: Path) -> None:
    (stick / "A001.DS2").write_bytes(b"\x03ds2" + bytes(600))

    found = {one.name: one.problem for one in listed(stick, study)}

    assert isinstance(found["A001.DS2"], SoundKindRefused)
    assert found["MUSIC/ZOOM0001.WAV"] is None


def test_a_stick_that_is_not_there(study: Study, tmp_path: Path) -> None:
    with pytest.raises(SoundNotFound):
        listed(tmp_path / "nowhere", study)


def test_looking_can_be_stopped(study: Study, stick: Path) -> None:
    with pytest.raises(Stopped):
        list_stick_files(stick, TakenFiles.read(study), stop=lambda: True)
