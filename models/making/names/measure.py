"""How much of what identifies a person does the model find, and how much else does it mask?"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spacy.language import Language

from models.making.names import corpora
from models.making.names.passage import LABELS, Passage, Span
from models.making.names.speech import lower

# What surrounds a name and identifies nobody: corpora differ on whether to mark it.
# The interviews of GUM's own test partition, for when only the project's data is at hand.
_GUM_TEST = ("GUM_interview_hill", "GUM_interview_libertarian")
_MARKED = re.compile(r"\[([^|\]]+)\|([A-Z]+)\]")
_EDGES = re.compile(r"^(?:the|a|an)\s+|['\u2019]s?$", re.IGNORECASE)


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

    def row(self) -> str:
        """Recall, token precision, recall per label, entities, words a second."""
        each = (f"{self.found[k] / max(1, self.there[k]):.3f}" for k in LABELS)
        cells = [f"{self.recall:.3f}", f"{self.precision:.3f}", *each]
        return " | ".join([*cells, str(sum(self.there.values())), f"{self.speed:,.0f}"])


def tally(nlp: Language, passages: Sequence[Passage]) -> Tally:
    """Run the pipeline over the passages, paragraph by paragraph, and count."""
    parts = [part for passage in passages for part in _paragraphs(passage)]
    count = Tally(words=sum(len(part.text.split()) for part in parts))
    began = time.process_time()
    docs = list(nlp.pipe([part.text for part in parts], batch_size=64))
    count.seconds = time.process_time() - began
    for part, doc in zip(parts, docs, strict=True):
        gold = [_inner(part.text, span) for span in part.spans]
        inside = {i for span in gold for i in range(span.start, span.end)}
        masked = {i for ent in doc.ents for i in range(ent.start_char, ent.end_char)}
        tokens = [token for ent in doc.ents for token in ent if not token.is_space]
        count.predicted_tokens += len(tokens)
        count.right_tokens += sum(token.idx in inside for token in tokens)
        for span in gold:
            letters = (i for i in range(span.start, span.end) if not part.text[i].isspace())
            count.there[span.label] += 1
            count.found[span.label] += all(i in masked for i in letters)
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
    head = _EDGES.match(words)
    start = span.start + (head.end() if head and head.end() < len(words) else 0)
    tail = re.search(r"['\u2019]s?$", words)
    end = span.end - (len(tail[0]) if tail else 0)
    return Span(start, max(end, start + 1), span.label)


def measured_sets(data: Path, folder: Path) -> dict[str, list[Passage]]:
    """The sets of the table: nothing in them was trained on."""
    found: dict[str, list[Passage]] = {}
    kept = [d for d in corpora.documents(data, folder) if d.part == "test"]
    found["our hard lines"] = hard_lines()
    rows = corpora.jsonl(data / "gum-interview.jsonl")
    found["gum-interview.jsonl"] = [p for name, p in rows if name in _GUM_TEST]
    for source in sorted({d.source for d in kept}):
        found[source] = [d.passage for d in kept if d.source == source]
    found["earnings-21"] = [p for _, p in corpora.jsonl(data / "earnings21-dev.jsonl")]
    found["TAB"] = [p for _, p in corpora.jsonl(data / "tab-dev.jsonl")]
    return {name: passages for name, passages in found.items() if passages}


def hard_lines() -> list[Passage]:
    """The lines of ``hard.txt``, in the manner of the interviews."""
    text = (Path(__file__).parent / "hard.txt").read_text(encoding="utf-8")
    return [marked(line) for line in text.splitlines() if line and line[0] != "#"]


def marked(line: str) -> Passage:
    """A line with its names marked as ``[words|LABEL]``, as a passage."""
    text, spans, at = "", list[Span](), 0
    for mark in _MARKED.finditer(line):
        text += line[at : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        at = mark.end()
    return Passage(text + line[at:], tuple(spans))


def table(nlp: Language, sets: dict[str, list[Passage]]) -> Iterable[str]:
    """The lines of the table, one by one: every set as written and in lower case."""
    yield f"| text | as | recall | token precision | {' | '.join(LABELS)} | entities | words/s |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    forms: dict[str, Callable[[Passage], Passage]] = {"written": lambda p: p, "lower": lower}
    for name, passages in sets.items():
        for form, change in forms.items():
            count = tally(nlp, [change(passage) for passage in passages])
            yield f"| {name} | {form} | {count.row()} |"
