"""Names decoded for three leanings at once are those of spaCy's own walk through each text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.tokens import Doc

from anonymise.recogniser import Recogniser, Sureness
from benchmarks import _marked
from models import find_names_model

BIASES = {Sureness.EAGER: -1.5, Sureness.PLAIN: 0.0, Sureness.FIRM: 1.5}
TEXTS = [
    turn.text
    for given in (*_marked.hard_lines(), _marked.later_lines())
    for document in given.documents
    for turn in document
] + ["", " ", "Paula", "Mary  Jane\nWatson of New", "  Aberdeen Royal Infirmary  ", "said Tom to"]


def walk_as_spacy_does(ner: Any, docs: list[Doc], bias: float) -> list[set[tuple[int, int, str]]]:  # noqa: ANN401 - spaCy's component
    """Return the names of each text as spaCy finds them with a bias of its last layer."""
    upper = ner.model.layers[-1]
    moves = [ner.moves.get_class_name(at) for at in range(ner.moves.n_moves)]
    as_it_was = upper.get_param("b")
    changed = as_it_was.copy()
    changed[moves.index("O")] += bias
    upper.set_param("b", changed)
    for doc in docs:
        doc.from_array(["ENT_IOB", "ENT_TYPE"], np.zeros((len(doc), 2), dtype=np.uint64))  # pyright: ignore[reportArgumentType] - spaCy's own attributes are unsigned
    ner.set_annotations(docs, ner.predict(docs))
    upper.set_param("b", as_it_was)
    return [{(e.start_char, e.end_char, e.label_) for e in doc.ents} for doc in docs]


def test_each_leaning_finds_what_spacy_finds_with_it() -> None:
    texts = [*TEXTS, *(text.lower() for text in TEXTS[::2])]
    recogniser = Recogniser(find_names_model().folder)
    nlp = recogniser._model
    docs = [nlp.make_doc(text) for text in texts]
    ner = nlp.get_pipe("ner")
    walked = {sure: walk_as_spacy_does(ner, docs, bias) for sure, bias in BIASES.items()}

    found = recogniser.find_candidates(texts)

    for number, here in enumerate(found):
        plain = {(c.start, c.end, c.label) for c in here if c.sureness is not Sureness.EAGER}
        assert plain == walked[Sureness.PLAIN][number]
        firm = {i for start, end, _ in walked[Sureness.FIRM][number] for i in range(start, end)}
        for one in here:
            as_one = one.start, one.end, one.label
            if one.sureness is Sureness.EAGER:
                assert as_one in walked[Sureness.EAGER][number]
            else:
                is_firm = not firm.isdisjoint(range(one.start, one.end))
                assert is_firm == (one.sureness is Sureness.FIRM)
    assert sum(map(len, found)) > len(TEXTS) // 3  # there was something to compare


def test_a_recogniser_that_looks_at_six_words_is_decoded_alike(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    config = {"model": {"@architectures": "spacy.TransitionBasedParser.v2",
                        "state_type": "ner", "extra_state_tokens": True, "hidden_width": 16,
                        "maxout_pieces": 2, "use_upper": True, "nO": None,
                        "tok2vec": {"@architectures": "spacy.HashEmbedCNN.v2",
                                    "pretrained_vectors": None, "width": 16, "depth": 1,
                                    "embed_size": 200, "window_size": 1, "maxout_pieces": 2,
                                    "subword_features": True}}}  # fmt: skip
    ner: Any = nlp.add_pipe("ner", config=config)
    ner.add_label("PERSON")
    nlp.initialize()
    upper = ner.model.layers[-1]
    upper.set_param("W", np.random.default_rng(7).normal(size=(6, 16)).astype(np.float32))
    docs = [nlp.make_doc(text) for text in TEXTS[:40]]
    walked = walk_as_spacy_does(ner, docs, 0.0)
    nlp.to_disk(tmp_path / "tiny")

    found = Recogniser(tmp_path / "tiny").find_candidates(TEXTS[:40])

    plain = [
        {(c.start, c.end, c.label) for c in here if c.sureness is not Sureness.EAGER}
        for here in found
    ]
    assert plain == walked
    assert any(walked)
