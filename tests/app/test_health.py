"""The checks of the computer: what is well, what to look at, what is broken; none raises."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import HealthCheck, HealthVerdict, health, run_health_checks
from capture import Device
from models import InstalledModel, Machine, ModelKind
from study.errors import EarshotError, MicrophoneFailed, NoSoundLibrary

Find = Callable[[], list[Device]]
MICROPHONE = Device(3, "USB microphone", 2, 48_000, is_default=True)


@pytest.fixture
def microphones(monkeypatch: pytest.MonkeyPatch) -> Callable[[Find], None]:
    """Replace the microphones that the checks find."""

    def put(find: Find) -> None:
        monkeypatch.setattr(health, "list_devices", find)

    put(lambda: [MICROPHONE])
    return put


@pytest.fixture(autouse=True)
def _no_real_sound(microphones: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert microphones
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "models"))


def advise(_: EarshotError) -> str:
    return "Do this."


def of(name: str) -> HealthCheck:
    return next(check for check in run_health_checks(advise) if check.name == name)


def _no_library() -> list[Device]:
    raise NoSoundLibrary


def _frozen_server() -> list[Device]:
    raise MicrophoneFailed


def _fault() -> list[Device]:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("find", "words"),
    [
        (list, "no microphone"),
        (_no_library, "PortAudio"),
        (_frozen_server, "could not be used"),
        (_fault, "ZeroDivisionError"),
    ],
)
def test_sound_that_is_missing_is_something_to_look_at(
    microphones: Callable[[Find], None], find: Find, words: str
) -> None:
    microphones(find)

    check = of("sound")

    assert check.verdict is HealthVerdict.LOOK
    assert words in check.found
    assert check.advice
    assert of("clock").verdict is HealthVerdict.OK


def test_a_microphone_is_named() -> None:
    assert of("sound") == HealthCheck("sound", HealthVerdict.OK, "USB microphone.")


def test_without_a_speech_model_it_says_which_to_get() -> None:
    check = of("models")

    assert check.verdict is HealthVerdict.LOOK
    assert "no speech model" in check.found
    assert check.advice == "earshot models get small.en"


def test_bundled_models_that_are_gone_are_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(_: ModelKind) -> list[InstalledModel]:
        return []

    monkeypatch.setattr(health, "list_models", none)

    assert of("models").verdict is HealthVerdict.BROKEN


@pytest.mark.parametrize(
    ("free_gb", "verdict"),
    [(0.1, HealthVerdict.BROKEN), (3, HealthVerdict.LOOK), (80, HealthVerdict.OK)],
)
def test_a_full_disk_is_told(
    monkeypatch: pytest.MonkeyPatch, free_gb: float, verdict: HealthVerdict
) -> None:
    def usage(_: object) -> SimpleNamespace:
        return SimpleNamespace(free=free_gb * 1e9)

    monkeypatch.setattr(shutil, "disk_usage", usage)

    assert of("disk").verdict is verdict


@pytest.mark.parametrize(
    ("memory_gb", "verdict"),
    [(0.5, HealthVerdict.BROKEN), (2, HealthVerdict.LOOK), (16, HealthVerdict.OK)],
)
def test_little_memory_is_told(
    monkeypatch: pytest.MonkeyPatch, memory_gb: float, verdict: HealthVerdict
) -> None:
    monkeypatch.setattr(health, "inspect_machine", lambda: Machine(2, memory_gb, "NVIDIA"))

    check = of("memory")

    assert check.verdict is verdict
    assert "graphics card of NVIDIA" in check.found


@pytest.mark.parametrize(
    ("year", "verdict"), [(1970, HealthVerdict.BROKEN), (2027, HealthVerdict.OK)]
)
def test_a_clock_without_its_battery_is_broken(
    monkeypatch: pytest.MonkeyPatch, year: int, verdict: HealthVerdict
) -> None:
    told = time.strptime(f"{year}-06-01", "%Y-%m-%d")
    monkeypatch.setattr(health, "time", SimpleNamespace(
        localtime=lambda: told, strftime=time.strftime,
    ))  # fmt: skip

    assert of("clock").verdict is verdict


def test_a_small_terminal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "20")

    assert of("terminal").verdict is HealthVerdict.LOOK


def test_it_loads_no_speech_and_no_language_library() -> None:
    code = (
        "import sys\nfrom app import run_health_checks\nrun_health_checks(str)\n"
        "print([m for m in ('spacy', 'faster_whisper', 'ctranslate2', 'textual', 'numpy')"
        " if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_terminal_without_utf_8_is_something_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))

    check = of("terminal")

    assert check.verdict is HealthVerdict.LOOK
    assert "ascii" in check.found
