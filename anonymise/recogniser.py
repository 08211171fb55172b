"""A trained spaCy pipeline that is run three times for names: eager, unchanged, and cautious.

spaCy's recogniser gives no confidence. Which of the three runs mark a name tells how sure it is:
the cautious run adds to the score of "no name here", the eager run takes away from it. The runs
differ in that one number of the last layer, so the costly part, the vectors of the words, is
computed once, and ``name_decoding`` decodes all three together.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np

from anonymise.name_decoding import LastLayers, MarkedWords, MoveTable, Vectors, decode_texts
from anonymise.name_marks import Candidate, Sureness
from anonymise.no_sockets import load_without_sockets
from study.errors import ModelBroken, ModelFlaw, ModelMissing

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
_BIASES = (-1.5, 0.0, 1.5)  # eager, unchanged, cautious
_LAYERS, _STATES = 3, frozenset({3, 6})  # of the recognisers that are decoded here
_HARMLESS = frozenset({"tok2vec", "ner", "transformer"})  # components that end no sentence
_Part = tuple[int, int, str]  # the text's index, where in it this begins, characters


class _Layer(Protocol):
    """One of the last layers of spaCy's recogniser."""

    def has_dim(self, name: str) -> bool | None: ...
    def get_dim(self, name: str) -> int: ...
    def has_param(self, name: str) -> bool | None: ...
    def get_param(self, name: str) -> Vectors: ...
    def predict(self, inputs: object) -> Vectors: ...


class _Network(Protocol):
    layers: list[_Layer]
    attrs: dict[str, object]


class _Computing(Protocol):
    ops: Ops


class _Moves(Protocol):
    n_moves: int

    def get_class_name(self, move: int) -> str: ...


class _Transitions(Protocol):
    """The used part of spaCy's ``EntityRecognizer``, which has no annotations of its own."""

    model: _Network
    moves: _Moves
    cfg: dict[str, object]


class Recogniser:
    """The name finder of a trained pipeline.

    Raises:
        ModelMissing, ModelBroken: see ``load_recogniser``.
    """

    def __init__(self, folder: Path) -> None:
        self._model = load_recogniser(folder)
        self._ner = cast("_Transitions", self._model.get_pipe("ner"))
        self._decoder: tuple[LastLayers, MoveTable] | None = None
        if _is_known_build(self._model, self._ner):
            _, hidden, upper = self._ner.model.layers
            names = [self._ner.moves.get_class_name(at) for at in range(self._ner.moves.n_moves)]
            layers = LastLayers(
                hidden.get_param("b"), upper.get_param("W"), upper.get_param("b").reshape(-1)
            )
            self._decoder = layers, MoveTable(names)
            _compute_with_numpy(self._ner.model)

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
        if self._decoder is None:  # a model of another build: all that it finds is firm
            docs = self._model.pipe(texts, batch_size=_BATCH)
            return [[Candidate(*e, Sureness.FIRM) for e in _list_entities(doc)] for doc in docs]
        docs = list(self._model.pipe(texts, batch_size=_BATCH, disable=["ner"]))
        words, hidden, _ = self._ner.model.layers
        if not any(map(len, docs)):
            return [[] for _ in docs]
        features = hidden.predict(words.predict(docs))
        spaces = [doc.to_array("IS_SPACE").astype(np.bool_) for doc in docs]
        runs = decode_texts(*self._decoder, features, spaces, _BIASES)
        graded: list[list[Candidate]] = []
        for doc, *three in zip(docs, *runs, strict=True):
            eager, plain, firm = ([_to_characters(doc, name) for name in names] for names in three)
            graded.append(_grade_entities(eager, plain, firm))
        return graded


def _is_known_build(model: Language, ner: _Transitions) -> bool:
    """Whether its recogniser has three layers and is greedy, and nothing ends sentences."""
    layers = getattr(ner.model, "layers", ()) if hasattr(ner, "moves") else ()
    if len(layers) != _LAYERS or not layers[-1].has_param("b") or not layers[1].has_dim("nP"):
        return False
    is_plain = not ner.model.attrs.get("unseen_classes") and ner.cfg.get("beam_width", 1) == 1
    fits = layers[1].get_dim("nF") in _STATES and layers[1].get_dim("nP") > 1
    return is_plain and fits and _HARMLESS.issuperset(model.pipe_names)


def _to_characters(doc: Doc, name: MarkedWords) -> _Entity:
    first, end, label = name
    last = doc[end - 1]
    return doc[first].idx, last.idx + len(last), label


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


def _compute_with_numpy(network: _Network) -> None:
    """Let the first two layers multiply with numpy's own library.

    thinc's takes three times as long on common processors.
    """
    ops = get_ops("numpy", use_blis=False)
    for whole in cast("Iterable[Model[Any, Any]]", network.layers[:2]):
        for layer in cast("Iterable[_Computing]", whole.walk()):  # pyright: ignore[reportUnknownMemberType] - thinc's
            layer.ops = ops


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


def _list_unheard(folder: Path) -> list[str]:
    """Return the shared layer of words where the name finder has one of its own."""
    try:
        config = cast("Any", spacy.util.load_config(folder / "config.cfg"))
        own: object = config["components"]["ner"]["model"]["tok2vec"]["@architectures"]
    except (KeyError, TypeError, OSError, ValueError):
        return []  # of another build, or broken: loading it will tell
    return ["tok2vec"] if isinstance(own, str) and "Listener" not in own else []


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
            model = spacy.load(folder, exclude=[*_UNUSED, *_list_unheard(folder)])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError) as broken:
        raise ModelBroken("name-finding") from broken
    if "ner" not in model.pipe_names:
        raise ModelBroken("name-finding", ModelFlaw.NO_NAMES)
    model.max_length = 10**9  # the limit guards parsers, which are left out
    return model
