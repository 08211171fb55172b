"""A trained spaCy pipeline that is run three times for names: eager, unchanged, and cautious.

spaCy's recogniser gives no confidence. Which of the three runs mark a name tells how sure it is:
the cautious run adds to the score of "no name here", the eager run takes away from it. The runs
differ in that one number of the last layer, so the costly part, the vectors of the words, is
computed once.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from anonymise.no_sockets import load_without_sockets
from study.errors import ModelBroken, ModelMissing

with load_without_sockets():
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.api import (
        Model,
        Ops,
        get_ops,  # pyright: ignore[reportUnknownVariableType] - thinc's
    )

_UNUSED = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer"]
_BATCH = 64
_LONGEST = 20_000  # characters of one part of a turn: 4,000 words
_MOST_CHARACTERS = 60_000  # of all parts that are seen at once
# Added to the score of "no name here". 1.5 leaves three quarters of what the bundled model finds
# on earnings calls, at a token precision of .72 where all of it has .60. A find at -1.5 that the
# unchanged model lacks is a name in half of the cases, where it is no ordinary word.
_CAUTIOUS_BIAS, _EAGER_BIAS = 1.5, -1.5

Vectors = NDArray[np.float32]
_Part = tuple[int, int, str]  # the text's index, where in it this begins, characters


class Sureness(IntEnum):
    """Which runs marked a name: the eager one alone, the unchanged one too, or all three."""

    EAGER = 0
    PLAIN = 1
    FIRM = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """Characters ``start`` to ``end`` that the model marked, with the model's own label."""

    start: int
    end: int
    label: str
    sureness: Sureness


class _Layer(Protocol):
    """The last layer of spaCy's recogniser: one number for each move."""

    def has_param(self, name: str) -> bool: ...
    def get_param(self, name: str) -> Vectors: ...
    def set_param(self, name: str, value: Vectors) -> None: ...


class _Network(Protocol):
    layers: list[_Layer]


class _Stack(Protocol):
    """The same network, of which the first layer gives a vector for each word."""

    layers: list[Model[Any, Any]]


class _Computing(Protocol):
    ops: Ops


class _Moves(Protocol):
    n_moves: int

    def get_class_name(self, move: int) -> str: ...


class _Transitions(Protocol):
    """The used part of spaCy's ``EntityRecognizer``, which has no annotations of its own."""

    model: _Network
    moves: _Moves

    def predict(self, docs: list[Doc]) -> object: ...
    def set_annotations(self, docs: list[Doc], states: object) -> None: ...


