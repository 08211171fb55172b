"""The speeds that were measured here: they hold for this computer and these very bytes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from models import measured_speeds
from models.installed_models import InstalledModel
from models.measured_speeds import MeasuredSpeed, read_measured_speed, save_measured_speed


def speed_of(model: InstalledModel, seconds: float = 437.0) -> MeasuredSpeed:
    return MeasuredSpeed(seconds, model.sha256(), "2026-11-28", "cpu", 2)


def test_a_speed_is_read_again(installed: InstalledModel) -> None:
    assert read_measured_speed(installed) is None

    save_measured_speed(installed, speed_of(installed, 500.0))
    save_measured_speed(installed, speed_of(installed))

    assert read_measured_speed(installed) == speed_of(installed)


def test_a_speed_of_another_computer_is_no_speed_of_this_one(
    installed: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_measured_speed(installed, speed_of(installed))

    monkeypatch.setattr(measured_speeds, "read_processor_name", lambda: "another processor")

    assert read_measured_speed(installed) is None


def test_a_model_that_was_exchanged_has_to_be_measured_anew(installed: InstalledModel) -> None:
    other = msgspec.structs.replace(speed_of(installed), sha256="0" * 64)

    save_measured_speed(installed, other)

    assert read_measured_speed(installed) is None


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"computer": 1}'])
def test_a_file_of_speeds_that_cannot_be_read_is_none(
    installed: InstalledModel, shelf_folder: Path, content: bytes
) -> None:
    (shelf_folder / "speeds.json").write_bytes(content)

    assert read_measured_speed(installed) is None
    save_measured_speed(installed, speed_of(installed))
    assert read_measured_speed(installed) is not None


def test_the_computer_is_told_by_its_processor_and_by_nothing_that_names_it(
    installed: InstalledModel, shelf_folder: Path
) -> None:
    save_measured_speed(installed, speed_of(installed))

    found = msgspec.json.decode((shelf_folder / "speeds.json").read_bytes())

    assert set(found["computer"]) == {"processor", "cores", "threads"}
