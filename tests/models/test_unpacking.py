"""Archives that are hostile or broken are refused, and nothing of them stays."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

from models import install_dir
from models.catalogue import ModelOffer
from study.errors import ArchiveRefused, DiskFull
from tests.models.archives import refused, tarred, zipped


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """Where the archive lies; nothing but the folder for models is beside it."""
    made = tmp_path / "box"
    made.mkdir()
    return made


@pytest.mark.parametrize(
    "name", ["../escaped", "model/../../escaped", "/escaped", "a\\..\\b", "C:x", "a\x1bb"]
)
@pytest.mark.parametrize("form", ["zip", "tar"])
def test_a_name_that_leads_out_is_refused(
    offer: ModelOffer, folder: Path, box: Path, shelf_folder: Path, name: str, form: str
) -> None:
    archive = box / f"bad.{form}"
    if form == "zip":
        zipped(folder, archive)
        with zipfile.ZipFile(archive, "a") as opened:
            opened.writestr(name, "x")
    else:
        tarred(folder, archive, lambda opened: opened.addfile(tarfile.TarInfo(name)))

    assert isinstance(refused(offer, archive, shelf_folder), ArchiveRefused)


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE],
)
def test_links_and_devices_in_a_tar_are_refused(
    offer: ModelOffer, folder: Path, box: Path, shelf_folder: Path, kind: bytes
) -> None:
    def spoil(opened: tarfile.TarFile) -> None:
        member = tarfile.TarInfo("model/vocabulary.txt")
        member.type, member.linkname = kind, "/etc/passwd"
        opened.addfile(member)

    archive = tarred(folder, box / "bad.tar", spoil)

    assert "link or a device" in str(refused(offer, archive, shelf_folder))


def test_a_link_in_a_zip_is_refused(
    offer: ModelOffer, folder: Path, box: Path, shelf_folder: Path
) -> None:
    archive = zipped(folder, box / "bad.zip")
    with zipfile.ZipFile(archive, "a") as opened:
        link = zipfile.ZipInfo("vocabulary.txt")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/passwd")

    assert "link or a device" in str(refused(offer, archive, shelf_folder))


def test_a_bomb_is_refused_before_it_goes_off(
    offer: ModelOffer, folder: Path, box: Path, shelf_folder: Path
) -> None:
    archive = zipped(folder, box / "bomb.zip")
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("vocabulary.txt", bytes(60_000_000))

    assert archive.stat().st_size < 2_000_000
    assert "far more" in str(refused(offer, archive, shelf_folder))


def test_a_bomb_that_lies_about_its_size_is_refused(
    offer: ModelOffer, folder: Path, box: Path, shelf_folder: Path
) -> None:
    archive = zipped(folder, box / "bomb.zip")
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("vocabulary.txt", bytes(3_000_000))
    claimed = archive.read_bytes().replace((3_000_000).to_bytes(4, "little"), b"\x10\0\0\0")
    archive.write_bytes(claimed)

    assert isinstance(refused(offer, archive, shelf_folder), ArchiveRefused)


def test_a_tar_that_claims_more_than_there_is_is_refused(
    offer: ModelOffer, folder: Path, box: Path, shelf_folder: Path
) -> None:
    def spoil(opened: tarfile.TarFile) -> None:
        member = tarfile.TarInfo("model/vocabulary.txt")
        member.size = 10**13
        opened.fileobj.write(member.tobuf()) if opened.fileobj else None

    archive = tarred(folder, box / "bad.tar", spoil)

    assert isinstance(refused(offer, archive, shelf_folder), ArchiveRefused)


def test_a_zip_whose_files_would_lie_before_its_beginning_is_refused(
    offer: ModelOffer, folder: Path, box: Path, shelf_folder: Path
) -> None:
    archive = zipped(folder, box / "bad.zip")
    raw = archive.read_bytes()
    where = int.from_bytes(raw[-6:-2], "little")  # of the list of contents
    archive.write_bytes(raw[:-6] + (where + 100_000).to_bytes(4, "little") + raw[-2:])

    assert isinstance(refused(offer, archive, shelf_folder), ArchiveRefused)


def test_the_same_name_twice_is_refused(
    offer: ModelOffer, folder: Path, box: Path, shelf_folder: Path
) -> None:
    def spoil(opened: tarfile.TarFile) -> None:
        opened.addfile(tarfile.TarInfo("model/CONFIG.json"))

    archive = tarred(folder, box / "bad.tar", spoil)

    assert "twice" in str(refused(offer, archive, shelf_folder))


@pytest.mark.parametrize(
    "content", [b"", b"not an archive", b"PK\x03\x04 nearly a zip", bytes(4096)]
)
def test_a_file_that_is_no_archive_is_refused(
    offer: ModelOffer, box: Path, shelf_folder: Path, content: bytes
) -> None:
    (box / "thing.tar").write_bytes(content)

    assert isinstance(refused(offer, box / "thing.tar", shelf_folder), ArchiveRefused)


def test_a_compressed_tar_is_refused_and_it_is_said_what_is_read(
    offer: ModelOffer, folder: Path, box: Path, shelf_folder: Path
) -> None:
    with tarfile.open(box / "model.tar.gz", "w:gz") as archive:
        archive.add(folder, "model")

    told = refused(offer, box / "model.tar.gz", shelf_folder)

    assert "uncompressed tar" in str(told)


def test_a_disk_without_room_is_told_before_unpacking(
    offer: ModelOffer,
    folder: Path,
    box: Path,
    shelf_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archive = zipped(folder, box / "small.zip")
    monkeypatch.setattr(install_dir, "_SPARE", 10**18)

    assert isinstance(refused(offer, archive, shelf_folder), DiskFull)
