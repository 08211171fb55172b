"""Texts whose identifying details are marked, for ``benchmarks/anonymise``.

The hard lines (``hard_lines/*.txt``) are our own: things said in interviews, each line alone,
written apart from the rules and from the examples in the tests. The later lines are more of
them, written when the rules were there. Other sets are read from the
folder of measuring data where it is there; of those that the bundled finder of names learnt
from, only the documents that it never saw are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from models import is_held_out
from study import Category

DATA = Path(__file__).parents[2] / "shared" / "data" / "text"
_HARD = Path(__file__).parent / "hard_lines"
_LATER = Path(__file__).parent / "later_lines.txt"
_MARK = re.compile(r"\[([^|\]]+)\|([A-Z_]+)\]|\{([^}]+)\}")
KEEP = "keep"
NAMES = frozenset({Category.PERSON, Category.PLACE, Category.ORGANISATION})

# What the sets call their details. A type that is not here is nothing that we look for.
_TYPES = {
    "gum-interview": {
        "person": Category.PERSON, "place": Category.PLACE, "organization": Category.ORGANISATION,
    },
    "earnings21-dev": {
        "PERSON": Category.PERSON, "GPE": Category.PLACE, "LOC": Category.PLACE,
        "FAC": Category.PLACE, "ORG": Category.ORGANISATION, "WEBSITE": Category.WEB,
    },
    "presidio-synthetic": {
        "PERSON": Category.PERSON, "GPE": Category.PLACE, "ORGANIZATION": Category.ORGANISATION,
        "STREET_ADDRESS": Category.ADDRESS, "PHONE_NUMBER": Category.PHONE, "AGE": Category.AGE,
        "EMAIL_ADDRESS": Category.EMAIL, "ZIP_CODE": Category.POSTCODE, "DOMAIN_NAME": Category.WEB,
        "CREDIT_CARD": Category.BANK, "IBAN_CODE": Category.BANK, "NRP": Category.BACKGROUND,
        "DATE_TIME": Category.DATE,
    },
    "tab-dev": {
        "PERSON": Category.PERSON, "LOC": Category.PLACE, "ORG": Category.ORGANISATION,
        "CODE": Category.NUMBER, "DATETIME": Category.DATE, "DEM": Category.BACKGROUND,
    },
}  # fmt: skip


_THINNED = {"earnings21-dev": 4, "tab-dev": 4}


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of a turn that should be masked, or kept ("keep")."""

    start: int
    end: int
    kind: str  # the value of a category, or KEEP


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of a document and what is marked in it."""

    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Set:
    """Documents of turns. ``marked`` are the categories that whoever made it looked for.

    ``register`` are the names known beforehand, as (category, names).
    """

    name: str
    documents: tuple[tuple[Turn, ...], ...]
    marked: frozenset[str]
    register: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def words(self) -> int:
        """How many words it has, between spaces."""
        return sum(len(turn.text.split()) for document in self.documents for turn in document)


class _Row(msgspec.Struct):
    class Marked(msgspec.Struct):
        start: int
        end: int
        type: str

    id: str | int
    text: str
    spans: list[Marked]


def hard_lines() -> list[Set]:
    """Return our own lines, one set for each kind, each line a document of its own."""
    return [_hard_set(path) for path in sorted(_HARD.glob("*.txt"))]


def later_lines() -> Set:
    """Return lines of the same sort that were written once the rules stood, of all kinds."""
    return replace(_hard_set(_LATER), name="later lines")


def _hard_set(path: Path) -> Set:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    register = tuple(_entry(line) for line in lines if line.startswith("= "))
    documents = tuple((read_marked_line(line),) for line in lines if line and line[0] != "=")
    return Set(path.stem, documents, frozenset(category.value for category in Category), register)


def _entry(line: str) -> tuple[str, tuple[str, ...]]:
    kind, _, names = line.removeprefix("= ").partition(": ")
    return Category[kind].value, tuple(names.split(", "))


def read_marked_line(line: str) -> Turn:
    """Read a line whose details are marked, as "[words|KIND]", or "{words}" to keep."""
    text, spans, at = "", list[Span](), 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        words = mark[1] or mark[3]
        kind = Category[mark[2]].value if mark[2] else KEEP
        spans.append(Span(len(text), len(text) + len(words), kind))
        text += words
        at = mark.end()
    return Turn(text + line[at:], tuple(spans))


def sets(folder: Path = DATA, *, share: int = 1) -> list[Set]:
    """Return the sets that are there, every ``share``-th document of each; of long ones, fewer.

    Of the two sets of more than 100,000 words every fourth document is enough.
    """
    return [
        Set(
            name,
            tuple(
                tuple(_turns(row, types))
                for row in _rows(folder / f"{name}.jsonl")[:: share * _THINNED.get(name, 1)]
            ),
            frozenset(category.value for category in types.values()),
        )
        for name, types in _TYPES.items()
        if (folder / f"{name}.jsonl").exists()
    ]


def _rows(path: Path) -> list[_Row]:
    rows = msgspec.json.Decoder(_Row).decode_lines(path.read_bytes())
    return [row for row in rows if is_held_out(path.stem, str(row.id))]


def _turns(row: _Row, types: dict[str, Category]) -> Iterator[Turn]:
    """Cut a text into lines, as a transcript comes in turns; a span is cut where a line ends."""
    for line in re.finditer(r"[^\n]+", row.text):
        low, high = line.span()
        spans = tuple(
            Span(max(s.start, low) - low, min(s.end, high) - low, types[s.type].value)
            for s in row.spans
            if s.type in types and s.start < high and s.end > low
        )
        yield Turn(line[0], spans)


def lower(given: Set) -> Set:
    """Return a set in small letters; the few whose small form is longer stay as they are."""
    documents = tuple(
        tuple(replace(turn, text=_lower(turn.text)) for turn in document)
        for document in given.documents
    )
    return replace(given, documents=documents)


def _lower(text: str) -> str:
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
