"""Models in the true shapes of Whisper's, with random weights: they have its sizes, and they run.

tiny.en and small in the suite; the large ones with EARSHOT_THOROUGH=1.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import WhisperModel

from models import find_offer
from tools import shapes
from tools.shapes import SHAPES, build

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


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_the_vocabulary_has_the_true_size(name: str) -> None:
    tokenizer = shapes.tokenizer(SHAPES[name])

    assert tokenizer.get_vocab_size(with_added_tokens=True) == TOKENS[name]
    assert SHAPES[name].vocabulary == TOKENS[name]
    is_multilingual = tokenizer.token_to_id("") is not None  # as CTranslate2 tells it
    assert is_multilingual == (not name.endswith(".en"))
    text = "Frightened, in Skipton; 07700 900418 \N{GRINNING FACE}"
    assert tokenizer.decode(tokenizer.encode(text).ids) == text


@pytest.mark.parametrize("name", NAMES)
def test_a_model_in_a_true_shape_has_the_fetched_one_s_size(name: str, tmp_path: Path) -> None:
    offer = find_offer(name)
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
