"""Models with random weights in the true shapes of Whisper's: they load, run, and talk nonsense.

They stand in for fetched ones in tests: the same files, tensors, number format, vocabulary sizes
and number of mel bands, so that size, loading, memory and the whole path are real although no word
is. Each says as many tokens in every window as it was built to, and its word times spread over
the window, so that it costs what a fetched one does: no temperature fails, nothing is heard twice.
Weights come from one block of random numbers, so the largest is written in seconds:

    python -m tools.shapes large-v3 FOLDER [TOKENS]
"""

from __future__ import annotations

import json
import string
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
_LANGUAGES = """
en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur
hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si
km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha
ba jw su yue
"""
LANGUAGES = tuple(_LANGUAGES.split())

AUDIO_POSITIONS, TEXT_POSITIONS = 1500, 448
TIMESTAMPS = 1501
_SPACE = "\N{LATIN CAPITAL LETTER G WITH DOT ABOVE}"  # as byte-level tokenizers write it
_BLOCK = 1 << 23  # numbers
_SPREAD = 0.02  # of the weights, as GPT-2 begins with
# What is said, whatever is heard: each place in the text leads to the next of the tokens said, then
# to a time and to the end. Their rows are larger than others', and the places larger still, for
# thirty-two layers of noise are added to them.
_SAID = (" a", " n", " w", "o", " h", "as", " i")
_ROWS_TIMES, _PLACES_TIMES = 4, 60
# The first numbers of every place, in the sound and in the text, are hands of clocks: the slowest
# goes half round in 30 s, the others two to thirty-two times as fast, with shorter hands. Two heads
# look from a place in the text to that in the sound where the clocks show the same, and the less
# the farther off. Word times are read from these heads.
_CLOCK = 64  # as wide as a head
_TIMING_HEADS = 2
# Of the tokens begin a word where they may go on with one; of two one does, for a word that lasts
# more than 2 s is cut, and leaves speech without words behind.
_WORDS_SHARE = 0.6
_HAND = 40  # how long the slowest one's are, beside the noise
_SAID_OVER_S, _PLACES_PER_S = 28.0, 50

Halves = npt.NDArray[np.float16]  # what the fetched ones are kept in
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
        Shape("tiny", 384, 6, 4, 4),
        Shape("base", 512, 8, 6, 6),
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
    # Pairs that begin with a space come first, for not all pairs have room.
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet(), key=lambda sign: (sign != _SPACE, sign))
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