class Recogniser:
    """The name finder of a trained pipeline.

    Raises:
        ModelMissing, ModelBroken: see ``load_recogniser``.
    """

    def __init__(self, folder: Path) -> None:
        self._model = load_recogniser(folder)
        self._ner = cast("_Transitions", self._model.get_pipe("ner"))
        self._upper = self._ner.model.layers[-1] if hasattr(self._ner, "moves") else None
        if self._upper is not None and not self._upper.has_param("b"):
            self._upper = None
        if self._upper is not None:
            moves = self._ner.moves
            self._no_name = [moves.get_class_name(at) for at in range(moves.n_moves)].index("O")
            _cache_layers(cast("_Stack", self._ner.model))

    @property
    def labels(self) -> list[str]:
        """The model's own labels."""
        return self._model.pipe_labels.get("ner", [])

    def find_candidates(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """Return the candidates of each text, in order; those of one text do not overlap."""
        by_text: list[list[Candidate]] = [[] for _ in texts]
        parts = [
            (number, start, part)
            for number, text in enumerate(texts)
            for start, part in _cut_long_text(text)
        ]
        for batch in _cut_into_batches(parts):
            by_part = self._find_in_parts([part for _, _, part in batch])
            for (number, start, _), candidates in zip(batch, by_part, strict=True):
                by_text[number] += [
                    replace(c, start=c.start + start, end=c.end + start) for c in candidates
                ]
        return by_text

    def _find_in_parts(self, texts: Sequence[str]) -> list[list[Candidate]]:
        if self._upper is None:  # a model of another build: all that it finds is firm
            docs = self._model.pipe(texts, batch_size=_BATCH)
            return [[Candidate(*e, Sureness.FIRM) for e in _list_entities(doc)] for doc in docs]
        docs = list(self._model.pipe(texts, batch_size=_BATCH, disable=["ner"]))
        three = (
            self._run_biased(docs, self._upper, bias) for bias in (_EAGER_BIAS, 0.0, _CAUTIOUS_BIAS)
        )
        return [_grade_entities(*runs) for runs in zip(*three, strict=True)]

    def _run_biased(self, docs: list[Doc], upper: _Layer, bias: float) -> list[list[_Entity]]:
        for doc in docs:
            doc.from_array(["ENT_IOB", "ENT_TYPE"], np.zeros((len(doc), 2), dtype=np.uint64))  # pyright: ignore[reportArgumentType] - spaCy's own attributes are unsigned
        with self._bias_layer(upper, bias):
            self._ner.set_annotations(docs, self._ner.predict(docs))
        return [_list_entities(doc) for doc in docs]

    @contextmanager
    def _bias_layer(self, upper: _Layer, bias: float) -> Generator[None]:
        """Add a bias to the last layer's score of "no name here", within the context."""
        as_it_was = upper.get_param("b")
        changed = as_it_was.copy()
        changed[self._no_name] += bias
        upper.set_param("b", changed)
        try:
            yield
        finally:
            upper.set_param("b", as_it_was)


_Entity = tuple[int, int, str]


def _list_entities(doc: Doc) -> list[_Entity]:
    return [(span.start_char, span.end_char, span.label_) for span in doc.ents]


def _grade_entities(
    eager: Iterable[_Entity], plain: Iterable[_Entity], firm: Iterable[_Entity]
) -> list[Candidate]:
    """Return the marks of the unchanged run, and those of the eager run elsewhere."""
    sure = {i for start, end, _ in firm for i in range(start, end)}
    marked = {i for start, end, _ in plain for i in range(start, end)}
    graded = [
        Candidate(*e, Sureness.PLAIN if sure.isdisjoint(range(*e[:2])) else Sureness.FIRM)
        for e in plain
    ]
    more = [Candidate(*e, Sureness.EAGER) for e in eager if marked.isdisjoint(range(*e[:2]))]
    return sorted([*graded, *more], key=lambda candidate: candidate.start)


def _cut_into_batches(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Yield parts together, few enough that their vectors take no more than some 100 MB."""
    batch: list[_Part] = []
    length = 0
    for part in parts:
        length += len(part[2])
        if batch and (len(batch) == _BATCH or length > _MOST_CHARACTERS):
            yield batch
            batch, length = [], len(part[2])
        batch.append(part)
    if batch:
        yield batch


def _cache_layers(network: _Stack) -> None:
    """Make the first two layers return their last output again for the same input.

    They multiply with numpy's own library: thinc's takes three times as long on common processors.
    """
    ops = get_ops("numpy", use_blis=False)
    for whole in network.layers[:2]:
        for layer in cast("Iterable[_Computing]", whole.walk()):  # pyright: ignore[reportUnknownMemberType] - thinc's
            layer.ops = ops
    network.layers[0] = _cache_output(network.layers[0], _are_same)
    network.layers[1] = _cache_output(network.layers[1], _is_same)


def _cache_output(layer: Model[Any, Any], is_same: Callable[[Any, Any], bool]) -> Model[Any, Any]:
    """Return a layer that computes the output of its last input once; it cannot be trained."""
    last: list[tuple[Any, Any]] = []

    def forward(_: Model[Any, Any], inputs: Any, is_train: bool) -> tuple[Any, Callable[..., Any]]:  # noqa: ANN401, FBT001 - thinc's call
        if not last or not is_same(last[0][0], inputs):
            last.clear()  # before the next is computed: both together are twice the memory
            last.append((inputs, layer(inputs, is_train=is_train)[0]))
        return last[0][1], _ignore_gradient

    return Model(
        "remembered", forward, layers=[layer],
        dims={name: layer.maybe_get_dim(name) for name in layer.dim_names},
        params={name: layer.maybe_get_param(name) for name in layer.param_names},
    )  # fmt: skip


def _are_same(some: Sequence[Doc], others: Sequence[Doc]) -> bool:
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))


def _is_same(one: object, other: object) -> bool:
    return one is other


def _ignore_gradient(_: object) -> None:
    """Stand in for a layer's backward pass: nothing is trained here."""


def _cut_long_text(text: str) -> Iterator[tuple[int, str]]:
    """Yield a turn's text, or parts of a text so long that the model's memory would grow with it.

    A part ends after a sentence where one ends in its last tenth, else at white space. Each comes
    with the character at which it begins.
    """
    start = 0
    while len(text) - start > _LONGEST:
        end = start + _LONGEST
        late = start + _LONGEST * 9 // 10
        cut = max(text.rfind(stop, late, end) + 1 for stop in (". ", "? ", "! ", "\n"))
        cut = cut or max(text.rfind(" ", late, end) + 1, 0) or end
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]


def load_recogniser(folder: Path) -> Language:
    """Load a trained pipeline for its name finder alone.

    Raises:
        ModelMissing: there is no such folder.
        ModelBroken: it does not load, or has no name finder.
    """
    if not folder.is_dir():
        raise ModelMissing("name-finding")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a pipeline of another minor version says so aloud
            model = spacy.load(folder, exclude=_UNUSED)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError) as broken:
        raise ModelBroken("name-finding") from broken
    if "ner" not in model.pipe_names:
        raise ModelBroken("name-finding")
    model.max_length = 10**9  # the limit guards parsers, which are left out
    return model
