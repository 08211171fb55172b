"""A model from a hub: offered once it is whole and tried, whatever the hub says of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.catalogue import ModelFile, ModelOffer
from models.checksums import read_checksums
from models.installation import download_model
from models.installed_models import is_model_whole
from study import TaskProgress
from study.errors import DiskFull, ModelBroken, ModelNotFetched
from tests.models.conftest import LENGTH, assert_nothing_is_offered
from tests.models.hub import Faults, Hub


def test_a_model_comes_whole_with_a_stamp_and_leaves_nothing_beside_it(
    hub: Hub, offer: ModelOffer, shelf_folder: Path
) -> None:
    told: list[TaskProgress] = []

    model = download_model(offer, report=told.append)

    assert is_model_whole(offer.kind, model.folder)
    assert (model.folder / "model.bin").read_bytes() == hub.files["model.bin"]
    assert [path.name for path in shelf_folder.iterdir()] == ["small-test"]
    found = read_checksums(model.folder)
    assert found is not None
    assert set(found.files) == set(hub.files)
    assert any(0 < at.done < at.total and "fetching" in at.what for at in told)


def test_a_full_disk_is_found_out_before_anything_is_fetched(
    hub: Hub, pinned: ModelOffer, shelf_folder: Path
) -> None:
    huge = replace(pinned.parts[0], size=10**18)

    with pytest.raises(DiskFull):
        download_model(replace(pinned, parts=(huge, *pinned.parts[1:])))

    assert not hub.asked
    assert_nothing_is_offered(pinned, shelf_folder)


def test_a_model_that_does_not_load_gets_no_name(
    hub: Hub, offer: ModelOffer, shelf_folder: Path
) -> None:
    assert hub.url

    def broken(_: object) -> None:
        raise ModelBroken("speech")

    with pytest.raises(ModelBroken):
        download_model(offer, trial=broken)

    assert_nothing_is_offered(offer, shelf_folder)


@pytest.mark.parametrize("claimed", [LENGTH - 5, LENGTH + 5])
def test_a_hub_that_lies_about_the_size_is_caught(
    hub: Hub, offer: ModelOffer, shelf_folder: Path, claimed: int
) -> None:
    hub.faults.claimed_size["model.bin"] = claimed

    with pytest.raises(ModelBroken, match="not arrive intact"):
        download_model(offer)

    assert_nothing_is_offered(offer, shelf_folder)


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_wrong_bytes_of_the_right_length_are_caught_and_thrown_away(
    hub: Hub, offer: ModelOffer, shelf_folder: Path, name: str
) -> None:
    hub.faults.other_bytes.add(name)

    with pytest.raises(ModelBroken, match="not arrive intact"):
        download_model(offer)

    assert_nothing_is_offered(offer, shelf_folder)
    assert not list(shelf_folder.rglob(f"{name}*"))
    hub.faults.other_bytes.clear()
    assert download_model(offer).sha256()


def test_what_the_catalogue_pins_counts_whatever_the_hub_says(
    hub: Hub, pinned: ModelOffer, shelf_folder: Path
) -> None:
    hub.files["config.json"] = b'{"lang_ids": ()}'

    with pytest.raises(ModelBroken):
        download_model(pinned)

    assert_nothing_is_offered(pinned, shelf_folder)
    assert not any(path.startswith("/api/") for path, _ in hub.asked)


def test_bytes_that_nothing_vouches_for_are_never_believed(hub: Hub, offer: ModelOffer) -> None:
    loose = ModelFile("config.json", "config.json", url=f"{hub.url}/release/config.json")

    with pytest.raises(ModelBroken):
        download_model(replace(offer, parts=(loose, *offer.parts[1:])))


def test_a_page_that_asks_to_sign_in_is_no_listing(hub: Hub, offer: ModelOffer) -> None:
    hub.faults = Faults(lists_nonsense=True)

    with pytest.raises(ModelNotFetched, match="no sense"):
        download_model(offer)
