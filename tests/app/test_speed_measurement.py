"""How long an hour of speech takes here: measured with real weights, shown in the list."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app import load_speech, measure_speed
from cli import main
from models import InstalledModel, find_speech_model, read_measured_speed
from study import TaskProgress
from study.errors import ModelMissing, Stopped


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InstalledModel:
    """The real tiny.en as the only model that is here."""
    try:
        real = find_speech_model("tiny.en")
    except ModelMissing:
        pytest.skip("tiny.en is not here: earshot models get tiny.en")
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "tiny.en").symlink_to(real.folder)
    monkeypatch.setenv("EARSHOT_MODELS", str(folder))
    return find_speech_model("tiny.en")


def test_a_minute_of_speech_is_read_from_the_demonstration() -> None:
    speech = load_speech()

    assert speech.dtype == np.float32
    assert speech.shape == (60 * 16_000,)
    assert 0.005 < float(np.sqrt(np.mean(speech**2))) < 0.5
    for second in np.split(speech, 4):
        assert float(np.abs(second).max()) > 0.05  # somebody speaks in every quarter


@pytest.mark.slow
def test_a_measured_speed_stands_in_the_list(
    tiny: InstalledModel, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "measure", "--json"]) == 0
    *told, done = map(json.loads, capsys.readouterr().out.splitlines())
    taken = done["result"]["tiny.en"]["seconds_per_hour"]
    assert 10 < taken < 36_000
    assert told[0]["event"] == "progress"

    assert main(["models", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["result"]
    assert {m["name"]: m["seconds_per_hour"] for m in listed}["tiny.en"] == taken
    assert main(["models"]) == 0
    shown = capsys.readouterr().err
    assert "tiny.en: an hour in " in shown
    assert "measured here" in shown
    assert "base hears English at least as well as tiny.en" in shown.replace("\n ", "")
    speed = read_measured_speed(tiny)
    assert speed is not None
    assert speed.seconds_per_hour == taken


def test_a_stop_ends_the_measurement_and_keeps_nothing(tiny: InstalledModel) -> None:
    told: list[TaskProgress] = []

    with pytest.raises(Stopped):
        measure_speed(tiny, stop=lambda: bool(told), report=told.append)

    assert read_measured_speed(tiny) is None


def test_where_no_speech_model_is_here_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path))

    assert main(["models", "measure"]) == ModelMissing.exit_code

    assert "earshot models get" in capsys.readouterr().err
