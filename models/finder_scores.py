"""Measure how many names a finder finds, and how many other words it masks.

A finder is any spaCy pipeline. The caller loads it, so nothing here imports spaCy.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from models.labelled_text import (
    ENTITY_LABELS,
    LABEL_BY_NAME,
    LabelledSpan,
    LabelledText,
    lowercase_text,
)

# Words around a name that identify nobody: corpora differ on whether to label them.
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['\u2019]s?$")
TEXT_FORMS: Mapping[str, Callable[[LabelledText], LabelledText]] = {
    "written": lambda p: p,
    "lower": lowercase_text,
}


class _Token(Protocol):
    @property
    def idx(self) -> int: ...
    @property
    def is_space(self) -> bool: ...


class _Entity(Protocol):
    start_char: int
    end_char: int
    label_: str

    def __iter__(self) -> Iterator[_Token]: ...


class _Doc(Protocol):
    @property
    def ents(self) -> Sequence[_Entity]: ...


class EntityPipeline(Protocol):
    """The part of a spaCy pipeline that scoring uses."""

    def pipe(self, texts: Iterable[str], *, batch_size: int) -> Iterator[_Doc]:
        """Yield a document with its entities for each text, in order."""
        ...


@dataclass
class FinderScore:
    """Counts over a corpus: entities for each label, the rest in total."""

    words: int = 0
    seconds: float = 0.0
    predicted_tokens: int = 0
    right_tokens: int = 0
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENTITY_LABELS, 0))
    there: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENTITY_LABELS, 0))

    @property
    def recall(self) -> float:
        """Share of the entities that are covered from end to end, whatever the label."""
        return sum(self.found.values()) / max(1, sum(self.there.values()))

    @property
    def precision(self) -> float:
        """Share of the masked tokens that belong to a name."""
        return self.right_tokens / max(1, self.predicted_tokens)

    @property
    def speed(self) -> float:
        """Words (between spaces) per second of one core's time."""
        return self.words / max(1e-9, self.seconds)

    def count_passage(self, passage: LabelledText, entities: Iterable[_Entity]) -> None:
        """Count one paragraph and the entities that a finder found in it."""
        gold = [_inner(passage.text, span) for span in passage.spans]
        inside = {i for span in gold for i in range(span.start, span.end)}
        masked: set[int] = set()
        for entity in (e for e in entities if e.label_ in LABEL_BY_NAME):
            masked.update(range(entity.start_char, entity.end_char))
            tokens = [token.idx for token in entity if not token.is_space]
            self.predicted_tokens += len(tokens)
            self.right_tokens += sum(at in inside for at in tokens)
        for span in gold:
            letters = (i for i in range(span.start, span.end) if not passage.text[i].isspace())
            self.there[span.label] += 1
            self.found[span.label] += all(i in masked for i in letters)


def score_finder(finder: EntityPipeline, passages: Iterable[LabelledText]) -> FinderScore:
    """Run a finder over the passages, paragraph by paragraph, and count.

    Dates, amounts and other entities that are not names do not count.
    """
    parts = [part for passage in passages for part in _paragraphs(passage)]
    count = FinderScore(words=sum(len(part.text.split()) for part in parts))
    began = time.process_time()
    docs = list(finder.pipe([part.text for part in parts], batch_size=64))
    count.seconds = time.process_time() - began
    for part, doc in zip(parts, docs, strict=True):
        count.count_passage(part, doc.ents)
    return count


def _paragraphs(passage: LabelledText) -> Iterator[LabelledText]:
    """The passage line by line, as a transcript comes in turns; no span crosses a line."""
    for line in re.finditer(r"[^\n]+", passage.text):
        low, high = line.span()
        inside = (s for s in passage.spans if low <= s.start and s.end <= high)
        yield LabelledText(
            line[0], tuple(LabelledSpan(s.start - low, s.end - low, s.label) for s in inside)
        )


def _inner(text: str, span: LabelledSpan) -> LabelledSpan:
    """The span without a leading article or a final possessive."""
    words = text[span.start : span.end]
    article, possessive = _ARTICLE.match(words), _POSSESSIVE.search(words)
    start = span.start + (article.end() if article and article.end() < len(words) else 0)
    end = span.end - (len(possessive[0]) if possessive else 0)
    return LabelledSpan(start, max(end, start + 1), span.label)
