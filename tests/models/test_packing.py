"""A model packed on one computer is the same model on another, or is refused."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from models.archive_writer import pack_model
from models.installation import install_local_model
from models.installed_models import InstalledModel
from study.errors import ModelBroken, PackUnwritable, Stopped
from tests.models.archives import refused
from tests.models.conftest import FILES


def test_what_was_packed_is_the_same_model_on_another_computer(
    installed: InstalledModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = pack_model(installed, tmp_path / "small.tar")
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "other computer"))

    there = install_local_model(installed.offer, tmp_path / "small.tar")

    assert size == (tmp_path / "small.tar").stat().st_size
    assert there.folder != installed.folder
    assert there.sha256() == installed.sha256()


def test_packing_twice_gives_the_same_bytes(installed: InstalledModel, tmp_path: Path) -> None:
    pack_model(installed, tmp_path / "one.tar")
    os.utime(installed.folder / "config.json", (1, 1))
    pack_model(installed, tmp_path / "two.tar")

    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()


def test_packing_overwrites_nothing_and_leaves_nothing_when_stopped(
    installed: InstalledModel, tmp_path: Path
) -> None:
    (tmp_path / "thesis.tar").write_bytes(b"three years of work")

    with pytest.raises(PackUnwritable):
        pack_model(installed, tmp_path / "thesis.tar")
    with pytest.raises(PackUnwritable):
        pack_model(installed, tmp_path / "nowhere" / "small.tar")
    with pytest.raises(Stopped):
        pack_model(installed, tmp_path / "small.tar", stop=lambda: True)

    assert (tmp_path / "thesis.tar").read_bytes() == b"three years of work"
    assert not list(tmp_path.glob("*small.tar*"))


def test_a_model_that_changed_on_the_disk_is_not_packed(
    installed: InstalledModel, tmp_path: Path
) -> None:
    (installed.folder / "model.bin").write_bytes(bytes(len(FILES["model.bin"])))

    with pytest.raises(ModelBroken):
        pack_model(installed, tmp_path / "small.tar")

    assert not list(tmp_path.glob("*small.tar*"))


@pytest.mark.parametrize("at", [0.3, 0.6, 0.95])
def test_a_flipped_byte_or_a_cut_in_a_packed_model_is_noticed(
    installed: InstalledModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: float
) -> None:
    pack_model(installed, tmp_path / "small.tar")
    whole = bytearray((tmp_path / "small.tar").read_bytes())
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "other" / "models"))
    for made in ("other", "stick"):
        (tmp_path / made).mkdir()

    (tmp_path / "stick" / "cut.tar").write_bytes(whole[: int(len(whole) * at)])
    refused(installed.offer, tmp_path / "stick" / "cut.tar", tmp_path / "other" / "models")
    whole[int(1_400_000 * at)] ^= 1
    (tmp_path / "stick" / "flipped.tar").write_bytes(whole)
    refused(installed.offer, tmp_path / "stick" / "flipped.tar", tmp_path / "other" / "models")


def test_a_packed_model_under_another_name_is_refused(
    installed: InstalledModel, tmp_path: Path, shelf_folder: Path
) -> None:
    pack_model(installed, tmp_path / "small.tar")

    with pytest.raises(ModelBroken, match="not the one that was asked for"):
        install_local_model(replace(installed.offer, name="large"), tmp_path / "small.tar")

    assert not (shelf_folder / "large").exists()
