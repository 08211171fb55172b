"""Models in the true shapes of Whisper's, with random weights: installed, found, loaded and run.

tiny.en in the suite; the larger ones with EARSHOT_THOROUGH=1.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from cli import main
from models.catalogue import ModelOffer, find_offer
from models.checksums import ModelChecksums
from models.installation import install_local_model
from models.installed_models import find_speech_model
from study.errors import ModelBabbles, ModelBroken
from tools.shapes import SHAPES, build
from transcribe import DecodingOptions, SpeechEngine

NAMES = ("tiny.en",) + (
    ("small", "large-v3", "large-v3-turbo") if os.environ.get("EARSHOT_THOROUGH") else ()
)


def believe(offer: ModelOffer, found: ModelChecksums) -> None:
    """Stand in for holding a model against the catalogue: random weights are not in it."""
    assert found.name == offer.name


@pytest.fixture
def _believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.installation._check_against_catalogue", believe)


@pytest.mark.slow
@pytest.mark.usefixtures("_believed")
@pytest.mark.parametrize("name", NAMES)
def test_a_model_in_a_true_shape_goes_the_way_of_a_fetched_one(
    name: str, tmp_path: Path, shelf_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = tmp_path / "built"
    build(SHAPES[name], built)
    sound = np.random.default_rng(1).standard_normal(6_400).astype(np.float32) * np.float32(0.1)

    assert main(["models", "get", name, "--from", str(built)]) == ModelBabbles.exit_code
    assert "heard other words in a known sentence" in capsys.readouterr().err
    assert not (shelf_folder / name).exists()

    assert main(["models", "get", name, "--from", str(built), "--untried"]) == 0
    shutil.rmtree(built)
    model = find_speech_model(name)
    assert model.folder == shelf_folder / name
    words = SpeechEngine(model, DecodingOptions(beam_size=1)).transcribe_window(
        sound, speech_s=1.0, until_s=30.0, seed=1
    )
    assert words
    assert all(0.0 <= word.start_s <= word.end_s for word in words)
    assert all(0.0 <= word.probability <= 1.0 for word in words)


@pytest.mark.usefixtures("_believed")
def test_a_model_whose_weights_are_cut_off_is_told_in_a_sentence(
    tmp_path: Path, shelf_folder: Path
) -> None:
    build(SHAPES["tiny.en"], tmp_path / "built")
    weights = (tmp_path / "built" / "model.bin").read_bytes()
    (tmp_path / "built" / "model.bin").write_bytes(weights[: len(weights) // 2])
    offer = find_offer("tiny.en")
    assert offer is not None
    install_local_model(offer, tmp_path / "built")

    with pytest.raises(ModelBroken):
        SpeechEngine(find_speech_model("tiny.en"), DecodingOptions())

    assert shelf_folder.is_dir()
