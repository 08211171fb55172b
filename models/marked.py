"""Text with its names marked: what a finder of names is measured on, and how it is read.

The lines in ``hard_lines.txt`` ship with Earshot. Other sets are files of JSON lines, each
``{"id": ..., "text": ..., "spans": [{"start": 0, "end": 4, "type": "PERSON"}, ...]}``; start and
end count characters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from study.errors import NoMarkedText

LABELS = ("PERSON", "PLACE", "ORG")
# What corpora and pipelines call them. A type that is not here is no name.
LABEL_OF = {
    "person": "PERSON", "PERSON": "PERSON", "PER": "PERSON",
    "place": "PLACE", "location": "PLACE", "PLACE": "PLACE", "LOC": "PLACE", "GPE": "PLACE",
    "FAC": "PLACE", "STREET_ADDRESS": "PLACE",
    "organization": "ORG", "ORGANIZATION": "ORG", "ORG": "ORG", "corporation": "ORG",
    "group": "ORG",
}  # fmt: skip
_HARD_LINES = Path(__file__).with_name("hard_lines.txt")
_MARK = re.compile(r"\[([^|\]]+)\|([A-Z]+)\]")
# Two sets hold documents that our own finder learnt from; only the others may measure it.
_GUM, _PRESIDIO = "gum-interview", "presidio-synthetic"
_GUM_TEST = ("GUM_interview_hill", "GUM_interview_libertarian")  # the corpus' own test partition


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) carry ``label``, one of ``LABELS``."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Text and its labelled spans, sorted and free of overlaps."""

    text: str
    spans: tuple[Span, ...] = ()

    def words(self) -> list[tuple[str, str]]:
        """The labelled strings as (words, label), in the order of the text."""
        return [(self.text[span.start : span.end], span.label) for span in self.spans]


class _Row(msgspec.Struct):
    """One line of a set; other fields than these may stand beside them."""

    class Marked(msgspec.Struct):
        start: int
        end: int
        type: str

    id: str | int
    text: str
    spans: list[Marked]


def lower(passage: Passage) -> Passage:
    """All letters small; the few whose small form is longer are left as they are."""
    text = "".join(c.lower() if len(c.lower()) == 1 else c for c in passage.text)
    return Passage(text, passage.spans)


def without_overlaps(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The longest spans that do not overlap, in the order of the text."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return tuple(sorted(kept))


def hard_lines() -> list[Passage]:
    """The lines that ship with Earshot, in the manner of interviews."""
    text = _HARD_LINES.read_text(encoding="utf-8")
    return [marked(line) for line in text.splitlines() if line and line[0] != "#"]


def marked(line: str) -> Passage:
    """A line with its names marked as ``[words|LABEL]``, as a passage."""
    text, spans, at = "", list[Span](), 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        at = mark.end()
    return Passage(text + line[at:], tuple(spans))


def jsonl(path: Path) -> list[tuple[str, Passage]]:
    """(id, passage) of every line of a file, in our labels.

    Raises:
        NoMarkedText: a line is not as the module says.
        OSError: it cannot be read.
    """
    try:
        rows = msgspec.json.Decoder(_Row).decode_lines(path.read_bytes())
    except (msgspec.MsgspecError, UnicodeDecodeError) as other:
        raise NoMarkedText from other
    return [(str(row.id), Passage(row.text, _spans(row))) for row in rows]


def _spans(row: _Row) -> tuple[Span, ...]:
    named = [span for span in row.spans if span.type in LABEL_OF]
    if any(not 0 <= span.start < span.end <= len(row.text) for span in named):
        raise NoMarkedText
    return without_overlaps(Span(span.start, span.end, LABEL_OF[span.type]) for span in named)


def is_kept_aside(of: str, name: str) -> bool:
    """Whether our finder has never learnt from a document; of: the set's name, name: its id."""
    if of == _GUM:
        return name in _GUM_TEST
    return of != _PRESIDIO or in_share(name, 0.15)


def in_share(name: str, share: float) -> bool:
    """Whether a name falls into a share, 0 to 1, of all names: the same on every machine."""
    return hashlib.sha256(name.encode()).digest()[0] < 256 * share


def sets(folder: Path) -> dict[str, list[Passage]]:
    """The sets of a folder by name, those documents that our finder has never learnt from.

    Raises:
        NoMarkedText: there is none, or a line of one is not as the module says.
    """
    try:
        found = {path.stem: jsonl(path) for path in sorted(folder.glob("*.jsonl"))}
    except OSError as unreadable:
        raise NoMarkedText from unreadable
    kept = {of: [p for name, p in rows if is_kept_aside(of, name)] for of, rows in found.items()}
    if not any(kept.values()):
        raise NoMarkedText
    return {of: passages for of, passages in kept.items() if passages}
