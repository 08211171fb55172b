"""Fetching from a hub on loopback that cuts, lies, refuses and sends us elsewhere."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models import fetching, shelf, stamp, web
from models.catalogue import Offer, Part
from models.fetching import fetch
from models.shelf import is_whole
from study.errors import (
    DiskFull,
    EarshotError,
    ModelBroken,
    ModelNotFetched,
    ModelsUnwritable,
    Stopped,
    StudyInUse,
)
from study.steps import Progress
from tests.models.hub import Faults, Hub
from tui.verbs import models as verb

LENGTH = 1_500_004


@pytest.fixture
def another(hub: Hub) -> Iterator[Hub]:
    """A second host that serves the same files."""
    made = Hub(dict(hub.files))
    yield made
    made.stop()


def assert_nothing_is_offered(offer: Offer, folder: Path) -> None:
    assert not (folder / offer.name).exists()
    assert not is_whole(offer.kind, folder / offer.name)


def test_a_model_comes_whole_with_a_stamp_and_leaves_nothing_beside_it(
    hub: Hub, offer: Offer, shelf_folder: Path
) -> None:
    told: list[Progress] = []

    model = fetch(offer, report=told.append)

    assert is_whole(offer.kind, model.folder)
    assert (model.folder / "model.bin").read_bytes() == hub.files["model.bin"]
    assert [path.name for path in shelf_folder.iterdir()] == ["small-test"]
    found = stamp.read(model.folder)
    assert found is not None
    assert set(found.files) == set(hub.files)
    assert any(0 < at.done < at.total and "fetching" in at.what for at in told)


def test_a_fetch_cut_five_times_ends_whole_and_no_byte_comes_twice(hub: Hub, offer: Offer) -> None:
    hub.faults.cut_after["model.bin"] = [10_000, 300_000, 1, 700_000, 200_000]

    model = fetch(offer)

    assert (model.folder / "model.bin").read_bytes() == hub.files["model.bin"]
    assert hub.sent["model.bin"] == LENGTH
    assert len(hub.asked_for("model.bin")) == 6
    assert hub.asked_for("model.bin")[-1]["Range"] == "bytes=1210001-"


def test_a_fetch_that_is_cut_at_the_last_byte_goes_on_tomorrow(
    hub: Hub, offer: Offer, shelf_folder: Path
) -> None:
    hub.faults.cut_after["model.bin"] = [LENGTH - 1]
    stopped = hub.faults.cut_after["model.bin"]

    with pytest.raises(Stopped):
        fetch(offer, stop=lambda: not stopped)
    assert_nothing_is_offered(offer, shelf_folder)

    model = fetch(offer)
    assert (model.folder / "model.bin").read_bytes() == hub.files["model.bin"]


def test_a_hub_that_cuts_every_time_is_given_up_and_what_came_is_kept(
    hub: Hub, offer: Offer, shelf_folder: Path
) -> None:
    hub.faults.cut_after["model.bin"] = [500_000] + [0] * 20

    with pytest.raises(ModelNotFetched, match="cut") as given_up:
        fetch(offer)

    assert "continues" in given_up.value.advice
    assert_nothing_is_offered(offer, shelf_folder)
    partial = shelf_folder / ".small-test.part" / "model" / "model.bin.partial"
    assert partial.stat().st_size == 500_000


def test_a_hub_that_cannot_resume_sends_all_of_it_again(hub: Hub, offer: Offer) -> None:
    hub.faults.cut_after["model.bin"] = [400_000]
    hub.faults.ignores_ranges = True

    model = fetch(offer)

    assert (model.folder / "model.bin").read_bytes() == hub.files["model.bin"]


@pytest.mark.parametrize("claimed", [LENGTH - 5, LENGTH + 5])
def test_a_hub_that_lies_about_the_size_is_caught(
    hub: Hub, offer: Offer, shelf_folder: Path, claimed: int
) -> None:
    hub.faults.claimed_size["model.bin"] = claimed

    with pytest.raises(ModelBroken, match="other bytes"):
        fetch(offer)

    assert_nothing_is_offered(offer, shelf_folder)


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_wrong_bytes_of_the_right_length_are_caught_and_thrown_away(
    hub: Hub, offer: Offer, shelf_folder: Path, name: str
) -> None:
    hub.faults.other_bytes.add(name)

    with pytest.raises(ModelBroken, match="other bytes"):
        fetch(offer)

    assert_nothing_is_offered(offer, shelf_folder)
    assert not list(shelf_folder.rglob(f"{name}*"))
    hub.faults.other_bytes.clear()
    assert fetch(offer).sha256()


def test_what_the_catalogue_pins_counts_whatever_the_hub_says(
    hub: Hub, pinned: Offer, shelf_folder: Path
) -> None:
    hub.files["config.json"] = b'{"lang_ids": ()}'

    with pytest.raises(ModelBroken):
        fetch(pinned)

    assert_nothing_is_offered(pinned, shelf_folder)
    assert not any(path.startswith("/api/") for path, _ in hub.asked)


def test_bytes_that_nothing_vouches_for_are_never_believed(hub: Hub, offer: Offer) -> None:
    loose = Part("config.json", "config.json", url=f"{hub.url}/release/config.json")

    with pytest.raises(ModelBroken):
        fetch(replace(offer, parts=(loose, *offer.parts[1:])))


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "account"), (403, "refuses"), (404, "no such file"), (451, "answered 451")],
)
def test_a_refusal_is_told_in_words_at_once(
    hub: Hub, offer: Offer, shelf_folder: Path, status: int, words: str
) -> None:
    hub.faults.status["model.bin"] = [status] * 9

    with pytest.raises(ModelNotFetched, match=words):
        fetch(offer)

    assert len(hub.asked_for("model.bin")) == 1
    assert_nothing_is_offered(offer, shelf_folder)


def test_a_hub_that_is_out_of_order_for_a_while_is_asked_again(hub: Hub, offer: Offer) -> None:
    hub.faults.status["model.bin"] = [500, 503]

    assert fetch(offer).sha256()

    hub.faults.status["config.json"] = [500] * 9
    shutil.rmtree(fetching.place.folder_of(offer))
    with pytest.raises(ModelNotFetched, match="out of order"):
        fetch(offer)


def test_a_redirect_to_another_host_is_followed_without_any_token(
    hub: Hub, another: Hub, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    hub.faults.redirect["model.bin"] = f"{another.url}/cdn/model.bin"
    another.faults.cut_after["model.bin"] = [9_000]

    assert fetch(offer).sha256()

    for _, headers in hub.asked + another.asked:
        assert set(headers) <= {"Host", "User-Agent", "Accept-Encoding", "Connection", "Range"}
        assert "hf_secret" not in str(headers)
    assert another.asked_for("model.bin")[-1]["Range"] == "bytes=9000-"


@pytest.mark.parametrize(
    "elsewhere",
    ["http://example.org/model.bin", "ftp://127.0.0.1/model.bin", "file:///etc/passwd",
     "https://name:password@example.org/model.bin"],
)  # fmt: skip
def test_a_redirect_that_is_not_safe_is_not_followed(
    hub: Hub, offer: Offer, shelf_folder: Path, elsewhere: str
) -> None:
    hub.faults.redirect["model.bin"] = elsewhere

    with pytest.raises(ModelNotFetched):
        fetch(offer)

    assert_nothing_is_offered(offer, shelf_folder)


def test_a_redirect_in_a_circle_ends(hub: Hub, offer: Offer) -> None:
    hub.faults.redirect["model.bin"] = f"{hub.url}/again/model.bin"

    with pytest.raises(ModelNotFetched):
        fetch(offer)


def test_a_hub_that_says_nothing_is_given_up(
    hub: Hub, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "SILENCE_S", 0.05)
    hub.faults.is_silent = True

    with pytest.raises(ModelNotFetched, match="does not answer"):
        fetch(offer)


def test_a_page_that_asks_to_sign_in_is_no_listing(hub: Hub, offer: Offer) -> None:
    hub.faults = Faults(lists_nonsense=True)

    with pytest.raises(ModelNotFetched, match="no sense"):
        fetch(offer)


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("http://127.0.0.1:9", "nobody answers"),
        ("http://hub.example", "https"),
        ("https://hub.invalid", "no network|no such place"),
    ],
)
def test_without_a_hub_it_is_said_why(
    hub: Hub, offer: Offer, monkeypatch: pytest.MonkeyPatch, endpoint: str, words: str
) -> None:
    assert not hub.asked
    monkeypatch.setenv("HF_ENDPOINT", endpoint)

    with pytest.raises(ModelNotFetched, match=words):
        fetch(offer)


def test_a_proxy_of_the_environment_is_used(
    hub: Hub, pinned: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", hub.url)
    monkeypatch.setenv("HF_ENDPOINT", "http://localhost:1")
    monkeypatch.setenv("no_proxy", "")

    assert fetch(pinned).sha256()

    assert all(path.startswith("http://localhost:1/") for path, _ in hub.asked)


def test_a_full_disk_is_found_out_before_anything_is_fetched(
    hub: Hub, pinned: Offer, shelf_folder: Path
) -> None:
    huge = replace(pinned.parts[0], size=10**18)

    with pytest.raises(DiskFull):
        fetch(replace(pinned, parts=(huge, *pinned.parts[1:])))

    assert not hub.asked
    assert_nothing_is_offered(pinned, shelf_folder)


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


def test_a_model_that_does_not_load_gets_no_name(
    hub: Hub, offer: Offer, shelf_folder: Path
) -> None:
    assert hub.url

    def broken(_: object) -> None:
        raise ModelBroken("speech")

    with pytest.raises(ModelBroken):
        fetch(offer, trial=broken)

    assert_nothing_is_offered(offer, shelf_folder)


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


def test_a_real_model_that_came_in_pieces_loads_and_understands(
    hub: Hub, offer: Offer, shelf_folder: Path
) -> None:
    bundled = shelf.speech("demo").folder
    hub.files = {path.name: path.read_bytes() for path in bundled.iterdir() if path.suffix != ".md"}
    hub.faults.cut_after["model.bin"] = [1_000_000, 2_000_000]
    parts = tuple(Part(name, name) for name in hub.files)

    model = fetch(replace(offer, parts=parts), trial=verb._tried)

    assert model.folder.parent == shelf_folder
    assert model.sha256() == shelf.speech("demo").sha256()
