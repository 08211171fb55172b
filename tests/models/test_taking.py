"""A model from a folder, as somebody copied it from elsewhere: whole, or refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models import shelf
from models.catalogue import ModelKind, Offer
from models.fetching import take
from models.shelf import ModelHere
from study.errors import ModelBroken, Stopped
from tests.models.conftest import FILES


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


def test_stopping_a_copy_leaves_nothing(offer: Offer, folder: Path, shelf_folder: Path) -> None:
    with pytest.raises(Stopped):
        take(offer, folder, stop=lambda: True)

    assert not any(path.is_file() for path in shelf_folder.rglob("*"))


def test_a_source_that_is_not_there_is_told(offer: Offer, tmp_path: Path) -> None:
    with pytest.raises(ModelBroken, match="not at that place"):
        take(offer, tmp_path / "nowhere.tar")
