"""Another user of the machine puts something where a file of ours is made: it is never touched."""

from __future__ import annotations

import ast
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from study.store import Study, disk
from study.store.disk import clear_staged_files, stage_file, write_file_atomically

HOUSE = Path(__file__).parents[2]
PACKAGES = ("anonymise", "app", "capture", "cli", "handoff", "models", "study", "transcribe", "tui")
# Who opens files for writing without ``stage_file``, and why nobody can be there before them.
WRITERS = {
    "app/subject_access.py",  # onto a staged file
    "capture/encoders.py",  # into the hidden folder of the export
    "capture/stderr_redirect.py",  # appends; what is not ours is refused
    "cli/command_line.py",  # /dev/null
    "handoff/pdf_pages.py",  # into the hidden folder of the export
    "handoff/zip_files.py",  # in memory, and into the hidden folder of the export
    "models/archive_reader.py",  # into a folder of its own
    "models/install_dir.py",  # appends, under the lock of the model's folder
    "models/installation.py",  # appends, under the lock of the model's folder
    "models/package_client.py",  # into a folder of its own
    "study/descriptors.py",  # syncs a file that was written
    "study/store/core_files.py",  # /proc/self
    "study/store/database.py",  # a new study, O_EXCL
    "study/store/disk.py",
    "study/store/file_locks.py",  # empty, and named by numbers, on Windows
    "study/store/kept_heads.py",  # appends to a plain file, O_NOFOLLOW
    "study/store/sound_file.py",  # appends, O_EXCL
    "study/store/workers.py",  # /proc/self
    "study/windows.py",  # what another module asks for
}


def link(place: Path, victim: Path) -> None:
    place.symlink_to(victim)


def file(place: Path, victim: Path) -> None:
    os.link(victim, place)


def pipe(place: Path, victim: Path) -> None:
    del victim
    os.mkfifo(place)


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    place = tmp_path / "elsewhere" / "victim"
    place.write_bytes(b"somebody's")
    return place


@pytest.mark.parametrize("plant", [link, file, pipe])
def test_what_somebody_put_beside_is_never_written_to(
    tmp_path: Path, victim: Path, plant: Callable[[Path, Path], None]
) -> None:
    plant(tmp_path / ".out.zip.new", victim)

    write_file_atomically(tmp_path / "out.zip", b"words", replaces=False)

    assert (tmp_path / "out.zip").read_bytes() == b"words"
    assert victim.read_bytes() == b"somebody's"
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        ".out.zip.new",
        "elsewhere",
        "out.zip",
    ]


@pytest.mark.parametrize("has_links", [True, False])
@pytest.mark.parametrize("plant", [link, file, pipe])
def test_a_name_that_is_taken_is_refused_whatever_has_it(
    tmp_path: Path,
    victim: Path,
    plant: Callable[[Path, Path], None],
    has_links: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stick has no hard links: the name is taken with an empty file first."""
    plant(tmp_path / "out.zip", victim)
    if not has_links:
        monkeypatch.setattr(disk.os, "link", refuse_links)
    before = os.lstat(tmp_path / "out.zip").st_ino

    with pytest.raises(FileExistsError):
        write_file_atomically(tmp_path / "out.zip", b"words", replaces=False)

    assert os.lstat(tmp_path / "out.zip").st_ino == before
    assert victim.read_bytes() == b"somebody's"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["elsewhere", "out.zip"]


def refuse_links(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "this file system has no links")


def test_without_hard_links_a_new_file_still_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk.os, "link", refuse_links)

    write_file_atomically(tmp_path / "out.zip", b"words", replaces=False)

    assert (tmp_path / "out.zip").read_bytes() == b"words"
    assert [one.name for one in tmp_path.iterdir()] == ["out.zip"]


def test_a_link_at_the_name_is_replaced_and_not_followed(tmp_path: Path, victim: Path) -> None:
    link(tmp_path / "sum", victim)

    write_file_atomically(tmp_path / "sum", b"ours")

    assert victim.read_bytes() == b"somebody's"
    assert not (tmp_path / "sum").is_symlink()


def test_nobody_else_can_read_a_file_while_it_is_written(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with stage_file(tmp_path / "out") as staged:
            (folder,) = tmp_path.iterdir()
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert stat.S_IMODE(staged.stat().st_mode) == 0o600
            assert len(folder.name) > 32  # random: nobody can be there first
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600


def test_what_a_process_left_that_was_killed_while_it_closed_a_study_is_removed(
    study: Study, tmp_path: Path
) -> None:
    left, elsewhere = study.folder / f".earshot-{'0' * 32}", tmp_path / "elsewhere"
    left.mkdir()
    (left / "study.sum").write_bytes(b"half")
    elsewhere.mkdir()
    (study.folder / ".earshot-link").symlink_to(elsewhere)

    study.close()

    assert not left.exists()
    assert elsewhere.is_dir()
    assert (study.folder / "study.sum").is_file()


def test_what_a_process_still_stages_is_not_removed(tmp_path: Path) -> None:
    with stage_file(tmp_path / "out") as staged:
        clear_staged_files(tmp_path)
        assert staged.is_file()

    clear_staged_files(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_every_file_is_written_in_one_place() -> None:
    found = {
        str(path.relative_to(HOUSE))
        for package in PACKAGES
        for path in (HOUSE / package).rglob("*.py")
        if any(is_writing(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }

    assert found == WRITERS


def is_writing(node: ast.AST) -> bool:
    """Whether a call opens a file for writing."""
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Attribute) and node.attr in {"O_WRONLY", "O_RDWR"}
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    modes = [one.value for one in node.args if isinstance(one, ast.Constant)]
    opens = name == "open" and any(
        isinstance(mode, str) and mode[:1] in {"w", "a", "x"} and len(mode) < 4 for mode in modes
    )
    return opens or name in {"write_text", "write_bytes"}
