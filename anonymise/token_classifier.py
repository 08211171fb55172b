"""A token classifier in ONNX form that labels the words of a text: a model of somebody's own.

As the hubs lay it out: a network, the tokenizer that it learnt with, and the names of its labels.
It is read as it stands; a label that stands for nothing here is left out by ``name_finder``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, cast

import msgspec
import numpy as np
import numpy.typing as npt

from anonymise.name_marks import Candidate, Sureness
from models import ModelKind, find_token_network, open_network
from study.errors import ModelBroken, ModelFlaw

_FIRM, _PLAIN = 0.9, 0.5  # the probability of the least sure word of a name
_LONGEST, _OVERLAP = 510, 64  # tokens seen at once, and of them before the place that is new
_PLACE = re.compile(r"^([BILUES])-(?=.)")  # of a word in its name: begins, inside, last, alone
_NEW = frozenset("BUS")

_Logits = npt.NDArray[np.float32]


class _Settings(msgspec.Struct):
    id2label: dict[str, str]
    max_position_embeddings: int = 512


class _Input(Protocol):
    name: str


class _Network(Protocol):
    def get_inputs(self) -> list[_Input]: ...
    def run(self, names: None, inputs: Mapping[str, npt.NDArray[np.int64]]) -> list[_Logits]: ...


class _Tokens(Protocol):
    """The used part of an encoding of ``tokenizers``, whose own annotations are partial."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    word_ids: list[int | None]
    overflowing: list[_Tokens]


class _Tokenizer(Protocol):
    def encode(self, sequence: str) -> _Tokens: ...
    def enable_truncation(self, max_length: int, *, stride: int) -> None: ...
    def no_padding(self) -> None: ...


class TokenClassifier:
    """The network, its tokenizer and its labels.

    Raises:
        ModelBroken: a file is missing, or is not what its name says.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer  # takes a tenth of a second

        network = find_token_network(folder)
        if network is None:
            raise ModelBroken(ModelKind.NAMES, ModelFlaw.NO_FINDER)
        try:
            settings = msgspec.json.decode((folder / "config.json").read_bytes(), type=_Settings)
            self._labels = {int(number): label for number, label in settings.id2label.items()}
            self._tokenizer = cast(
                "_Tokenizer", Tokenizer.from_file(str(folder / "tokenizer.json"))
            )
            longest = min(settings.max_position_embeddings - 2, _LONGEST)
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(longest, stride=_OVERLAP)
        except Exception as broken:  # tokenizers raises nothing but Exception
            raise ModelBroken(ModelKind.NAMES, ModelFlaw.NO_FINDER) from broken
        if longest < 2 * _OVERLAP:  # a name at a seam would be seen whole in neither part
            raise ModelBroken(ModelKind.NAMES, ModelFlaw.NO_FINDER)
        self._network = cast(
            "_Network", open_network(network, ModelKind.NAMES, ModelFlaw.NO_FINDER)
        )
        self._asks = {one.name for one in self._network.get_inputs()}

    @property
    def labels(self) -> list[str]:
        """The model's own labels, without the place of a word in its name."""
        return list(dict.fromkeys(_PLACE.sub("", label) for label in self._labels.values()))

    def find_candidates(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """Return the candidates of each text, in order; those of one text do not overlap.

        Raises:
            ModelBroken: the network asks or answers otherwise than one that labels tokens.
        """
        return [list(self._find_in(text)) for text in texts]

    def _find_in(self, text: str) -> Iterator[Candidate]:
        try:
            whole = self._tokenizer.encode(text)
        except Exception as broken:  # it adds more marks of its own than a part has places
            raise ModelBroken(ModelKind.NAMES, ModelFlaw.NO_FINDER) from broken
        parts = [whole, *whole.overflowing]
        end = 0
        for part in parts:
            cut = len(text) if part is parts[-1] else max(stop for _, stop in part.offsets)
            for found in _join_words(text, self._label_words(part)):
                # Else seen in the part before, or to be seen whole in the next one.
                if found.start >= end and (found.end < cut or part is parts[-1]):
                    yield found
                    end = found.end

    def _label_words(self, tokens: _Tokens) -> Iterator[tuple[int, int, str, float]]:
        """Yield the start, end, label and probability of each word, as its first token has it."""
        count = len(tokens.ids)
        given = {
            "input_ids": tokens.ids,
            "attention_mask": [1] * count,
            "token_type_ids": [0] * count,
        }
        inputs = {
            name: np.array([numbers], dtype=np.int64)
            for name, numbers in given.items()
            if name in self._asks
        }
        try:
            logits = self._network.run(None, inputs)[0][0]
            with np.errstate(all="ignore"):
                shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
                shares /= shares.sum(axis=-1, keepdims=True)
            if len(shares) != count or np.isnan(shares).any():
                raise ValueError  # a label for each token, or what it says is about none
            best = [
                (self._labels[at], float(shares[n, at])) for n, at in enumerate(shares.argmax(-1))
            ]
        except Exception as broken:  # the library's errors have no common base
            raise ModelBroken(ModelKind.NAMES, ModelFlaw.NO_FINDER) from broken
        words: dict[int, tuple[int, int, str, float]] = {}
        for (start, end), word, (label, share) in zip(
            tokens.offsets, tokens.word_ids, best, strict=True
        ):
            if word is None:
                continue  # the network's own marks around a text
            first = words.get(word, (start, end, label, share))
            words[word] = (first[0], end, first[2], first[3])
        yield from words.values()


def _join_words(text: str, words: Iterator[tuple[int, int, str, float]]) -> Iterator[Candidate]:
    """Yield one candidate for words of a label in a row; "B-" begins a new one."""
    open_name: Candidate | None = None
    for start, end, marked, share in words:
        place, label = _PLACE.match(marked), _PLACE.sub("", marked)
        sureness = _grade(share)
        if label == "O":
            if open_name is not None:
                yield open_name
            open_name = None
        elif (
            open_name is not None
            and open_name.label == label
            and (place is None or place[1] not in _NEW)
        ):
            open_name = replace(open_name, end=end, sureness=min(sureness, open_name.sureness))
        else:
            if open_name is not None:
                yield open_name
            begin = end - len(text[start:end].lstrip())  # some tokens hold the space before them
            open_name = Candidate(begin, end, label, sureness)
    if open_name is not None:
        yield open_name


def _grade(share: float) -> Sureness:
    if share >= _FIRM:
        return Sureness.FIRM
    return Sureness.PLAIN if share >= _PLAIN else Sureness.EAGER
