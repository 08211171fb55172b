"""Make the name finder: ``python -m tools.names text | train | lean | measure``."""

from __future__ import annotations

import argparse
from pathlib import Path

import spacy

from tools.names import corpora, meetings, network, train
from tools.names.grammar import turns
from tools.names.measure import measured_sets, table
from tools.names.wordtable import scowl_folder, shelf_vectors, vectors

_SHELF = Path(__file__).parents[2] / "models" / "bundled" / "ner-en"


def main() -> None:
    """Read the command line and do one thing."""
    parser = argparse.ArgumentParser(prog="python -m tools.names", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="FOLDER",
                        help="the measuring sets, as text/*.jsonl below it")  # fmt: skip
    parser.add_argument("--corpora", type=Path, default=Path("../corpora"), metavar="FOLDER",
                        help="checkouts of the public corpora; see CARD.md")  # fmt: skip
    parser.add_argument("--model", type=Path, default=_SHELF, metavar="FOLDER",
                        help="the pipeline to write or to measure")  # fmt: skip
    verbs = parser.add_subparsers(dest="verb", required=True)
    text = verbs.add_parser("text", help="print made-up interview turns with their names marked")
    text.add_argument("--count", type=int, default=20)
    text.add_argument("--seed", type=int, default=1)
    learn = verbs.add_parser("train", help="train a pipeline and write it to --model")
    learn.add_argument("--scowl", type=Path, required=True, metavar="FOLDER",
                       help="where Debian's package scowl was unpacked")  # fmt: skip
    learn.add_argument("--steps", type=int, default=3_000)
    learn.add_argument("--seed", type=int, default=20261123)
    lean = verbs.add_parser("lean", help="set the threshold of the pipeline in --model")
    lean.add_argument("--precision", type=float, default=0.63)
    verbs.add_parser("measure", help="print the table of CARD.md")
    options = parser.parse_args()
    _VERBS[options.verb](options)


def _text(options: argparse.Namespace) -> None:
    for passage in turns(options.seed, options.count):
        marked, at = "", 0
        for span in passage.spans:
            name = passage.text[span.start : span.end]
            marked += f"{passage.text[at : span.start]}[{name}|{span.label}]"
            at = span.end
        print(marked + passage.text[at:])


def _train(options: argparse.Namespace) -> None:
    scowl = scowl_folder(options.scowl)
    documents = corpora.documents(options.data / "text", options.corpora)
    documents += meetings.documents(options.corpora, meetings.Known.of(scowl))
    train.train(
        vectors(scowl),
        lambda: shelf_vectors(scowl),
        documents,
        seed=options.seed,
        steps=options.steps,
        out=options.model,
    )


def _lean(options: argparse.Namespace) -> None:
    nlp = spacy.load(options.model)
    documents = corpora.documents(options.data / "text", options.corpora)
    dev = [d.passage for d in documents if d.part == "dev" and d.source in corpora.TALK]
    leaning = train.threshold(nlp, dev, options.precision)
    print(f"leans towards names by {leaning}")
    # Read anew: by now the vocabulary has picked up the words of the text it was tried on.
    nlp = spacy.load(options.model)
    network.lean(nlp, leaning)
    nlp.to_disk(options.model)


def _measure(options: argparse.Namespace) -> None:
    nlp = spacy.load(options.model)
    for line in table(nlp, measured_sets(options.data / "text", options.corpora)):
        print(line, flush=True)


_VERBS = {"text": _text, "train": _train, "lean": _lean, "measure": _measure}

if __name__ == "__main__":
    main()
