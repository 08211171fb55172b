"""A study that is open is refused under a second path that shows its folder with other locks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from study import InterviewDetails
from study.errors import StudyOpenElsewhere
from study.store import Argon2Cost, Study
from study.store import second_mounts as second_mounts_module

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has such names")


def enter(study: Study, label: str) -> None:
    with study.change("made") as change:
        change.add_interview(InterviewDetails(label))


@pytest.fixture
def twice(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A folder, and the same folder as bindfs shows it."""
    if not (shutil.which("bindfs") and os.access("/dev/fuse", os.W_OK)):
        pytest.skip("bindfs is not here")
    folder, shown = tmp_path / "folder", tmp_path / "shown"
    folder.mkdir()
    shown.mkdir()
    if subprocess.run(["bindfs", "--no-allow-other", folder, shown], check=False).returncode:
        pytest.skip("bindfs may not mount here")
    try:
        yield folder, shown
    finally:
        subprocess.run(["fusermount", "-u", "-z", shown], check=False)


@pytest.mark.parametrize("shown_first", [False, True])
def test_a_study_is_open_under_one_of_two_paths_that_show_it(
    twice: tuple[Path, Path], passphrase: str, cheap: Argon2Cost, *, shown_first: bool
) -> None:
    """What one side entered was lost, and nothing said so."""
    folder, shown = twice
    Study.create(folder / "study", passphrase, cost=cheap)[0].close()
    first, second = (shown, folder) if shown_first else (folder, shown)
    for label in ("P07_i1", "P08_i1"):
        with Study.open(first / "study", passphrase) as study:
            enter(study, label)
            with pytest.raises(StudyOpenElsewhere, match="another path"):
                Study.open(second / "study", passphrase)
            with Study.open(first / "study", passphrase) as again:  # the same path, once more
                assert len(again.summaries()) == len(study.summaries())

    with Study.open(second / "study", passphrase) as study:
        assert [one.label for one in study.summaries()] == ["P07_i1", "P08_i1"]


def test_a_study_that_is_made_is_not_opened_under_the_other_path(
    twice: tuple[Path, Path], passphrase: str, cheap: Argon2Cost
) -> None:
    folder, shown = twice
    with (
        Study.create(shown / "study", passphrase, cost=cheap)[0],
        pytest.raises(StudyOpenElsewhere),
    ):
        Study.open(folder / "study", passphrase)


def test_a_process_that_was_killed_leaves_nothing_that_refuses(
    twice: tuple[Path, Path], passphrase: str, cheap: Argon2Cost
) -> None:
    folder, shown = twice
    Study.create(folder / "study", passphrase, cost=cheap)[0].close()
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from study.store import Study\n"
        "study = Study.open(Path(sys.argv[1]), sys.argv[2])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, shown / "study", passphrase], check=False, capture_output=True
    )

    assert killed.returncode < 0
    Study.open(folder / "study", passphrase).close()


def test_a_copy_on_another_disk_is_opened_beside_it(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    other = Path("/dev/shm")  # noqa: S108 - a disk of its own, and a folder below it
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk")
    Study.create(tmp_path / "study", passphrase, cost=cheap)[0].close()
    copy = other / f"earshot-test-{os.getpid()}"
    try:
        subprocess.run(["cp", "-a", tmp_path / "study", copy], check=True)
        with Study.open(tmp_path / "study", passphrase), Study.open(copy, passphrase) as study:
            assert study.summaries() == []
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def test_where_no_names_can_be_looked_up_a_study_is_opened(
    study: Study, passphrase: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    study.close()
    monkeypatch.setattr(second_mounts_module, "_TABLE", tmp_path / "none")

    Study.open(study.folder, passphrase).close()
