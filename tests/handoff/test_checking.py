"""A bundle tells by itself whether it is what was handed over."""

from __future__ import annotations

import os
import random
import shutil
import zipfile
from pathlib import Path

import pytest

from handoff.bundle import Order
from handoff.checking import check_bundle
from handoff.export import export, handed_over
from study.errors import NotABundle
from study.store import Study

FLIPS = 500 if os.environ.get("EARSHOT_THOROUGH") else 150  # of each kind of bundle


@pytest.fixture
def folder(study: Study, approved: str, tmp_path: Path) -> Path:
    export(study, Order((approved,)), tmp_path / "bundle")
    return tmp_path / "bundle"


@pytest.fixture
def zipped(study: Study, approved: str, tmp_path: Path) -> Path:
    (file,) = export(study, Order((approved,)), tmp_path / "bundle.zip")
    return file


def test_a_bundle_is_whole_and_has_the_fingerprint_that_the_study_keeps(
    study: Study, approved: str, folder: Path, zipped: Path
) -> None:
    for path, kept in zip((folder, zipped), handed_over(study, approved), strict=True):
        checked = check_bundle(path)

        assert checked.findings == ()
        assert checked.fingerprint == kept.fingerprint
        assert checked.manifest is not None
        assert [one.label for one in checked.manifest.interviews] == ["P07_i1"]


def test_every_changed_bit_in_a_folder_is_noticed(folder: Path) -> None:
    dice = random.Random(8)  # noqa: S311 - the same bits in every run
    paths = sorted(folder.iterdir())
    sizes = [path.stat().st_size for path in paths]

    for _ in range(FLIPS):
        (path,) = dice.choices(paths, sizes)
        raw = path.read_bytes()
        path.write_bytes(flipped(raw, dice))
        try:
            found = bool(check_bundle(folder).findings)
        except NotABundle:
            found = True
        path.write_bytes(raw)
        assert found, path.name


def test_every_changed_bit_in_a_zip_file_is_noticed(zipped: Path) -> None:
    dice = random.Random(9)  # noqa: S311
    raw = zipped.read_bytes()

    for _ in range(FLIPS):
        zipped.write_bytes(flipped(raw, dice))
        try:
            found = bool(check_bundle(zipped).findings)
        except NotABundle:
            found = True
        assert found


def flipped(raw: bytes, dice: random.Random) -> bytes:
    at, changed = dice.randrange(8 * len(raw)), bytearray(raw)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


def test_it_names_what_was_changed_taken_away_or_added(folder: Path) -> None:
    (folder / "P07_i1.txt").write_bytes(b"other")
    (folder / "P07_i1.vtt").unlink()
    (folder / "more.txt").write_bytes(b"more")

    found = {(one.where, one.what) for one in check_bundle(folder).findings}

    assert found == {
        ("P07_i1.txt", "is not what was written"),
        ("P07_i1.vtt", "is missing"),
        ("more.txt", "was not part of it"),
    }


def test_what_is_no_bundle_is_said_to_be_none(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_bytes(b"no zip")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/SHA256SUMS", b"\0" * 10_000_000)
    (folder / "SHA256SUMS").unlink()

    for path in ("empty", "text.zip", "bomb.zip", "nowhere", "bundle"):
        with pytest.raises(NotABundle):
            check_bundle(tmp_path / path)


def test_a_folder_inside_it_was_not_part_of_it(folder: Path) -> None:
    shutil.copytree(folder, folder / "copy")

    assert [one.where for one in check_bundle(folder).findings] == ["copy"]
