"""Lines as said, with their details marked, from ``tests/anonymise/spoken_lines``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "spoken_lines"
_MARK = re.compile(r"\[([^|\]]+)\|([A-Z_]+)\]")
_SIGNS = re.compile(r"(?<!\w)[.,;:!?]|[.,;:!?](?=\s|$)")


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """The turns of one line, and its details as (turn, start, end, category's name)."""

    turns: tuple[str, ...]
    details: tuple[tuple[int, int, int, str], ...]


def read_marked_lines(name: str) -> list[MarkedLine]:
    """Return the lines of one file, in order; "//" parts the turns of a line."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_read_line(line) for line in lines if line and not line.startswith("#")]


def _read_line(line: str) -> MarkedLine:
    turns: list[str] = []
    details: list[tuple[int, int, int, str]] = []
    for number, marked in enumerate(line.split(" // ")):
        said, done = "", 0
        for mark in _MARK.finditer(marked):
            said += marked[done : mark.start()]
            details.append((number, len(said), len(said) + len(mark[1]), mark[2]))
            said, done = said + mark[1], mark.end()
        turns.append(said + marked[done:])
    return MarkedLine(tuple(turns), tuple(details))


def lower_line(line: MarkedLine) -> MarkedLine:
    """Return a line in small letters without the signs of sentences, as a weak recogniser writes.

    Signs within a detail stay.
    """
    turns: list[str] = []
    details: list[tuple[int, int, int, str]] = []
    for number, turn in enumerate(line.turns):
        said, done = "", 0
        for _, start, end, kind in (d for d in line.details if d[0] == number):
            said += _SIGNS.sub("", turn[done:start].lower())
            details.append((number, len(said), len(said) + end - start, kind))
            said, done = said + turn[start:end].lower(), end
        turns.append(said + _SIGNS.sub("", turn[done:].lower()))
    return MarkedLine(tuple(turns), tuple(details))
