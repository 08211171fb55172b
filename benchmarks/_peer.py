"""Runs in a peer's own environment, by path: finds with Presidio or with plain spaCy.

``python _peer.py presidio|spacy MODEL < jobs.json > found.json``; jobs and answer as in
``benchmarks/_finders.py``. Imports nothing of Earshot.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

Spans = list[tuple[int, int, str, float]]


def presidio(model: str) -> Callable[[str], Spans]:
    """Presidio as its documentation sets it up, with this spaCy pipeline, organisations on."""
    analyzer = importlib.import_module("presidio_analyzer")
    provider = importlib.import_module("presidio_analyzer.nlp_engine").NlpEngineProvider
    engine = provider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": model}],
            "ner_model_configuration": {
                "model_to_presidio_entity_mapping": {
                    "PERSON": "PERSON",
                    "GPE": "LOCATION",
                    "LOC": "LOCATION",
                    "FAC": "LOCATION",
                    "ORG": "ORGANIZATION",
                    "NORP": "NRP",
                    "DATE": "DATE_TIME",
                    "TIME": "DATE_TIME",
                },
                "labels_to_ignore": ["CARDINAL", "ORDINAL", "QUANTITY", "PERCENT", "MONEY",
                                     "EVENT", "LANGUAGE", "LAW", "PRODUCT", "WORK_OF_ART"],
            },
        }
    ).create_engine()  # fmt: skip
    ready = analyzer.AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def find(text: str) -> Spans:
        return [
            (r.start, r.end, r.entity_type, float(r.score))
            for r in ready.analyze(text=text, language="en")
        ]

    return find


def plain_spacy(model: str) -> Callable[[str], Spans]:
    """SpaCy's own name finder and nothing else."""
    spacy = importlib.import_module("spacy")
    unused = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
    nlp = spacy.load(model, exclude=unused)

    def find(text: str) -> Spans:
        return [(e.start_char, e.end_char, e.label_, 1.0) for e in nlp(text).ents]

    return find


def main() -> None:
    """Answer the jobs on standard input."""
    # The e-mail recogniser asks the network for a list at first use, and waits for it.
    os.environ["no_proxy"] = "*"
    find = {"presidio": presidio, "spacy": plain_spacy}[sys.argv[1]](sys.argv[2])
    jobs: list[Any] = json.load(sys.stdin)
    began = time.process_time()
    found = [[[find(text) for text in document] for document in job["documents"]] for job in jobs]
    seconds = time.process_time() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"found": found, "seconds": seconds, "peak_mb": peak_mb}, sys.stdout)


if __name__ == "__main__":
    main()
