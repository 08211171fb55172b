"""Names by trained spaCy pipelines: the one that ships with Earshot, and any that is installed.

A model sees each turn's text in its own pipeline, with its own tokenizer; its finds come back
as characters. spaCy's name finder gives no confidence, so ours is asked twice where it found
something: once as it is, and once when it has to be surer. What that, the letters' case and the
word lists say together is the score; what stays below ``study.terms.LIKELY`` is a question.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from anonymise import finding, vocabulary
from anonymise.keep import COUNTRIES, shipped
from anonymise.pieces import Piece, Spoken, begins_sentence, listed, low_at
from anonymise.proposals import Proposal
from study.errors import ModelBroken, ModelMissing
from study.terms import Category

SOURCE = finding.NAMES
_CATEGORIES = {
    "PERSON": Category.PERSON, "PER": Category.PERSON,
    "PLACE": Category.PLACE, "GPE": Category.PLACE, "LOC": Category.PLACE, "FAC": Category.PLACE,
    "ORG": Category.ORGANISATION, "ORGANISATION": Category.ORGANISATION,
    "FACILITY": Category.ORGANISATION,
    "NORP": Category.BACKGROUND, "EVENT": Category.EVENT,
}  # fmt: skip
_ASIDE = frozenset({Category.BACKGROUND, Category.EVENT})
_ASIDE_SCORE = 0.4  # questions by nature: they point to somebody only with something else
_SITE_WORDS = frozenset({"home", "hospital", "house", "town", "village", "ward", "group", "bus"})
_INNER = frozenset({"of", "the", "and", "upon", "on", "in", "le", "de", "la", "van", "von", "for"})
_DIRECTIONS = frozenset({"new", "north", "south", "east", "west", "great", "st", "saint", "upper"})
_UNUSED = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer"]
_BATCH = 64
_LONGEST = 20_000  # characters that the model sees at once: 4,000 words
_ARTICLES = frozenset({"the", "a", "an", "this", "that", "some"})
_BODIES = listed("""
    court ministry department council university government police board bank party association
    institute commission authority committee federation union agency college school hospital
    church society trust company chapel parliament assembly congress army force service
""")
# Added to the score of "no name here". 1.5 leaves three quarters of what the bundled model finds
# on earnings calls, at a token precision of .72 where all of it has .60.
_SURER = 1.5


class _Layer(Protocol):
    """The last layer of spaCy's recogniser: one number for each move."""

    def has_param(self, name: str) -> bool: ...
    def get_param(self, name: str) -> NDArray[np.float32]: ...
    def set_param(self, name: str, value: NDArray[np.float32]) -> None: ...


class _Network(Protocol):
    layers: Sequence[_Layer]


class _Moves(Protocol):
    n_moves: int

    def get_class_name(self, move: int) -> str: ...


class _Recogniser(Protocol):
    """What is needed of spaCy's ``EntityRecognizer``, which says nothing of its types."""

    model: _Network
    moves: _Moves


