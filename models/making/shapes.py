"""Models with random weights in the true shapes of Whisper's: they load, run, and talk nonsense.

They stand in for fetched ones in tests: the same files, tensors, vocabulary sizes and number of
mel bands, so that loading, memory and the whole path are real although no word is. Weights are
int8 and come from one block of random bytes, so the largest is written in seconds:

    python -m models.making.shapes large-v3 FOLDER
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ctranslate2.specs import WhisperSpec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

# A hundred, in Whisper's order; the last, Cantonese, came with large-v3.
from models.making.speech.tokenizer import LANGUAGES

AUDIO_POSITIONS, TEXT_POSITIONS = 1500, 448
TIMESTAMPS = 1501
_BLOCK_BYTES = 1 << 24
_INT8_SPREAD = 73.6  # standard deviation of evenly spread int8
_SPREAD = 0.02  # of the weights, as GPT-2 begins with
# Added to the logits, in nats, so that a window takes few tokens: fifteen hundred timestamps
# together weigh 7.3, and Whisper's rules would have nothing but them.
_END, _WORD = 16.0, 12.5

Floats = npt.NDArray[np.float32]
Layer = Any  # of CTranslate2, which has no types


@dataclass(frozen=True)
class Shape:
    """What makes one Whisper larger than another.

    width: of every layer. bands: mel bands that it hears. languages: 0 for English alone.
    """

    name: str
    width: int
    heads: int
    encoder_layers: int
    decoder_layers: int
    bands: int = 80
    languages: int = 99

    @property
    def vocabulary(self) -> int:
        """The number of tokens: 51,864 English, 51,865 before and 51,866 since large-v3."""
        return len(special_names(self)) + text_tokens(self)


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("tiny.en", 384, 6, 4, 4, languages=0),
        Shape("small", 768, 12, 12, 12),
        Shape("large-v3", 1280, 20, 32, 32, bands=128, languages=100),
        Shape("large-v3-turbo", 1280, 20, 32, 4, bands=128, languages=100),
    )
}


def text_tokens(shape: Shape) -> int:
    """How many tokens are text: the English tokenizer is GPT-2's, the other has one more."""
    return 50_257 if shape.languages else 50_256


def special_names(shape: Shape) -> list[str]:
    """The tokens that are no text, in the order of their numbers."""
    return [
        "<|endoftext|>",
        "<|startoftranscript|>",
        *(f"<|{code}|>" for code in LANGUAGES[: shape.languages or 99]),
        "<|translate|>",
        "<|transcribe|>",
        "<|startoflm|>",
        "<|startofprev|>",
        "<|nospeech|>",
        "<|notimestamps|>",
        *(f"<|{step * 0.02:.2f}|>" for step in range(TIMESTAMPS)),
    ]


