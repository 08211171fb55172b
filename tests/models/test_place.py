"""The folder for models: one process at a time, a disk that refuses, and what goes."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from cli.next_steps import next_step
from models import fetching, place, shelf, stamp
from models.catalogue import Offer, find
from models.fetching import fetch
from models.packing import pack
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
from tui.cli import main


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


def test_two_processes_do_not_get_the_same_model_at_once(hub: Hub, offer: Offer) -> None:
    with fetching.place.gathering(offer), pytest.raises(StudyInUse):
        fetch(offer)

    assert not hub.asked


def test_a_folder_for_models_that_cannot_be_written_is_told(
    hub: Hub, offer: Offer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in the way").write_bytes(b"")
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "in the way"))

    with pytest.raises(ModelsUnwritable):
        fetch(offer)

    assert not hub.asked


def test_a_disk_that_fills_up_on_the_way_is_told(
    hub: Hub, pinned: Offer, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetching.os, "fsync", full)

    with pytest.raises(DiskFull):
        fetch(pinned)

    assert_nothing_is_offered(pinned, shelf_folder)
    assert hub.asked


def test_an_older_one_stays_until_the_new_one_is_whole(
    hub: Hub, offer: Offer, shelf_folder: Path
) -> None:
    first = fetch(offer).sha256()
    hub.files["config.json"] = b'{"lang_ids": [1]}'
    hub.faults.other_bytes.add("model.bin")

    with pytest.raises(EarshotError):
        fetch(offer)
    assert fetching.ModelHere(offer, shelf_folder / offer.name).sha256() == first

    hub.faults.other_bytes.clear()
    assert fetch(offer).sha256() != first


@pytest.fixture
def sealed_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """A folder for models on a disk that became read-only, with a model and half of another."""
    with mounted(tmp_path, mib=512) as disk:  # large but sparse: a fetch wants room to spare
        models = disk.place / "models"
        monkeypatch.setenv("EARSHOT_MODELS", str(models))
        offer = find("tiny.en")
        assert offer is not None
        whole, half = models / "tiny.en", models / ".small.en.part" / "model"
        for folder in (whole, half):
            folder.mkdir(parents=True)
            for name, content in FILES.items():
                (folder / name).write_bytes(content)
        (half / "model.bin").unlink()
        stamp.write(whole, stamp.made(whole, "tiny.en", offer.kind, offer.source, offer.revision))
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
    assert told[-2:] == [f"earshot: {ModelsUnwritable()}", next_step(ModelsUnwritable())]
    assert sorted(sealed_off.rglob("*")) == before


def test_a_model_on_a_read_only_disk_is_found_and_packed(sealed_off: Path, tmp_path: Path) -> None:
    model = shelf.speech()

    assert model.folder == sealed_off / "tiny.en"
    assert pack(model, tmp_path / "tiny.tar") > LENGTH
