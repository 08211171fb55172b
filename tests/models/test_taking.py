"""A model from a folder, as somebody copied it from elsewhere: whole, or refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.catalogue import ModelKind, ModelOffer
from models.installation import install_local_model
from models.installed_models import InstalledModel, is_model_whole
from study.errors import ModelBroken, Stopped
from tests.models.conftest import FILES


def test_a_model_is_taken_from_a_folder(installed: InstalledModel, folder: Path) -> None:
    assert is_model_whole(ModelKind.SPEECH, installed.folder)
    assert installed.sha256() == InstalledModel(installed.offer, folder).sha256()


def test_a_model_of_the_hub_s_own_cache_is_taken_though_it_is_all_links(
    offer: ModelOffer, folder: Path, tmp_path: Path, shelf_folder: Path
) -> None:
    snapshot = tmp_path / "cache" / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    for name in FILES:
        (snapshot / name).symlink_to(folder / name)

    model = install_local_model(offer, snapshot)

    assert not any(path.is_symlink() for path in model.folder.iterdir())
    assert model.folder.parent == shelf_folder


@pytest.mark.parametrize("missing", sorted(FILES))
def test_a_folder_that_lacks_a_file_is_refused(
    offer: ModelOffer, folder: Path, shelf_folder: Path, missing: str
) -> None:
    (folder / missing).unlink()

    with pytest.raises(ModelBroken):
        install_local_model(offer, folder)

    assert not (shelf_folder / offer.name).exists()


def test_a_folder_whose_bytes_are_not_the_catalogue_s_is_refused(
    pinned: ModelOffer, folder: Path, shelf_folder: Path
) -> None:
    (folder / "config.json").write_bytes(b"{}")

    with pytest.raises(ModelBroken, match="catalogue"):
        install_local_model(pinned, folder)

    assert not (shelf_folder / pinned.name).exists()


def test_a_folder_with_a_pipe_in_it_does_not_hang(
    offer: ModelOffer, folder: Path, shelf_folder: Path
) -> None:
    os.mkfifo(folder / "pipe")

    with pytest.raises(ModelBroken):
        install_local_model(offer, folder)

    assert not (shelf_folder / offer.name).exists()


def test_stopping_a_copy_leaves_nothing(
    offer: ModelOffer, folder: Path, shelf_folder: Path
) -> None:
    with pytest.raises(Stopped):
        install_local_model(offer, folder, stop=lambda: True)

    assert not any(path.is_file() for path in shelf_folder.rglob("*"))


def test_a_source_that_is_not_there_is_told(offer: ModelOffer, tmp_path: Path) -> None:
    with pytest.raises(ModelBroken, match="not at that place"):
        install_local_model(offer, tmp_path / "nowhere.tar")
