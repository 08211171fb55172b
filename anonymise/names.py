"""Names by a trained spaCy pipeline: whichever one the caller hands in.

The model sees each turn's text in its own pipeline, with its own tokenizer; its finds come back
as characters. spaCy's name finder gives no confidence, so all of its finds score the same.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from anonymise.keep import shipped
from anonymise.pieces import Piece, Spoken
from anonymise.proposals import Proposal
from study.errors import ModelBroken, ModelMissing
from study.terms import Category

SOURCE = "names"
_CATEGORIES = {
    "PERSON": Category.PERSON, "PER": Category.PERSON,
    "PLACE": Category.PLACE, "GPE": Category.PLACE, "LOC": Category.PLACE, "FAC": Category.PLACE,
    "ORG": Category.ORGANISATION, "ORGANISATION": Category.ORGANISATION,
    "FACILITY": Category.ORGANISATION,
    "NORP": Category.OTHER,
}  # fmt: skip
# Nationalities, and names in lower case where the turn keeps capitals, are seldom meant.
_SCORE, _LOW_SCORE = 0.7, 0.4
_SITE_WORDS = frozenset({"home", "hospital", "house", "town", "village", "ward", "group", "bus"})
_UNUSED = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer"]


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


def kinds(model: Language) -> set[Category]:
    """Return the categories that a model's labels stand for."""
    labels = model.pipe_labels.get("ner", [])
    return {_CATEGORIES[label] for label in labels if label in _CATEGORIES}


def found(model: Language, texts: Iterable[str]) -> Iterator[list[Proposal]]:
    """Yield what the model finds in each text, in order."""
    for doc in model.pipe(texts):
        yield _proposals(doc)


def _proposals(doc: Doc) -> list[Proposal]:
    found: list[Proposal] = []
    spoken = Spoken.of(doc.text if doc.ents else "")
    for entity in doc.ents:
        category = _CATEGORIES.get(entity.label_)
        inside = spoken.within(entity.start_char, entity.end_char)
        words = _without_everyday([spoken.pieces[i] for i in inside])
        if category is None or not words:
            continue
        shown = not spoken.cased or any(p.is_capital for p in words)
        score = _SCORE if shown and category is not Category.OTHER else _LOW_SCORE
        found.append(Proposal(words[0].start, words[-1].end, category, SOURCE, score))
    return found


def _without_everyday(words: list[Piece]) -> list[Piece]:
    """Leave out everyday words at the edges: "Thanks Jorge" is Jorge."""
    first, last = 0, len(words)
    everyday = shipped().everyday
    while first < last and words[first].bare in everyday:
        first += 1
    while last > first and words[last - 1].bare in everyday - _SITE_WORDS:
        last -= 1
    return words[first:last]
