"""The folder for models: one process at a time, a disk that refuses, and what goes."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from cli import advise_verb, main
from models.archive_writer import pack_model
from models.catalogue import ModelOffer, find_offer
from models.checksums import hash_model, write_checksums
from models.install_dir import gather_model, remove_model
from models.installation import download_model
from models.installed_models import InstalledModel, find_speech_model
from study.errors import (
    DiskFull,
    EarshotError,
    ModelMissing,
    ModelNotFetched,
    ModelsUnwritable,
    StudyInUse,
)
from tests.disk import mounted
from tests.models.conftest import FILES, LENGTH, assert_nothing_is_offered
from tests.models.hub import Hub


def test_a_model_is_removed_with_all_that_was_gathered_of_it(
    hub: Hub, offer: ModelOffer, shelf_folder: Path
) -> None:
    download_model(offer)
    hub.faults.status["config.json"] = [404]
    hub.faults.cut_after["model.bin"] = [1000]
    with pytest.raises(ModelNotFetched):
        download_model(offer)

    freed = remove_model(offer)

    assert freed > 1_500_000
    assert list(shelf_folder.iterdir()) == []
    with pytest.raises(ModelMissing):
        remove_model(offer)


def test_two_processes_do_not_get_the_same_model_at_once(hub: Hub, offer: ModelOffer) -> None:
    with gather_model(offer), pytest.raises(StudyInUse):
        download_model(offer)

    assert not hub.asked


def test_a_folder_for_models_that_cannot_be_written_is_told(
    hub: Hub, offer: ModelOffer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in the way").write_bytes(b"")
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "in the way"))

    with pytest.raises(ModelsUnwritable):
        download_model(offer)

    assert not hub.asked


def test_a_disk_that_fills_up_on_the_way_is_told(
    hub: Hub, pinned: ModelOffer, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(DiskFull):
        download_model(pinned)

    assert_nothing_is_offered(pinned, shelf_folder)
    assert hub.asked


def test_an_older_one_stays_until_the_new_one_is_whole(
    hub: Hub, offer: ModelOffer, shelf_folder: Path
) -> None:
    first = download_model(offer).sha256()
    hub.files["config.json"] = b'{"lang_ids": [1]}'
    hub.faults.other_bytes.add("model.bin")

    with pytest.raises(EarshotError):
        download_model(offer)
    assert InstalledModel(offer, shelf_folder / offer.name).sha256() == first

    hub.faults.other_bytes.clear()
    assert download_model(offer).sha256() != first


@pytest.fixture
def sealed_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """A folder for models on a disk that became read-only, with a model and half of another."""
    with mounted(tmp_path, mib=512) as disk:  # large but sparse: a fetch wants room to spare
        models = disk.place / "models"
        monkeypatch.setenv("EARSHOT_MODELS", str(models))
        offer = find_offer("tiny.en")
        assert offer is not None
        whole, half = models / "tiny.en", models / ".small.en.part" / "model"
        for folder in (whole, half):
            folder.mkdir(parents=True)
            for name, content in FILES.items():
                (folder / name).write_bytes(content)
        (half / "model.bin").unlink()
        write_checksums(
            whole, hash_model(whole, "tiny.en", offer.kind, offer.source, offer.revision)
        )
        subprocess.run(["/bin/mount", "-o", "remount,ro", disk.place], check=True)
        yield models


@pytest.mark.parametrize(
    "words",
    [
        ["get", "base.en", "--from", "{source}"],
        ["get", "small.en", "--from", "{source}"],  # of which some is gathered already
        ["get", "base.en"],
        ["get", "small.en"],
        ["remove", "tiny.en"],
        ["remove", "small.en"],
    ],
)
@pytest.mark.usefixtures("hub")
def test_a_disk_that_is_read_only_is_told_in_a_sentence(
    sealed_off: Path, folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(sealed_off.rglob("*"))

    code = main(["models", *(word.format(source=folder) for word in words)])

    assert code == ModelsUnwritable.exit_code
    told = capsys.readouterr().err.strip().splitlines()
    assert told[-2:] == [f"earshot: {ModelsUnwritable()}", advise_verb(ModelsUnwritable())]
    assert sorted(sealed_off.rglob("*")) == before


def test_a_model_on_a_read_only_disk_is_found_and_packed(sealed_off: Path, tmp_path: Path) -> None:
    model = find_speech_model()

    assert model.folder == sealed_off / "tiny.en"
    assert pack_model(model, tmp_path / "tiny.tar") > LENGTH
