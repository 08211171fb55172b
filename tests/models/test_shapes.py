"""Models in the true shapes of Whisper's, with random weights: taken, found, loaded and run.

tiny.en and small in the suite; the large ones with EARSHOT_THOROUGH=1.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import WhisperModel

from models import shelf
from models.catalogue import Offer, find
from models.fetching import take
from models.making import shapes
from models.making.shapes import SHAPES, build
from models.stamp import Stamp
from study.errors import ModelBabbles, ModelBroken
from transcribe.engine import Engine, Options
from tui.cli import main

NAMES = ("tiny.en", "small") + (
    ("large-v3", "large-v3-turbo") if os.environ.get("EARSHOT_THOROUGH") else ()
)
TOKENS = {
    "tiny.en": 51_864,
    "tiny": 51_865,
    "base": 51_865,
    "small": 51_865,
    "large-v3": 51_866,
    "large-v3-turbo": 51_866,
}


def believe(offer: Offer, found: Stamp) -> None:
    """Stand in for holding a model against the catalogue: random weights are not in it."""
    assert found.name == offer.name


@pytest.fixture
def _believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.fetching._hold_against_catalogue", believe)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_the_vocabulary_has_the_true_size(name: str) -> None:
    tokenizer = shapes.tokenizer(SHAPES[name])

    assert tokenizer.get_vocab_size(with_added_tokens=True) == TOKENS[name]
    assert SHAPES[name].vocabulary == TOKENS[name]
    is_multilingual = tokenizer.token_to_id("") is not None  # as CTranslate2 tells it
    assert is_multilingual == (not name.endswith(".en"))
    text = "Frightened, in Skipton; 07700 900418 \N{GRINNING FACE}"
    assert tokenizer.decode(tokenizer.encode(text).ids) == text


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
    model = shelf.speech(name)
    assert model.folder == shelf_folder / name
    words = Engine(model, Options(beam_size=1)).hear(sound, 10.0, seed=1)
    assert words
    assert all(10.0 <= word.start_s <= word.end_s for word in words)
    assert all(0.0 <= word.probability <= 1.0 for word in words)


@pytest.mark.parametrize("name", NAMES)
def test_a_model_in_a_true_shape_has_the_fetched_one_s_size(name: str, tmp_path: Path) -> None:
    offer = find(name)
    assert offer is not None
    (weights,) = [part for part in offer.parts if part.name == "model.bin"]

    build(SHAPES[name], tmp_path)

    # A true one names the heads that its word times come from in as many bytes, but for a few.
    assert abs((tmp_path / "model.bin").stat().st_size - weights.size) < 100
    heard = json.loads((tmp_path / "preprocessor_config.json").read_text())
    assert heard["feature_size"] == SHAPES[name].bands


@pytest.mark.slow
@pytest.mark.parametrize(("name", "tokens"), [("tiny.en", 7), ("tiny", 90), ("tiny", 220)])
def test_a_model_in_a_true_shape_says_so_many_tokens_at_the_first_go(
    name: str, tokens: int, tmp_path: Path
) -> None:
    build(SHAPES[name], tmp_path, tokens=tokens)
    model = WhisperModel(str(tmp_path), device="cpu", compute_type="int8", local_files_only=True)
    noise = np.random.default_rng(1).standard_normal(28 * 16_000).astype(np.float32)

    segments, _ = model.transcribe(  # pyright: ignore[reportUnknownMemberType]
        noise * np.float32(0.1), language="en", word_timestamps=True
    )
    (segment,) = segments

    assert len(segment.tokens) == tokens + 2  # its begin and its end are tokens, too
    assert segment.temperature == 0
    assert segment.compression_ratio < 2.4
    assert segment.avg_logprob > -1
    words = segment.words or []
    assert "".join(word.word for word in words) == segment.text
    middles = np.array([(word.start + word.end) / 2 for word in words])
    even = np.linspace(0, 28, len(words) + 1)
    # Tokens are spread evenly, and some words have more of them than others.
    assert np.abs(middles - (even[:-1] + even[1:]) / 2).max() < 28 / len(words) + 1.5


@pytest.mark.usefixtures("_believed")
def test_a_model_whose_weights_are_cut_off_is_told_in_a_sentence(
    tmp_path: Path, shelf_folder: Path
) -> None:
    build(SHAPES["tiny.en"], tmp_path / "built")
    weights = (tmp_path / "built" / "model.bin").read_bytes()
    (tmp_path / "built" / "model.bin").write_bytes(weights[: len(weights) // 2])
    offer = find("tiny.en")
    assert offer is not None
    take(offer, tmp_path / "built")

    with pytest.raises(ModelBroken):
        Engine(shelf.speech("tiny.en"), Options())

    assert shelf_folder.is_dir()