class Finder:
    """A trained pipeline's name finder; ``source`` is what its finds are said to come from.

    Raises:
        ModelMissing, ModelBroken: see ``load``.
    """

    def __init__(self, folder: Path, source: str = SOURCE) -> None:
        self.source = source
        self._model = load(folder)

    @property
    def kinds(self) -> set[Category]:
        """The categories that its labels stand for."""
        labels = self._model.pipe_labels.get("ner", [])
        return {_CATEGORIES[label] for label in labels if label in _CATEGORIES}

    def found(self, texts: Sequence[str]) -> list[list[Proposal]]:
        """Return what it finds in each text, in order."""
        found: list[list[Proposal]] = [[] for _ in texts]
        parts = [(at, start, text) for at, whole in enumerate(texts) for start, text in _cut(whole)]
        for first in range(0, len(parts), _BATCH):
            batch = parts[first : first + _BATCH]
            in_parts = self._in_parts([text for _, _, text in batch])
            for (at, start, _), here in zip(batch, in_parts, strict=True):
                found[at] += [replace(p, start=p.start + start, end=p.end + start) for p in here]
        return found

    def _in_parts(self, texts: Sequence[str]) -> list[list[Proposal]]:
        docs = list(self._model.pipe(texts, batch_size=_BATCH))
        asked = [at for at, doc in enumerate(docs) if doc.ents]
        with _surer(self._model):
            again = self._model.pipe((texts[at] for at in asked), batch_size=_BATCH)
            firm = {at: _covered(doc) for at, doc in zip(asked, again, strict=True)}
        return [self._proposals(doc, firm.get(at, set())) for at, doc in enumerate(docs)]

    def marked(self, text: str) -> list[tuple[int, int]]:
        """Return what the model itself marks, before any of it is doubted; characters."""
        return [(start, end) for start, end, _ in _entities(self._model(text))]

    def _proposals(self, doc: Doc, firm: set[int]) -> list[Proposal]:
        if not doc.ents:
            return []
        spoken = Spoken.of(doc.text)
        found = (self._proposal(spoken, entity, firm) for entity in _entities(doc))
        return [one for one in found if one is not None]

    def _proposal(
        self, spoken: Spoken, entity: tuple[int, int, str], firm: set[int]
    ) -> Proposal | None:
        start, end, label = entity
        category = _CATEGORIES.get(label)
        inside = list(spoken.within(start, end))
        named = _named(spoken, inside, category) if category is not None else []
        if category is None or not named:
            return None
        first, last = spoken.pieces[named[0]], spoken.pieces[named[-1]]
        is_firm = any(at in firm for at in range(first.start, last.end))
        score = _score(spoken, named, is_firm=is_firm)
        if category in _ASIDE:
            score = min(score, _ASIDE_SCORE)
        if not score:
            return None
        return Proposal(first.start, last.end, category, self.source, score, trained=True)


