"""Read text in which the names are labelled, to measure name finders with.

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

from study import read_plain_file
from study.errors import NoMarkedText

ENTITY_LABELS = ("PERSON", "PLACE", "ORG")
# The types of corpora and pipelines, by our labels. A type that is missing here is not a name.
LABEL_BY_NAME = {
    "person": "PERSON", "PERSON": "PERSON", "PER": "PERSON",
    "place": "PLACE", "location": "PLACE", "PLACE": "PLACE", "LOC": "PLACE", "GPE": "PLACE",
    "FAC": "PLACE", "STREET_ADDRESS": "PLACE",
    "organization": "ORG", "ORGANIZATION": "ORG", "ORG": "ORG", "corporation": "ORG",
    "group": "ORG",
}  # fmt: skip
_HARD_LINES = Path(__file__).with_name("hard_lines.txt")
_MOST_BYTES = 100 << 20  # the largest public set has 20 MB
_LONGEST_TEXT, _MOST_SPANS = 200_000, 2_000  # of one text
_MARK = re.compile(r"\[([^|\]]+)\|([A-Z]+)\]")
# Our own finder learnt from documents of these two sets; only their others may measure it.
_GUM, _PRESIDIO = "gum-interview", "presidio-synthetic"
_GUM_TEST = ("GUM_interview_hill", "GUM_interview_libertarian")  # the corpus' own test partition


@dataclass(frozen=True, slots=True, order=True)
class LabelledSpan:
    """Characters ``start`` to ``end`` (exclusive) carry ``label``, one of ``ENTITY_LABELS``."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class LabelledText:
    """Text and its labelled spans, sorted and free of overlaps."""

    text: str
    spans: tuple[LabelledSpan, ...] = ()

    def labelled_words(self) -> list[tuple[str, str]]:
        """The labelled strings as (words, label), in the order of the text."""
        return [(self.text[span.start : span.end], span.label) for span in self.spans]


class _Row(msgspec.Struct):
    """One line of a set; other fields are ignored."""

    class Marked(msgspec.Struct):
        start: int
        end: int
        type: str

    id: str | int
    text: str
    spans: list[Marked]


def lowercase_text(passage: LabelledText) -> LabelledText:
    """Return the text in lower case, but for the few letters whose lower-case form is longer."""
    text = "".join(c.lower() if len(c.lower()) == 1 else c for c in passage.text)
    return LabelledText(text, passage.spans)


def drop_overlaps(spans: Iterable[LabelledSpan]) -> tuple[LabelledSpan, ...]:
    """Return the longest spans that do not overlap, in the order of the text."""
    kept: list[LabelledSpan] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return tuple(sorted(kept))


def load_hard_lines() -> list[LabelledText]:
    """Return the test lines that ship with Earshot, in the style of interviews."""
    text = _HARD_LINES.read_text(encoding="utf-8")
    return [parse_marked_line(line) for line in text.splitlines() if line and line[0] != "#"]


def parse_marked_line(line: str) -> LabelledText:
    """Parse a line in which names are marked as ``[words|LABEL]``."""
    text, spans, at = "", list[LabelledSpan](), 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        spans.append(LabelledSpan(len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        at = mark.end()
    return LabelledText(text + line[at:], tuple(spans))


def read_jsonl_texts(path: Path) -> list[tuple[str, LabelledText]]:
    """Return (id, text) of every line of a file, with our labels.

    Raises:
        NoMarkedText: a line has another format than this module's docstring describes, or more
            text than a model reads at once.
        OSError: the file cannot be read.
    """
    try:
        content = read_plain_file(path, _MOST_BYTES)
        if len(content) > _MOST_BYTES:
            raise NoMarkedText
        rows = msgspec.json.Decoder(_Row).decode_lines(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as other:
        raise NoMarkedText from other
    return [(str(row.id), LabelledText(row.text, _spans(row))) for row in rows]


def _spans(row: _Row) -> tuple[LabelledSpan, ...]:
    if len(row.text) > _LONGEST_TEXT or len(row.spans) > _MOST_SPANS:
        raise NoMarkedText
    named = [span for span in row.spans if span.type in LABEL_BY_NAME]
    if any(not 0 <= span.start < span.end <= len(row.text) for span in named):
        raise NoMarkedText
    return drop_overlaps(
        LabelledSpan(span.start, span.end, LABEL_BY_NAME[span.type]) for span in named
    )


def is_held_out(set_name: str, name: str) -> bool:
    """Whether our finder never learnt from the document of a set with the id ``name``."""
    if set_name == _GUM:
        return name in _GUM_TEST
    return set_name != _PRESIDIO or is_in_share(name, 0.15)


def is_in_share(name: str, share: float) -> bool:
    """Whether a name is in a share, 0 to 1, of all names: the same on every machine."""
    return hashlib.sha256(name.encode()).digest()[0] < 256 * share


def load_test_sets(folder: Path) -> dict[str, list[LabelledText]]:
    """Return the sets of a folder by name, only with documents that our finder never learnt from.

    Raises:
        NoMarkedText: there is no set, or a line has another format.
    """
    try:
        found = {path.stem: read_jsonl_texts(path) for path in sorted(folder.glob("*.jsonl"))}
    except OSError as unreadable:
        raise NoMarkedText from unreadable
    kept = {of: [p for name, p in rows if is_held_out(of, name)] for of, rows in found.items()}
    if not any(kept.values()):
        raise NoMarkedText
    return {of: passages for of, passages in kept.items() if passages}
