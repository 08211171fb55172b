"""The whole finder as one component of anybody's spaCy pipeline: ``nlp.add_pipe("earshot")``.

spaCy finds it by the entry point in ``pyproject.toml``; nothing of Earshot imports it. A document
is searched as an interview is, each of its lines as a turn. What is found goes into
``doc.spans["earshot"]``, and nothing else of the document changes.
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

from anonymise.finding import NAMES, REGISTER, RULES
from anonymise.pipeline import Found, Pipeline, settle
from anonymise.register import Known
from models import shelf
from study.terms import Category

KEY = "earshot"  # of ``doc.spans``
_BATCH = 64  # documents that are searched together


class DetailFinder:
    """Writes what identifies people into ``doc.spans["earshot"]``, in the order it stands there.

    Each span's label is its category ("person", "NHS number"), its id the name of what found it
    ("titles", "names"). The group's attributes hold ``scores``, an array of 0.0 to 1.0 in the
    order of the spans, and ``failed``, the names of what could not look at some line. A find that
    ends within a token is widened to the whole token.
    """

    def __init__(self, finder: Pipeline) -> None:
        self._finder = finder

    def __call__(self, doc: Doc) -> Doc:
        """Search one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _BATCH) -> Iterator[Doc]:
        """Search documents, ``batch_size`` together, and yield them in order."""
        for batch in cast("Iterable[list[Doc]]", minibatch(stream, batch_size)):
            lines = [doc.text.split("\n") for doc in batch]
            found = self._finder.search(chain.from_iterable(lines))
            for doc, here in zip(batch, lines, strict=True):
                _write(doc, list(islice(found, len(here))))
            yield from batch


def _write(doc: Doc, lines: list[Found]) -> None:
    spans: list[Span] = []
    scores: list[float] = []
    start = 0
    for line, finds in zip(lines, settle(lines), strict=True):
        for one in finds:
            first, last = start + one.start, start + one.end
            span = doc.char_span(
                first, last, one.category.value, span_id=one.source, alignment_mode="expand"
            )
            spans.append(cast("Span", span))  # never None: it lies in the text, and is widened
            scores.append(one.score)
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

    known: names known beforehand, by category ("person", "place", "organisation"). names: whether
    the name finder that ships with Earshot looks, too; it knows English and looks in no other
    language. beside: other trained spaCy pipelines that look for names, each a folder or a name
    that `earshot models` gives. without: names of rules that shall not look.

    Raises:
        ValueError: a setting names a category or a rule that is not there.
        ModelMissing, ModelBroken: a trained pipeline is not there or does not load.
    """
    language = nlp.lang or ""
    trained = {NAMES: shelf.names().folder} if names and language == "en" else {}
    for one in beside:
        folder = Path(one) if Path(one).is_dir() else shelf.names(one).folder
        trained[folder.name if folder == Path(one) else one] = folder
    rules = {REGISTER, *trained, *(rule.name for rule in RULES.get(language, ()))}
    for unknown in sorted(set(without) - rules):
        raise ValueError(f"earshot finds nothing by {unknown!r}: there are {sorted(rules)}")
    register = [
        Known(_category(called), (entered,))
        for called, every in known.items()
        for entered in every
    ]  # fmt: skip
    return DetailFinder(Pipeline(register, trained=trained, language=language, without=without))


def _category(called: str) -> Category:
    try:
        return Category(called)
    except ValueError as unknown:
        there = ", ".join(category.value for category in Category)
        raise ValueError(f"earshot has no category {called!r}: there are {there}") from unknown


Language.factory(  # pyright: ignore[reportUnknownMemberType] - spaCy's
    "earshot",
    assigns=["doc.spans"],
    default_config={"known": {}, "names": True, "beside": [], "without": []},
    func=make_finder,
)
