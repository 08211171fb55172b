"""A bundle can be checked without its study: it fits its own list, or the misfit is named."""

from __future__ import annotations

import os
import random
import shutil
import zipfile
from pathlib import Path

import pytest

from handoff.bundle import MANIFEST_FILE, ExportOrder, format_checksums, hash_bytes, hash_files
from handoff.bundle_check import check_bundle
from handoff.export import export_interviews
from handoff.hand_overs import list_hand_overs
from handoff.zip_files import build_zip
from study.errors import NotABundle
from study.store import MANIFEST_NAME, SIGNATURE_NAME, IntegrityFinding, Study

FLIPS = 500 if os.environ.get("EARSHOT_THOROUGH") else 150  # of each kind of bundle


@pytest.fixture
def folder(study: Study, approved: str, tmp_path: Path) -> Path:
    export_interviews(study, ExportOrder((approved,)), tmp_path / "bundle")
    return tmp_path / "bundle"


@pytest.fixture
def zipped(study: Study, approved: str, tmp_path: Path) -> Path:
    (file,) = export_interviews(study, ExportOrder((approved,)), tmp_path / "bundle.zip")
    return file


def test_a_bundle_is_whole_and_has_the_fingerprint_that_the_study_keeps(
    study: Study, approved: str, folder: Path, zipped: Path
) -> None:
    for path, kept in zip(
        (folder, zipped), list_hand_overs(study.interview(approved)), strict=True
    ):
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
        path.write_bytes(flip_bit(raw, dice))
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
        zipped.write_bytes(flip_bit(raw, dice))
        try:
            found = bool(check_bundle(zipped).findings)
        except NotABundle:
            found = True
        assert found


def flip_bit(raw: bytes, dice: random.Random) -> bytes:
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


def test_a_list_that_says_the_same_in_another_order_is_not_what_was_written(folder: Path) -> None:
    listed = (folder / MANIFEST_NAME).read_bytes().splitlines(keepends=True)
    (folder / MANIFEST_NAME).write_bytes(b"".join(reversed(listed)))

    checked = check_bundle(folder)

    assert checked.findings == (
        IntegrityFinding(SIGNATURE_NAME, "is no signature of the list"),
        IntegrityFinding(MANIFEST_NAME, "is not what was written"),
    )
    assert checked.signer is None
    assert checked.fingerprint == hash_bytes((folder / MANIFEST_NAME).read_bytes())


@pytest.mark.parametrize("content", [b"{}", b'{"program": "\xff"}', b"[" * 700_000])
def test_a_manifest_that_fits_the_list_and_cannot_be_read_is_named_alone(
    folder: Path, content: bytes
) -> None:
    (folder / MANIFEST_FILE).write_bytes(content)
    (folder / SIGNATURE_NAME).unlink()
    files = {one.name: one.read_bytes() for one in folder.iterdir() if one.name != MANIFEST_NAME}
    (folder / MANIFEST_NAME).write_bytes(format_checksums(hash_files(files)))

    checked = check_bundle(folder)

    assert checked.findings == (IntegrityFinding(MANIFEST_FILE, "cannot be read"),)
    assert checked.manifest is None


@pytest.mark.parametrize("name", [MANIFEST_NAME, MANIFEST_FILE])
def test_without_the_list_or_the_manifest_it_is_no_bundle(
    folder: Path, zipped: Path, name: str
) -> None:
    (folder / name).unlink()
    with zipfile.ZipFile(zipped) as archive:
        files = {one: archive.read(one) for one in archive.namelist() if not one.endswith(name)}
    zipped.write_bytes(build_zip(files, smaller=False))

    for path in (folder, zipped):
        with pytest.raises(NotABundle):
            check_bundle(path)


@pytest.mark.parametrize("name", [MANIFEST_NAME, MANIFEST_FILE])
def test_a_folder_in_the_place_of_the_list_or_the_manifest_makes_it_none(
    folder: Path, name: str
) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()

    with pytest.raises(NotABundle):
        check_bundle(folder)


def test_a_zip_file_that_was_packed_again_is_noticed_though_its_files_are_the_same(
    zipped: Path,
) -> None:
    with zipfile.ZipFile(zipped) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(zipped, "w") as archive:  # as any program packs it, with a time of its own
        for name, content in files.items():
            archive.writestr(name, content)

    checked = check_bundle(zipped)

    assert checked.findings == (IntegrityFinding("the zip file", "is not what was written"),)
    assert checked.manifest is not None


def test_one_file_that_is_packed_smaller_makes_it_no_bundle_of_ours(zipped: Path) -> None:
    with zipfile.ZipFile(zipped, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle/more.txt", b"more" * 100)

    with pytest.raises(NotABundle):
        check_bundle(zipped)


def test_a_file_in_a_zip_file_whose_checksum_fails_is_named_by_its_name(zipped: Path) -> None:
    raw = zipped.read_bytes()
    with zipfile.ZipFile(zipped) as archive:
        at = raw.index(archive.read("bundle/P07_i1.txt"))
    zipped.write_bytes(raw[:at] + b"?" + raw[at + 1 :])

    found = [(one.where, one.what) for one in check_bundle(zipped).findings]

    assert found == [
        ("P07_i1.txt", "is not what was written"),
        ("the zip file", "is not what was written"),
        ("P07_i1.txt", "is not what was written"),
    ]


def test_only_what_differs_is_named_in_the_order_of_the_names(folder: Path) -> None:
    for name in ("P07_i1.txt", "cases.csv"):
        (folder / name).write_bytes(b"other")

    found = check_bundle(folder).findings

    assert [one.where for one in found] == ["P07_i1.txt", "cases.csv"]