def _cut(text: str) -> Iterator[tuple[int, str]]:
    """Yield a turn, or its parts where it is so long that the model's memory would grow with it.

    A part ends after a sentence where one ends in its last tenth, else at white space.
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


def load(folder: Path) -> Language:
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


@contextmanager
def _surer(model: Language) -> Generator[None]:
    """Make the model name less: its last layer's number for "no name here" is raised meanwhile.

    A model of another build than spaCy's own recogniser is left as it is: all its finds are firm.
    """
    ner = cast("_Recogniser", model.get_pipe("ner"))
    upper = ner.model.layers[-1] if hasattr(ner, "moves") else None
    if upper is None or not upper.has_param("b"):
        yield
        return
    moves = [ner.moves.get_class_name(place) for place in range(ner.moves.n_moves)]
    as_it_was = upper.get_param("b")
    bias = as_it_was.copy()
    bias[moves.index("O")] += _SURER
    upper.set_param("b", bias)
    try:
        yield
    finally:
        upper.set_param("b", as_it_was)


def _entities(doc: Doc) -> Iterator[tuple[int, int, str]]:
    for entity in doc.ents:
        yield entity.start_char, entity.end_char, entity.label_


def _covered(doc: Doc) -> set[int]:
    return {at for entity in doc.ents for at in range(entity.start_char, entity.end_char)}


def _named(spoken: Spoken, inside: list[int], category: Category) -> list[int]:
    """Leave out everyday words at the edges: "Thanks Jorge" is Jorge, "gross CapEx" is CapEx."""

    def is_edge(at: int) -> bool:
        piece = spoken.pieces[at]
        if piece.text in COUNTRIES:
            return False
        if piece.low in _DIRECTIONS and category is not Category.PERSON and len(inside) > 1:
            return False
        if piece.bare in shipped().everyday:
            return True
        if spoken.cased:
            return piece.is_word and not piece.is_capital and vocabulary.is_plain(piece.bare)
        return category is Category.PERSON and vocabulary.is_plain(piece.bare)

    first, last = 0, len(inside)
    while first < last and is_edge(inside[first]):
        first += 1
    while (
        last > first
        and is_edge(inside[last - 1])
        and spoken.pieces[inside[last - 1]].bare not in _SITE_WORDS
    ):
        last -= 1
    return inside[first:last]


def _score(spoken: Spoken, inside: list[int], *, is_firm: bool) -> float:
    """How sure it is that these pieces are a name.

    The numbers are shares of right finds, rounded, on talk of which the names are marked: GUM's
    interviews and conversations, and earnings calls where those say too little.
    """
    parts = [spoken.pieces[at] for at in inside if spoken.pieces[at].is_word]
    if not parts:
        return 0.0
    if not spoken.cased:
        score = _LOWERED[_kind(parts)][is_firm]
        return score + (_MORE if _is_named_lowered(spoken, inside[0], parts) else 0.0)
    shown = [piece for piece in parts if piece.bare not in _INNER]
    if not any(piece.is_capital for piece in shown):
        # Nearly all of these are wrong: what is ordinary goes, the rest is a question.
        return 0.0 if _kind(parts) in {"word", "words"} or not is_firm else 0.3
    score = _WRITTEN[_kind(parts)][is_firm] + (_MORE if _is_body(parts) else 0.0)
    return score if len(parts) > 1 else _score_of_one(spoken, inside[0], score, is_firm=is_firm)


def _is_named_lowered(spoken: Spoken, at: int, parts: Sequence[Piece]) -> bool:
    """Whether ordinary words without capitals are a name all the same: "bill", "crown court"."""
    if len(parts) > 1:
        return _is_body(parts)
    is_thing = low_at(spoken.pieces, at - 1) in _ARTICLES
    return _kind(parts) == "word" and vocabulary.is_often_given(parts[0].bare) and not is_thing


def _is_body(parts: Sequence[Piece]) -> bool:
    """Whether it is ordinary words with one that bodies are called by: "Department of Health"."""
    ordinary = len(parts) > 1 and _kind(parts) == "words"
    return ordinary and any(piece.bare in _BODIES for piece in parts)


def _score_of_one(spoken: Spoken, at: int, score: float, *, is_firm: bool) -> float:
    """Correct the score of a single word with a capital for what a capital may mean."""
    piece = spoken.pieces[at]
    if piece.text in COUNTRIES:
        return 0.8
    if len(piece.text) > 1 and piece.text.isupper():
        return 0.5 if is_firm else 0.35
    if _kind([piece]) != "word":
        return score
    if begins_sentence(spoken.pieces, at):
        return score - 0.15
    return score + _MORE if vocabulary.may_be_given(piece.bare) else score


# Kind of words: score when the model is not sure, and when it is.
_WRITTEN = {
    "name": (0.55, 0.8), "names": (0.45, 0.75), "unknown": (0.45, 0.65),
    "word": (0.3, 0.45), "words": (0.35, 0.55),
}  # fmt: skip
_MORE = 0.15  # "Bill" and "Grace" with a capital that no sentence gave them
_LOWERED = {
    "name": (0.55, 0.8), "names": (0.45, 0.7), "unknown": (0.5, 0.6),
    "word": (0.3, 0.4), "words": (0.3, 0.4),
}  # fmt: skip


def _kind(parts: Sequence[Piece]) -> str:
    """What the lists say: one word or several, that are names, in no list, or ordinary words."""
    kinds = {vocabulary.kind(piece.bare) for piece in parts if piece.bare not in _INNER}
    if len(parts) == 1:
        return next(iter(kinds), "word")
    return "words" if kinds <= {"word"} else "names"


def agreed(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return proposals, those that two trained models share with the score of both together."""
    every = list(proposals)
    trained = [p for p in every if p.trained]
    if len({p.source for p in trained}) < 2:  # noqa: PLR2004 - nobody to agree
        return every
    return [_backed(p, trained) if p.trained else p for p in every]


def _backed(proposal: Proposal, trained: Iterable[Proposal]) -> Proposal:
    doubt = 1.0 - proposal.score
    for other in trained:
        if other.source != proposal.source and other.overlaps(proposal):
            return replace(proposal, score=round(1.0 - doubt * (1.0 - other.score), 2))
    return proposal
