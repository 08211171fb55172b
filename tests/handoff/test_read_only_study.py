"""A study on a disk that cannot be written is listed, read, verified, and exported elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import main
from study.errors import DiskFailed, DiskFull, StudyUnwritable
from study.store import PASSPHRASE_VARIABLE, Study, verify_database_file, verify_study


@pytest.fixture
def read_only(study: Study, approved: str, tmp_path: Path) -> Iterator[Path]:
    """A closed study on a read-only disk."""
    del approved
    study.close()
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    shutil.copytree(study.folder, place / "study")
    subprocess.run(["/bin/mount", "-o", "remount,ro", str(place)], check=True)
    yield place / "study"
    subprocess.run(["/bin/umount", "-l", str(place)], check=True)


def test_it_is_listed_read_and_verified_and_nothing_is_changed(
    read_only: Path, passphrase: str
) -> None:
    assert verify_database_file(read_only) == []
    with Study.open(read_only, passphrase) as study:
        (summary,) = study.summaries()
        assert summary.label == "P07_i1"
        assert study.interview("P07_i1").read_transcript() is not None
        assert verify_study(study) == []
        with pytest.raises(StudyUnwritable), study.change("tried"):
            pass


def test_it_is_exported_elsewhere_by_the_verb_which_says_that_nobody_remembers(
    read_only: Path,
    passphrase: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, passphrase)

    assert main(["status", str(read_only)]) == 0
    assert main(["log", "verify", str(read_only)]) == 0
    assert main(["export", str(read_only), "P07_i1", "--to", str(tmp_path / "out")]) == 0

    assert "is not recorded in it" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "out")]) == 0
    assert list(tmp_path.glob(".earshot-*")) == []


def test_a_study_that_was_not_closed_is_not_read_without_what_it_wrote_last(
    study: Study, approved: str, passphrase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del approved
    shutil.copytree(study.folder, tmp_path / "copy")  # with its write-ahead file

    def nothing_can_be_written(_: Path) -> bool:
        return True

    monkeypatch.setattr("study.store.database.is_unwritable", nothing_can_be_written)

    with pytest.raises(StudyUnwritable):
        Study.open(tmp_path / "copy", passphrase)


def test_full_read_only_and_gone_are_three_sentences() -> None:
    said = {str(DiskFull()), str(StudyUnwritable()), str(DiskFailed())}

    assert len(said) == 3
