"""How much of what identifies a person does a finder of names find, and how much else it masks.

A finder is any spaCy pipeline; it is handed in loaded, so nothing here needs spaCy.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from models.marked import LABEL_OF, LABELS, Passage, Span, lower

# What surrounds a name and identifies nobody: corpora differ on whether to mark it.
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['\u2019]s?$")
FORMS: Mapping[str, Callable[[Passage], Passage]] = {"written": lambda p: p, "lower": lower}


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


class Finder(Protocol):
    """What is needed of a spaCy pipeline."""

    def pipe(self, texts: Iterable[str], *, batch_size: int) -> Iterator[_Doc]:
        """Yield the texts with their names, in order."""
        ...


@dataclass
class Tally:
    """Counts over a corpus; entities per label, the rest over all."""

    words: int = 0
    seconds: float = 0.0
    predicted_tokens: int = 0
    right_tokens: int = 0
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LABELS, 0))
    there: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LABELS, 0))

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
        """Words (between spaces) a second of one core's time."""
        return self.words / max(1e-9, self.seconds)

    def add(self, passage: Passage, entities: Iterable[_Entity]) -> None:
        """Count one paragraph and what was found in it."""
        gold = [_inner(passage.text, span) for span in passage.spans]
        inside = {i for span in gold for i in range(span.start, span.end)}
        masked: set[int] = set()
        for entity in (e for e in entities if e.label_ in LABEL_OF):
            masked.update(range(entity.start_char, entity.end_char))
            tokens = [token.idx for token in entity if not token.is_space]
            self.predicted_tokens += len(tokens)
            self.right_tokens += sum(at in inside for at in tokens)
        for span in gold:
            letters = (i for i in range(span.start, span.end) if not passage.text[i].isspace())
            self.there[span.label] += 1
            self.found[span.label] += all(i in masked for i in letters)


def tally(finder: Finder, passages: Iterable[Passage]) -> Tally:
    """Run a finder over the passages, paragraph by paragraph, and count.

    Dates, amounts and other things that a pipeline may find beside names do not count.
    """
    parts = [part for passage in passages for part in _paragraphs(passage)]
    count = Tally(words=sum(len(part.text.split()) for part in parts))
    began = time.process_time()
    docs = list(finder.pipe([part.text for part in parts], batch_size=64))
    count.seconds = time.process_time() - began
    for part, doc in zip(parts, docs, strict=True):
        count.add(part, doc.ents)
    return count


def _paragraphs(passage: Passage) -> Iterator[Passage]:
    """The passage line by line, as a transcript comes in turns; no span crosses a line."""
    for line in re.finditer(r"[^\n]+", passage.text):
        low, high = line.span()
        inside = (s for s in passage.spans if low <= s.start and s.end <= high)
        yield Passage(line[0], tuple(Span(s.start - low, s.end - low, s.label) for s in inside))


def _inner(text: str, span: Span) -> Span:
    """The span without a leading article or a final possessive."""
    words = text[span.start : span.end]
    article, possessive = _ARTICLE.match(words), _POSSESSIVE.search(words)
    start = span.start + (article.end() if article and article.end() < len(words) else 0)
    end = span.end - (len(possessive[0]) if possessive else 0)
    return Span(start, max(end, start + 1), span.label)