def tokenizer(shape: Shape) -> Tokenizer:
    """Return byte-level BPE of the right size; its text tokens are bytes and pairs of bytes."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    # The one more is empty: by it CTranslate2 knows that a model has several languages.
    last = [""] if shape.languages else []
    pairs = [(a, b) for a in alphabet for b in alphabet]
    pairs = pairs[: text_tokens(shape) - len(alphabet) - len(last)]
    tokens = [*alphabet, *map("".join, pairs), *last]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    made = Tokenizer(models.BPE(vocab=vocabulary, merges=pairs))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens(
        [AddedToken(name, special=True, normalized=False) for name in special_names(shape)]
    )
    return made


def build(shape: Shape, folder: Path, seed: int = 1) -> None:
    """Write a model into an empty or new folder: the files that faster-whisper loads."""
    folder.mkdir(parents=True, exist_ok=True)
    words = tokenizer(shape)
    words.save(str(folder / "tokenizer.json"))
    spec = WhisperSpec(shape.encoder_layers, shape.heads, shape.decoder_layers, shape.heads)
    weights = _Weights(seed)
    _fill_encoder(spec.encoder, shape, weights)
    _fill_decoder(spec.decoder, shape, weights, words.token_to_id("<|endoftext|>"))
    by_number = sorted(words.get_vocab(with_added_tokens=True).items(), key=lambda item: item[1])
    spec.register_vocabulary([token for token, _ in by_number])
    _configure(spec, shape, words)
    spec.validate()
    # The words that are said are told apart by the same numbers as those that are read.
    spec.decoder.projection.weight = "decoder/embeddings/weight"
    spec.decoder.projection.weight_scale = "decoder/embeddings/weight_scale"
    spec.save(str(folder))
    bands = {"feature_size": shape.bands, "sampling_rate": 16_000, "hop_length": 160,
             "chunk_length": 30, "n_fft": 400}  # fmt: skip
    (folder / "preprocessor_config.json").write_text(json.dumps(bands), encoding="utf-8")


def _configure(spec: Layer, shape: Shape, words: Tokenizer) -> None:
    codes = LANGUAGES[: shape.languages or 99]
    begin, end = words.token_to_id("<|startoftranscript|>"), words.token_to_id("<|notimestamps|>")
    spec.config.suppress_ids = list(range(begin, end))
    spec.config.suppress_ids_begin = [words.token_to_id("<|endoftext|>")]
    spec.config.lang_ids = [words.token_to_id(f"<|{code}|>") for code in codes]
    spec.config.alignment_heads = [[shape.decoder_layers - 1, head] for head in range(2)]


class _Weights:
    """Random weights out of one block, each tensor beginning somewhere else in it."""

    def __init__(self, seed: int) -> None:
        self._dice = np.random.default_rng(seed)
        self._block = np.frombuffer(self._dice.bytes(_BLOCK_BYTES), dtype=np.int8)
        self._block = np.maximum(self._block, np.int8(-127))

    def int8(self, *size: int) -> npt.NDArray[np.int8]:
        turned = np.roll(self._block, int(self._dice.integers(_BLOCK_BYTES)))
        return np.resize(turned, size)

    def floats(self, *size: int) -> Floats:
        return self._dice.standard_normal(size, dtype=np.float32) * np.float32(_SPREAD)

    def embeddings(self, layer: Layer, rows: int, columns: int) -> None:
        layer.weight = self.int8(rows, columns)
        layer.weight_scale = np.full(rows, _INT8_SPREAD / _SPREAD, dtype=np.float32)

    def linear(self, layer: Layer, rows: int, columns: int) -> None:
        self.embeddings(layer, rows, columns)
        layer.bias = np.zeros(rows, dtype=np.float32)


def _norm(layer: Layer, width: int) -> None:
    layer.gamma = np.ones(width, dtype=np.float32)
    layer.beta = np.zeros(width, dtype=np.float32)


def _fill_encoder(encoder: Layer, shape: Shape, weights: _Weights) -> None:
    width = shape.width
    for layer, channels in ((encoder.conv1, shape.bands), (encoder.conv2, width)):
        layer.weight = weights.floats(width, channels, 3)
        layer.bias = np.zeros(width, dtype=np.float32)
    encoder.position_encodings.encodings = weights.floats(AUDIO_POSITIONS, width)
    _norm(encoder.layer_norm, width)
    for layer in encoder.layer:
        _fill_attention(layer.self_attention, width, weights, (3, 1))
        _fill_feed_forward(layer.ffn, width, weights)


def _fill_decoder(decoder: Layer, shape: Shape, weights: _Weights, end: int) -> None:
    width = shape.width
    weights.embeddings(decoder.embeddings, shape.vocabulary, width)
    decoder.projection.weight = np.zeros(1, dtype=np.int8)  # until it is named, in build
    bias = np.zeros(shape.vocabulary, dtype=np.float32)
    bias[end], bias[end // 2] = _END, _WORD
    decoder.projection.bias = bias
    decoder.position_encodings.encodings = weights.floats(TEXT_POSITIONS, width)
    _norm(decoder.layer_norm, width)
    for layer in decoder.layer:
        _fill_attention(layer.self_attention, width, weights, (3, 1))
        _fill_attention(layer.attention, width, weights, (1, 2, 1))
        _fill_feed_forward(layer.ffn, width, weights)


def _fill_attention(
    attention: Layer, width: int, weights: _Weights, parts: tuple[int, ...]
) -> None:
    _norm(attention.layer_norm, width)
    for layer, times in zip(attention.linear, parts, strict=True):
        weights.linear(layer, times * width, width)


def _fill_feed_forward(layer: Layer, width: int, weights: _Weights) -> None:
    _norm(layer.layer_norm, width)
    weights.linear(layer.linear_0, 4 * width, width)
    weights.linear(layer.linear_1, width, 4 * width)


def main() -> None:
    """Build the model that is named, in the folder that is named."""
    name, folder = sys.argv[1:]
    begun = time.monotonic()
    build(SHAPES[name], Path(folder))
    print(f"{name} in {time.monotonic() - begun:.1f} s")


if __name__ == "__main__":
    main()
