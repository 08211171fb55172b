"""Lines that were said, in tables: what is marked in them, and what a search makes of it.

A table (``spoken_lines/*.txt``) has one line a turn: ``[words|PERSON]`` are at least asked,
``{words}`` name nobody; a line "= PERSON: Rose" enters a name for the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.register import KnownIdentity
from models import find_names_model
from study import Category

TABLES = Path(__file__).parent / "spoken_lines"
_MARK = re.compile(r"\[([^|\]]+)\|([A-Z_]+)\]|\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A turn; ``named`` and ``kept`` are the characters of what is marked in it."""

    text: str
    named: tuple[tuple[int, int], ...]
    kept: tuple[tuple[int, int], ...]

    def in_small_letters(self) -> SpokenLine:
        """Return the line as a weak recogniser writes it."""
        return SpokenLine(self.text.lower(), self.named, self.kept)


def read_lines(table: str) -> list[SpokenLine]:
    """Return the lines of a table."""
    return [read_line(line) for line in _rows(table) if line[0] != "="]


def _rows(table: str) -> Iterator[str]:
    for line in (TABLES / f"{table}.txt").read_text(encoding="utf-8").splitlines():
        if line and line[0] != "#":
            yield line


def read_line(line: str) -> SpokenLine:
    """Return a line of a table without its marks."""
    text, at = "", 0
    named: list[tuple[int, int]] = []
    kept: list[tuple[int, int]] = []
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        words = mark[1] or mark[3]
        (named if mark[1] else kept).append((len(text), len(text) + len(words)))
        text += words
        at = mark.end()
    return SpokenLine(text + line[at:], tuple(named), tuple(kept))


@cache
def make_pipeline(table: str) -> SearchPipeline:
    """Return a pipeline with the bundled model and the names that a table enters."""
    entries = (line[2:].partition(": ") for line in _rows(table) if line[0] == "=")
    known = [KnownIdentity(Category[kind], tuple(names.split(", "))) for kind, _, names in entries]
    return SearchPipeline(known, trained={"names": find_names_model().folder})


def list_faults(table: str, line: SpokenLine, *, only_sure: bool = False) -> list[str]:
    """Return what is marked and not found, and what names nobody and is found or asked.

    only_sure: a question about what names nobody is no fault.
    """
    (found,) = settle_finds(make_pipeline(table).search_turns([line.text]))
    masked = {at for p in found for at in range(p.start, p.end)}
    wrong = {at for p in found if p.is_likely or not only_sure for at in range(p.start, p.end)}
    missed = [line.text[a:b] for a, b in line.named if not _letters(line, a, b) <= masked]
    touched = [f"{{{line.text[a:b]}}}" for a, b in line.kept if _letters(line, a, b) & wrong]
    return missed + touched


def _letters(line: SpokenLine, start: int, end: int) -> set[int]:
    return {at for at in range(start, end) if line.text[at].isalnum()}
