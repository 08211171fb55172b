"""A hub that cuts, stalls or is out of order: what came is kept, and it goes on from there."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app import check_model
from cli import advise_verb
from models import hub_client
from models.catalogue import ModelFile, ModelOffer
from models.checksums import CHECKSUMS_NAME
from models.installation import download_model
from models.installed_models import InstalledModel, find_model_folder
from study.errors import ModelNotFetched, Stopped
from tests.models.conftest import LENGTH, assert_nothing_is_offered
from tests.models.hub import Hub


def test_a_fetch_cut_five_times_ends_whole_and_no_byte_comes_twice(
    hub: Hub, offer: ModelOffer
) -> None:
    hub.faults.cut_after["model.bin"] = [10_000, 300_000, 1, 700_000, 200_000]

    model = download_model(offer)

    assert (model.folder / "model.bin").read_bytes() == hub.files["model.bin"]
    assert hub.sent["model.bin"] == LENGTH
    assert len(hub.asked_for("model.bin")) == 6
    assert hub.asked_for("model.bin")[-1]["Range"] == "bytes=1210001-"


def test_a_fetch_that_is_cut_at_the_last_byte_goes_on_tomorrow(
    hub: Hub, offer: ModelOffer, shelf_folder: Path
) -> None:
    hub.faults.cut_after["model.bin"] = [LENGTH - 1]
    stopped = hub.faults.cut_after["model.bin"]

    with pytest.raises(Stopped):
        download_model(offer, stop=lambda: not stopped)
    assert_nothing_is_offered(offer, shelf_folder)

    model = download_model(offer)
    assert (model.folder / "model.bin").read_bytes() == hub.files["model.bin"]


def test_a_hub_that_cuts_every_time_is_given_up_and_what_came_is_kept(
    hub: Hub, offer: ModelOffer, shelf_folder: Path
) -> None:
    hub.faults.cut_after["model.bin"] = [500_000] + [0] * 20

    with pytest.raises(ModelNotFetched, match="cut") as given_up:
        download_model(offer)

    assert "continues" in advise_verb(given_up.value)
    assert_nothing_is_offered(offer, shelf_folder)
    partial = shelf_folder / ".small-test.part" / "model" / "model.bin.partial"
    assert partial.stat().st_size == 500_000


def test_a_hub_that_cannot_resume_sends_all_of_it_again(hub: Hub, offer: ModelOffer) -> None:
    hub.faults.cut_after["model.bin"] = [400_000]
    hub.faults.ignores_ranges = True

    model = download_model(offer)

    assert (model.folder / "model.bin").read_bytes() == hub.files["model.bin"]


def test_a_hub_that_is_out_of_order_for_a_while_is_asked_again(hub: Hub, offer: ModelOffer) -> None:
    hub.faults.status["model.bin"] = [500, 503]

    assert download_model(offer).sha256()

    hub.faults.status["config.json"] = [500] * 9
    shutil.rmtree(find_model_folder(offer))
    with pytest.raises(ModelNotFetched, match="out of order"):
        download_model(offer)


def test_a_hub_that_says_nothing_is_given_up(
    hub: Hub, offer: ModelOffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_client, "LONGEST_SILENCE_S", 0.05)
    hub.faults.is_silent = True

    with pytest.raises(ModelNotFetched, match="does not answer"):
        download_model(offer)


def test_a_hub_that_falls_silent_on_the_way_is_asked_for_the_rest(
    hub: Hub, offer: ModelOffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_client, "LONGEST_SILENCE_S", 1.0)
    hub.faults.stall_after["model.bin"] = [1_000_000]

    model = download_model(offer)

    assert (model.folder / "model.bin").read_bytes() == hub.files["model.bin"]
    assert hub.asked_for("model.bin")[-1]["Range"] == "bytes=1000000-"


def test_a_real_model_that_came_in_pieces_loads_and_understands(
    hub: Hub, offer: ModelOffer, shelf_folder: Path, tiny_en: InstalledModel
) -> None:
    hub.files = {
        path.name: path.read_bytes()
        for path in tiny_en.folder.iterdir()
        if path.name != CHECKSUMS_NAME
    }
    hub.faults.cut_after["model.bin"] = [1_000_000, 20_000_000]
    parts = tuple(ModelFile(name, name) for name in hub.files)

    model = download_model(replace(offer, parts=parts, size_mb=80), trial=check_model)

    assert model.folder.parent == shelf_folder
    assert model.sha256() == tiny_en.sha256()
