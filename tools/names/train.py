"""Train the pipeline on templates and open text, choose its threshold, write it to disk."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.training import Example
from spacy.vectors import Vectors
from thinc.api import Adam

from models.finder_scores import FinderScore, score_finder
from models.labelled_text import LabelledSpan, LabelledText, lowercase_text
from tools.names.corpora import Document
from tools.names.grammar import turns
from tools.names.meetings import NAMED, PLAIN
from tools.names.network import blank, example, lean, packed
from tools.names.speech import exchanged, spoken

_BATCH_WORDS = 1_000
_DROPOUT = 0.25
_LEARN_RATES = (0.0015, 0.00005)  # from the first step to the last, in a straight line
# The nearest to talk is read more often than tweets are.
_REPEATS = {"gum-interview": 3, "gum-vlog": 4, "gum-court": 2, "gum-news": 2, "gum-speech": 2}
_MEETINGS = 0.12  # share of the meetings read in one pass: 80,000 words
_MOST_LEANING = 8.0
_TURNS = 3_000  # template turns per pass: about 90,000 words to 480,000 of real text


def train(
    vectors: Vectors,
    shelf_vectors: Callable[[], Vectors],
    documents: list[Document],
    *,
    seed: int,
    steps: int,
    out: Path,
) -> None:
    """Train for ``steps`` batches of about a thousand words and write the pipeline to ``out``.

    vectors: the word table to train with; shelf_vectors: makes the one to ship, anew each time.
    """
    spacy.util.fix_random_seed(seed)
    nlp = blank(vectors)
    batches = _batches(nlp, [d for d in documents if d.part == "train"], seed)
    first = next(batches)
    nlp.initialize(lambda: first)
    optimizer = Adam(_LEARN_RATES[0], L2=0.01, grad_clip=1.0, use_averages=True)
    dev = [d.passage for d in documents if d.part == "dev"]
    loss = 0.0
    for step in range(1, steps + 1):
        warm = min(1.0, step / 200)
        optimizer.learn_rate = warm * (
            _LEARN_RATES[0] + (_LEARN_RATES[1] - _LEARN_RATES[0]) * step / steps
        )
        losses = nlp.update(next(batches), drop=_DROPOUT, sgd=optimizer)
        loss += float(losses["ner"])
        if step % 1_000 == 0 or step == steps:
            with nlp.use_params(optimizer.averages):
                _report(step, loss / 1_000, nlp, dev)
                packed(nlp, shelf_vectors()).to_disk(out)
            loss = 0.0


def _report(step: int, loss: float, nlp: Language, dev: list[LabelledText]) -> None:
    written, lowered = both_forms(nlp, dev)
    print(
        f"step {step:6d}  loss {loss:7.1f}  written {written.recall:.3f}/{written.precision:.3f}"
        f"  lower {lowered.recall:.3f}/{lowered.precision:.3f}",
        flush=True,
    )


def both_forms(nlp: Language, passages: list[LabelledText]) -> tuple[FinderScore, FinderScore]:
    """Counts as written and in lower case."""
    return score_finder(nlp, passages), score_finder(
        nlp, [lowercase_text(passage) for passage in passages]
    )


def threshold(nlp: Language, dev: list[LabelledText], least_precision: float) -> float:
    """The strongest lean towards names that keeps token precision on ``dev`` in both forms.

    Leaves the pipeline leaning by that much.
    """
    step, leaning = 0.125, 0.0
    while leaning < _MOST_LEANING:
        lean(nlp, step)
        written, lowered = both_forms(nlp, dev)
        if min(written.precision, lowered.precision) < least_precision:
            lean(nlp, -step)
            break
        leaning += step
    return leaning


def _batches(nlp: Language, documents: list[Document], seed: int) -> Iterator[list[Example]]:
    """Batches without end: each pass draws new templates and renders the text anew."""
    rng = random.Random(seed)
    sources = [d for d in documents for _ in range(_REPEATS.get(d.source, 1))]
    sources = [d for d in sources if d.source != PLAIN]
    talk = [d for d in documents if d.source == PLAIN]
    batch, words = list[Example](), 0
    for number in range(1_000_000):
        heard = rng.sample(talk, int(len(talk) * _MEETINGS))
        pieces = [(piece, True) for d in [*sources, *heard] for piece in _pieces(d, rng)]
        pieces += [(made, False) for made in turns(seed + number, _TURNS)]
        rng.shuffle(pieces)
        for piece, real in pieces:
            found = example(nlp, spoken(piece, rng, real=real))
            if not len(found.reference):
                continue
            batch.append(found)
            words += len(found.reference)
            if words >= _BATCH_WORDS:
                yield batch
                batch, words = [], 0


def _pieces(document: Document, rng: random.Random) -> Iterator[LabelledText]:
    """A document in pieces; the few names of the meetings nearly all become other names."""
    if document.source == NAMED:
        return cut(exchanged(document.passage, rng, share=0.8), rng)
    return cut(document.passage, rng)


def cut(passage: LabelledText, rng: random.Random) -> Iterator[LabelledText]:
    """The passage in pieces of one to six sentences, never cut inside a span."""
    ends = [m.end() for m in re.finditer(r"[.!?]['\"\u201d\u2019)]?\s+", passage.text)]
    safe = [e for e in ends if not any(s.start < e < s.end for s in passage.spans)]
    start = at = 0
    while start < len(passage.text):
        at += rng.randint(1, 6)
        end = safe[at - 1] if at <= len(safe) else len(passage.text)
        inside = [s for s in passage.spans if start <= s.start and s.end <= end]
        spans = tuple(LabelledSpan(s.start - start, s.end - start, s.label) for s in inside)
        yield LabelledText(passage.text[start:end].rstrip(), spans)
        start = end
