"""A hub on loopback, a folder for models, and a small model to put there."""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models import installation
from models.catalogue import ModelFile, ModelKind, ModelOffer, ModelSpeed
from models.installation import install_local_model
from models.installed_models import InstalledModel, is_model_whole
from tests.models.hub import REPOSITORY, Hub

FILES = {
    "config.json": b'{"lang_ids": []}',
    "model.bin": struct.pack("<I", 6) + random.Random(1).randbytes(1_500_000),  # noqa: S311 - repeatable
    "tokenizer.json": b'{"model": {}}' * 400,
}
LENGTH = len(FILES["model.bin"])


@pytest.fixture
def shelf_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where models go in this test."""
    folder = tmp_path / "models"
    monkeypatch.setenv("EARSHOT_MODELS", str(folder))
    return folder


@pytest.fixture
def hub(shelf_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with one small model; nobody waits for long."""
    assert shelf_folder.name == "models"
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(installation, "_PAUSES_S", (0.0, 0.0, 0.0))
    made = Hub(dict(FILES))
    monkeypatch.setenv("HF_ENDPOINT", made.url)
    yield made
    made.stop()


@pytest.fixture
def offer() -> ModelOffer:
    """A speech model of which the catalogue pins nothing."""
    return ModelOffer(
        name="small-test",
        kind=ModelKind.SPEECH,
        repository=REPOSITORY,
        revision="abc",
        size_mb=2,
        memory_gb=0.1,
        speed=ModelSpeed.QUICK,
        licence="MIT",
        languages=("en",),
        good_for="tests",
        parts=tuple(ModelFile(name, name) for name in FILES),
    )


@pytest.fixture
def pinned(offer: ModelOffer) -> ModelOffer:
    """The same, every file pinned."""
    parts = tuple(
        replace(part, size=len(FILES[part.name]), sha256=_sha256(FILES[part.name]))
        for part in offer.parts
    )
    return replace(offer, parts=parts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A speech model in a folder, as somebody copied it from elsewhere."""
    made = tmp_path / "copied"
    made.mkdir()
    for name, content in FILES.items():
        (made / name).write_bytes(content)
    return made


@pytest.fixture
def installed(offer: ModelOffer, folder: Path, shelf_folder: Path) -> InstalledModel:
    assert not shelf_folder.exists()
    return install_local_model(offer, folder)


def assert_nothing_is_offered(offer: ModelOffer, folder: Path) -> None:
    assert not (folder / offer.name).exists()
    assert not is_model_whole(offer.kind, folder / offer.name)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
