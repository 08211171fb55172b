"""All of Earshot's ways of finding as one spaCy component: ``nlp.add_pipe("earshot")``.

spaCy finds it by the entry point in ``pyproject.toml``; nothing of Earshot imports it. A document
is searched as an interview is, each of its lines as a turn. The finds go into
``doc.spans["earshot"]``; nothing else of the document changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import minibatch  # pyright: ignore[reportUnknownVariableType] - spaCy's

from anonymise.pipeline import SearchPipeline, TurnFinds, settle_finds
from anonymise.register import KnownIdentity
from anonymise.rule_registry import NAMES_SOURCE, REGISTER_SOURCE, RULES_BY_LANGUAGE
from models import find_names_model
from study import Category

KEY = "earshot"  # of ``doc.spans``
_BATCH = 64  # documents that are searched together


class DetailFinder:
    """Writes identifying details into ``doc.spans["earshot"]``, in the order of the text.

    A span's label is its category ("person", "NHS number"), its id the name of the way of finding
    ("titles", "names"). The group's attributes hold ``scores``, an array of 0.0 to 1.0 in the
    order of the spans, and ``failed``, the names of the ways of finding that failed on some line. A
    find that ends within a token is widened to the whole token.
    """

    def __init__(self, pipeline: SearchPipeline) -> None:
        self._pipeline = pipeline

    def __call__(self, doc: Doc) -> Doc:
        """Search one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _BATCH) -> Iterator[Doc]:
        """Search documents, ``batch_size`` together, and yield them in order."""
        for batch in cast("Iterable[list[Doc]]", minibatch(stream, batch_size)):
            lines = [doc.text.split("\n") for doc in batch]
            found = self._pipeline.search_turns(chain.from_iterable(lines))
            for doc, lines_of_doc in zip(batch, lines, strict=True):
                _write_spans(doc, list(islice(found, len(lines_of_doc))))
            yield from batch


def _write_spans(doc: Doc, lines: list[TurnFinds]) -> None:
    spans: list[Span] = []
    scores: list[float] = []
    start = 0
    for line, finds in zip(lines, settle_finds(lines), strict=True):
        for find in finds:
            first, last = start + find.start, start + find.end
            span = doc.char_span(
                first, last, find.category.value, span_id=find.source, alignment_mode="expand"
            )
            spans.append(cast("Span", span))  # never None: it lies in the text, and is widened
            scores.append(find.score)
        start += len(line.spoken.text) + 1
    failed = sorted({name for line in lines for name in line.failed})
    attributes = {"scores": np.array(scores), "failed": failed}
    doc.spans[KEY] = SpanGroup(doc, name=KEY, attrs=attributes, spans=spans)  # pyright: ignore[reportUnknownMemberType] - spaCy's


def make_finder(
    nlp: Language,
    name: str,  # noqa: ARG001 - spaCy's own call
    known: dict[str, list[str]],
    names: bool,  # noqa: FBT001 - as above
    beside: list[str],
    without: list[str],
) -> Callable[[Doc], Doc]:
    """Make the component from its settings.

    known: names known beforehand, by category ("person", "place", "organisation").
    names: whether the name finder that ships with Earshot looks as well; it knows English alone,
        and does not look in another language.
    beside: other trained spaCy pipelines that look for names, each a folder or a name that
        `earshot models` gives.
    without: names of ways of finding that are left out.

    Raises:
        ValueError: a setting names a category or a way of finding that does not exist.
        ModelMissing, ModelBroken: a trained pipeline is not there, or does not load.
    """
    language = nlp.lang or ""
    trained = {NAMES_SOURCE: find_names_model().folder} if names and language == "en" else {}
    for model in beside:
        folder = Path(model) if Path(model).is_dir() else find_names_model(model).folder
        trained[folder.name if folder == Path(model) else model] = folder
    sources = {
        REGISTER_SOURCE,
        *trained,
        *(rule.name for rule in RULES_BY_LANGUAGE.get(language, ())),
    }
    for unknown in sorted(set(without) - sources):
        raise ValueError(f"earshot finds nothing by {unknown!r}: there are {sorted(sources)}")
    register = [
        KnownIdentity(_parse_category(category), (name,))
        for category, known_names in known.items()
        for name in known_names
    ]
    return DetailFinder(
        SearchPipeline(register, trained=trained, language=language, skipped_rules=without)
    )


def _parse_category(name: str) -> Category:
    try:
        return Category(name)
    except ValueError as unknown:
        there = ", ".join(category.value for category in Category)
        raise ValueError(f"earshot has no category {name!r}: there are {there}") from unknown


Language.factory(  # pyright: ignore[reportUnknownMemberType] - spaCy's
    "earshot",
    assigns=["doc.spans"],
    default_config={"known": {}, "names": True, "beside": [], "without": []},
    func=make_finder,
)