def build(shape: Shape, folder: Path, seed: int = 1, *, tokens: int = len(_SAID)) -> None:
    """Write a model into an empty or new folder: the files that faster-whisper loads.

    tokens: of text that it says in every window, 1 to 220, spread evenly over 28 s: of more,
    faster-whisper hears no end and decodes the rest once more. Fewer where it is given hints, for
    the places count from the first of them. People say about 90 in 28 s.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = tokenizer(shape)
    words.save(str(folder / "tokenizer.json"))
    spec = WhisperSpec(shape.encoder_layers, shape.heads, shape.decoder_layers, shape.heads)
    weights = _Weights(seed)
    _fill_encoder(spec.encoder, shape, weights)
    _fill_decoder(spec.decoder, shape, weights, _Script.of(shape, words, tokens))
    by_number = sorted(words.get_vocab(with_added_tokens=True).items(), key=lambda item: item[1])
    spec.register_vocabulary([token for token, _ in by_number])
    _configure(spec, shape, words)
    spec.validate()
    # The words that are said are told apart by the same numbers as those that are read.
    spec.decoder.projection.weight = "decoder/embeddings/weight"
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
    spec.config.alignment_heads = [
        [shape.decoder_layers - 1, head] for head in range(_TIMING_HEADS)
    ]


@dataclass(frozen=True)
class _Script:
    """What each place in the text leads to, and where in the sound it is said.

    leads_to: numbers of tokens. heard_at: places in the sound, 50 a second.
    """

    leads_to: list[int]
    heard_at: Halves

    @classmethod
    def of(cls, shape: Shape, words: Tokenizer, tokens: int) -> _Script:
        """Write the script of a model that says so many tokens."""
        first, last = words.token_to_id("<|0.00|>"), words.token_to_id(f"<|{_SAID_OVER_S:.2f}|>")
        said = [words.encode(text).ids[0] for text in _said(tokens)]
        before = 3 if shape.languages else 1  # begin, language and task; English has but the first
        script = [first] * before + [*said, last]
        ends = [words.token_to_id("<|endoftext|>")] * (TEXT_POSITIONS - len(script))
        share = np.clip((np.arange(TEXT_POSITIONS) - before) / tokens, 0, 1)
        return cls(script + ends, (share * _SAID_OVER_S * _PLACES_PER_S).astype(np.float16))


def _said(tokens: int) -> list[str]:
    """Return so many tokens that do not repeat themselves: a loop would be decoded again."""
    dice = np.random.default_rng(tokens)
    letters = list(string.ascii_lowercase)
    said = list(_SAID)
    while len(said) < tokens:
        one, other = dice.choice(letters, 2)
        begins = dice.random() < _WORDS_SHARE or not said[-1].startswith(" ")
        said.append(f" {one}" if begins else one + other)
    return said[:tokens]


def _clock(at: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the hands at places in the sound, shape (places, _CLOCK)."""
    speeds = np.arange(1, _CLOCK // 2 + 1)
    angles = np.pi * np.asarray(at)[:, None] * speeds / AUDIO_POSITIONS
    return _HAND * np.hstack([np.cos(angles) / speeds, np.sin(angles) / speeds])


class _Weights:
    """Random weights out of one block, each tensor beginning somewhere else in it."""

    def __init__(self, seed: int) -> None:
        self._dice = np.random.default_rng(seed)
        block = self._dice.standard_normal(_BLOCK, dtype=np.float32) * np.float32(_SPREAD)
        self._block = block.astype(np.float16)

    def tensor(self, *size: int) -> Halves:
        turned = np.roll(self._block, int(self._dice.integers(_BLOCK)))
        return np.resize(turned, size)

    def linear(self, layer: Layer, rows: int, columns: int) -> None:
        layer.weight = self.tensor(rows, columns)
        layer.bias = np.zeros(rows, dtype=np.float16)


def _norm(layer: Layer, width: int) -> None:
    layer.gamma = np.ones(width, dtype=np.float16)
    layer.beta = np.zeros(width, dtype=np.float16)


def _fill_encoder(encoder: Layer, shape: Shape, weights: _Weights) -> None:
    width = shape.width
    for layer, channels in ((encoder.conv1, shape.bands), (encoder.conv2, width)):
        layer.weight = weights.tensor(width, channels, 3)
        layer.bias = np.zeros(width, dtype=np.float16)
    places = weights.tensor(AUDIO_POSITIONS, width)
    places[:, :_CLOCK] = _clock(np.arange(AUDIO_POSITIONS))
    encoder.position_encodings.encodings = places
    _norm(encoder.layer_norm, width)
    for layer in encoder.layer:
        _fill_attention(layer.self_attention, width, weights, (3, 1))
        _fill_feed_forward(layer.ffn, width, weights)


def _fill_decoder(decoder: Layer, shape: Shape, weights: _Weights, script: _Script) -> None:
    width = shape.width
    decoder.embeddings.weight = weights.tensor(shape.vocabulary, width)
    decoder.embeddings.weight[list(set(script.leads_to))] *= np.float16(_ROWS_TIMES)
    decoder.embeddings.weight[:, :_CLOCK] = 0  # the hands choose no words
    decoder.projection.weight = np.zeros(1, dtype=np.float16)  # until it is named, in build
    places = decoder.embeddings.weight[script.leads_to] * np.float16(_PLACES_TIMES)
    places[:, :_CLOCK] = _clock(script.heard_at)
    decoder.position_encodings.encodings = places
    _norm(decoder.layer_norm, width)
    for layer in decoder.layer:
        _fill_attention(layer.self_attention, width, weights, (3, 1))
        _fill_attention(layer.attention, width, weights, (1, 2, 1))
        _fill_feed_forward(layer.ffn, width, weights)
    asks, answers, _ = decoder.layer[-1].attention.linear
    for layer in (asks, answers):
        for head in range(_TIMING_HEADS):
            rows = slice(head * _CLOCK, (head + 1) * _CLOCK)
            layer.weight[rows] = np.eye(_CLOCK, width, dtype=np.float16)


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
    """Build the model that is named, in the folder that is named, saying so many tokens."""
    name, folder, *tokens = sys.argv[1:]
    begun = time.monotonic()
    build(SHAPES[name], Path(folder), tokens=int(tokens[0]) if tokens else len(_SAID))
    print(f"{name} in {time.monotonic() - begun:.1f} s")


if __name__ == "__main__":
    main()
