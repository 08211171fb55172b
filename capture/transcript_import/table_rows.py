"""Read tables of tabs: Whisper's TSV, NVivo's transcript rows, Audacity's labels.

A table is known by its headings, which need a column of words; Audacity's have none, but two
numbers in front. Columns that are no time, speaker or words are told as left out.
"""

from __future__ import annotations

import re

from capture.transcript_import.imported_turn import (
    CLOCK_PATTERN,
    LONGEST_TRANSCRIPT_S,
    ImportedTurn,
    LeftOut,
    LeftPart,
    ReadTurns,
    parse_clock_s,
    tidy_line,
)
from study import split_lines

_COLUMNS = {
    "start": "start", "begin": "start", "start time": "start", "time": "start",
    "timestamp": "start", "timespan": "start", "end": "end", "end time": "end",
    "text": "words", "content": "words", "words": "words", "transcript": "words",
    "speaker": "speaker", "name": "speaker", "participant": "speaker",
}  # fmt: skip
_CLOCK = re.compile(CLOCK_PATTERN)
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,12})?")
_LABEL = re.compile(r"\d{1,9}\.\d{1,9}\t\d{1,9}\.\d{1,9}\t\S")
_MS = 1000


def is_table(text: str) -> bool:
    """Whether a text is a table of tabs that has turns in its rows."""
    first = next((line for line in text.split("\n", 5)[:5] if line.strip()), "")
    return "words" in _read_headings(first) or _LABEL.match(first) is not None


def read_table(text: str) -> ReadTurns:
    """Return a turn for each row with words, ordered by time."""
    lines = split_lines(text)
    first = next(n for n, line in enumerate(lines) if line.strip())
    heads = _read_headings(lines[first])
    if "words" not in heads:
        heads, first = ["start", "end", "words"], first - 1
    said, left = list[ImportedTurn](), list[LeftPart]()
    for number, line in enumerate(lines[first + 1 :], start=first + 2):
        cells = line.split("\t", len(heads) - 1)
        row = dict.fromkeys(heads, "") | dict(zip(heads, cells, strict=False))
        start_s, end_s = _times(row.get("start", ""), row.get("end", ""))
        left += [
            LeftPart(LeftOut.COLUMN, cell, number)
            for head, cell in zip(heads, cells, strict=False)
            if head == "" and cell.strip()
        ]
        if words := tidy_line(row["words"]):
            said.append(ImportedTurn(tidy_line(row.get("speaker", "")), words, start_s, end_s))
        elif line.strip() and not row.get("start"):
            left.append(LeftPart(LeftOut.COLUMN, line.strip(), number))
    return ReadTurns(said, left, by_time=True)


def _read_headings(line: str) -> list[str]:
    """Return what each column holds, "" for anything else; the first of two that hold the same."""
    heads: list[str] = []
    for cell in line.split("\t")[:20]:
        head = _COLUMNS.get(" ".join(cell.lower().split()), "")
        heads.append("" if head in heads else head)
    return heads if len(heads) > 1 else []


def _times(start: str, end: str) -> tuple[float | None, float | None]:
    """Read two times, or one cell that holds both: "0:00.0 - 0:05.2"."""
    clocks = [parse_clock_s(found) for found in _CLOCK.finditer(f"{start} {end}")]
    if clocks:
        return clocks[0], clocks[1] if len(clocks) > 1 else None
    return _seconds(start), _seconds(end)


def _seconds(cell: str) -> float | None:
    """Read seconds with a point, or whole milliseconds as Whisper writes them."""
    bare = cell.strip()
    if not _NUMBER.fullmatch(bare):
        return None
    seconds = float(bare) if "." in bare else int(bare) / _MS
    return seconds if seconds <= LONGEST_TRANSCRIPT_S else None
