"""The shape of the bundled model, and how it is packed for the shelf."""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.pipeline.ner import EntityRecognizer
from spacy.training import Example
from spacy.vectors import Vectors

from models.labelled_text import ENTITY_LABELS, LabelledText

WIDTH = 96
# Rows of the hashed embeddings: NORM is the word in small letters and carries most; PREFIX is
# one letter, SUFFIX three, SHAPE the pattern of capitals. Together about 4 MB.
_ROWS = {"NORM": 5000, "PREFIX": 500, "SUFFIX": 2500, "SHAPE": 500}


def blank(vectors: Vectors) -> Language:
    """An untrained pipeline: embeddings and word table, four convolutions, transitions."""
    nlp = spacy.blank("en")
    nlp.vocab.vectors = vectors
    model = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {
                "@architectures": "spacy.MultiHashEmbed.v2",
                "width": WIDTH,
                "attrs": list(_ROWS),
                "rows": list(_ROWS.values()),
                "include_static_vectors": True,
            },
            "encode": {
                "@architectures": "spacy.MaxoutWindowEncoder.v2",
                "width": WIDTH,
                "depth": 4,
                "window_size": 1,
                "maxout_pieces": 3,
            },
        },
    }
    ner = nlp.add_pipe("ner", config={"model": model})
    assert isinstance(ner, EntityRecognizer)
    for label in ENTITY_LABELS:
        ner.add_label(label)
    return nlp


def example(nlp: Language, passage: LabelledText) -> Example:
    """A passage as spaCy learns from it. A span that cuts a word takes the whole word."""
    doc, gold = nlp.make_doc(passage.text), nlp.make_doc(passage.text)
    found = [
        gold.char_span(s.start, s.end, s.label, alignment_mode="expand") for s in passage.spans
    ]
    gold.set_ents(spacy.util.filter_spans([span for span in found if span is not None]))
    return Example(doc, gold)


def recogniser(nlp: Language) -> EntityRecognizer:
    """The pipeline's one component."""
    ner = nlp.get_pipe("ner")
    assert isinstance(ner, EntityRecognizer)
    return ner


def lean(nlp: Language, towards_names: float) -> None:
    """Lower the score of "this word is no name" everywhere by a constant, in place.

    This is the model's working threshold: 0 is as trained, more finds more and masks more. It
    lives in one number of the last layer, so the shipped pipeline needs no code of ours.
    """
    ner = recogniser(nlp)
    upper = ner.model.layers[-1]
    bias = upper.get_param("b").copy()
    # Not ``ner.move_names``: that leaves out one move, and with it shifts the places.
    moves = [ner.moves.get_class_name(place) for place in range(ner.moves.n_moves)]
    bias[moves.index("O")] -= towards_names
    upper.set_param("b", bias)


def packed(nlp: Language, vectors: Vectors) -> Language:
    """The same pipeline with a fresh vocabulary: no word of the training text goes along.

    vectors: a word table of its own, for a table brings the words of its vocabulary along.
    """
    fresh = blank(vectors)
    first = example(fresh, LabelledText("Hello."))
    fresh.initialize(lambda: [first])
    recogniser(fresh).from_bytes(recogniser(nlp).to_bytes(exclude=["vocab"]), exclude=["vocab"])
    fresh.meta.update(
        name="earshot_ner",
        version="1.0.0",
        description="Names of persons, places and organisations in English talk",
        author="The Earshot project",
        license="See CARD.md",
    )
    return fresh
