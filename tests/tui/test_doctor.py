"""The doctor: says what is well, what to look at and what is broken, and never faints."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from capture import devices
from capture.devices import Device
from models import machine, shelf
from models.machine import Machine
from study.errors import ComputerUnfit, MicrophoneFailed, NoSoundLibrary
from tui.cli import main
from tui.verbs import doctor
from tui.verbs.doctor import Check, Verdict, checks

Find = Callable[[], list[Device]]
MICROPHONE = Device(3, "USB microphone", 2, 48_000, is_default=True)


@pytest.fixture
def microphones(monkeypatch: pytest.MonkeyPatch) -> Callable[[Find], None]:
    """Let the doctor find these microphones."""

    def put(find: Find) -> None:
        monkeypatch.setattr(devices, "devices", find)

    put(lambda: [MICROPHONE])
    return put


@pytest.fixture(autouse=True)
def _no_real_sound(microphones: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert microphones
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "models"))


def of(name: str) -> Check:
    return next(check for check in checks() if check.name == name)


def test_everything_is_looked_at_and_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0

    told = json.loads(capsys.readouterr().out)["result"]
    assert [check["name"] for check in told] == [
        "sound", "models", "disk", "memory", "terminal", "clock", "keyring",
    ]  # fmt: skip
    for check in told:
        assert check["verdict"] in {"ok", "look", "broken"}
        assert check["found"].endswith(".")
        assert bool(check["advice"]) == (check["verdict"] != "ok")


def test_a_person_sees_a_sign_a_word_and_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    assert main(["doctor"]) == 0

    out = capsys.readouterr().out
    assert "what to do" in out
    assert "earshot models get" in out
    assert max(map(len, out.splitlines())) <= 80


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

    assert check.verdict is Verdict.LOOK
    assert words in check.found
    assert check.advice
    assert of("clock").verdict is Verdict.OK


def test_a_microphone_is_named() -> None:
    assert of("sound") == Check("sound", Verdict.OK, "USB microphone.")


def test_a_half_copied_model_is_broken_and_has_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "models" / "small.en").mkdir(parents=True)

    assert main(["doctor"]) == ComputerUnfit.exit_code

    out = capsys.readouterr().out
    assert "broken" in out
    assert "earshot models get small.en" in " ".join(out.split())


def test_with_the_bundled_models_alone_it_says_what_they_are_not_for() -> None:
    check = of("models")

    assert check.verdict is Verdict.LOOK
    assert "own voices" in check.found


def test_bundled_models_that_are_gone_are_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_BUNDLED", tmp_path)

    assert of("models").verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    ("free_gb", "verdict"), [(0.1, Verdict.BROKEN), (3, Verdict.LOOK), (80, Verdict.OK)]
)
def test_a_full_disk_is_told(
    monkeypatch: pytest.MonkeyPatch, free_gb: float, verdict: Verdict
) -> None:
    def usage(_: object) -> SimpleNamespace:
        return SimpleNamespace(free=free_gb * 1e9)

    monkeypatch.setattr(shutil, "disk_usage", usage)

    assert of("disk").verdict is verdict


@pytest.mark.parametrize(
    ("memory_gb", "verdict"), [(0.5, Verdict.BROKEN), (2, Verdict.LOOK), (16, Verdict.OK)]
)
def test_little_memory_is_told(
    monkeypatch: pytest.MonkeyPatch, memory_gb: float, verdict: Verdict
) -> None:
    monkeypatch.setattr(machine, "this", lambda: Machine(2, memory_gb, "NVIDIA"))

    check = of("memory")

    assert check.verdict is verdict
    assert "graphics card of NVIDIA" in check.found


@pytest.mark.parametrize(("year", "verdict"), [(1970, Verdict.BROKEN), (2027, Verdict.OK)])
def test_a_clock_without_its_battery_is_broken(
    monkeypatch: pytest.MonkeyPatch, year: int, verdict: Verdict
) -> None:
    told = time.strptime(f"{year}-06-01", "%Y-%m-%d")
    monkeypatch.setattr(doctor, "time", SimpleNamespace(
        localtime=lambda: told, strftime=time.strftime,
    ))  # fmt: skip

    assert of("clock").verdict is verdict


def test_a_small_terminal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "20")

    assert of("terminal").verdict is Verdict.LOOK


def test_a_terminal_without_utf_8_is_told_and_is_written_to_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))

    assert of("terminal").verdict is Verdict.LOOK
    assert main(["doctor"]) == 0
    sys.stdout.flush()
    assert b"ascii" in raw.getvalue()


def test_it_loads_no_speech_and_no_language_library() -> None:
    code = (
        "import sys\nfrom tui.verbs import doctor\ndoctor.checks()\n"
        "print([m for m in ('spacy', 'faster_whisper', 'ctranslate2', 'textual', 'numpy')"
        " if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
