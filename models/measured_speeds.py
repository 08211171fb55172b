"""How long each speech model takes for an hour of speech on this computer, as it was measured.

The results lie in one file beside the models. They hold while the computer and the model's bytes
are the same; the computer is known by its processor, never by a name. Nothing here measures: see
``app/speed_measurement.py``.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from models.install_dir import map_models_folder_errors
from models.installed_models import InstalledModel, find_models_folder
from models.machine import count_cores, count_threads, read_processor_name
from study.errors import ModelBroken
from study.store import make_folder, write_file_atomically

_NAME = "speeds.json"


class MeasuredSpeed(msgspec.Struct, frozen=True):
    """One model's speed. seconds_per_hour: of work, for an hour of speech. sha256: the model's.

    measured_on: the day, as in 2026-11-28. device: cpu or cuda. threads: that the engine used.
    """

    seconds_per_hour: float
    sha256: str
    measured_on: str
    device: str
    threads: int


class _Computer(msgspec.Struct, frozen=True):
    """What tells a computer from another without naming it."""

    processor: str
    cores: int
    threads: int


class _Speeds(msgspec.Struct, frozen=True):
    computer: _Computer
    speeds: dict[str, MeasuredSpeed]
    format: int = 1


def read_measured_speed(model: InstalledModel) -> MeasuredSpeed | None:
    """Return the speed of a model that was measured here; None if it was not, or has changed."""
    found = _read().get(model.name)
    with contextlib.suppress(ModelBroken):
        if found is not None and found.sha256 == model.sha256():
            return found
    return None


def save_measured_speed(model: InstalledModel, speed: MeasuredSpeed) -> None:
    """Save a model's speed beside the models; results of another computer are dropped.

    Raises:
        ModelsUnwritable, DiskFull: the folder for models cannot be written.
    """
    speeds = _Speeds(_describe_computer(), _read() | {model.name: speed})
    with map_models_folder_errors():
        make_folder(find_models_folder())
        write_file_atomically(_path(), msgspec.json.format(msgspec.json.encode(speeds)))


def _read() -> dict[str, MeasuredSpeed]:
    """Return the speeds by the models' names; none where the file is another computer's."""
    with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
        found = msgspec.json.decode(_path().read_bytes(), type=_Speeds)
        if found.format == 1 and found.computer == _describe_computer():
            return found.speeds
    return {}


def _path() -> Path:
    return find_models_folder() / _NAME


def _describe_computer() -> _Computer:
    return _Computer(read_processor_name(), count_cores(), count_threads())
