"""Read a table of interviews to import: CSV as spreadsheets of any country save it, or XLSX.

A row is one interview: its label, the files of its sound or transcript, who takes part. The table
was made by hand, so columns may come in any order, and others may stand between them.
"""

from __future__ import annotations

import contextlib
import csv
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from study import WordDocument, decode_document, read_document, split_lines
from study.errors import BadImportTable, NotTranscript, TableFlaw

_MOST_ROWS = 10_000
_MOST_COLUMNS = 200
_NAMES: dict[str, tuple[str, ...]] = {
    "label": ("label", "interview", "code"),
    "file": ("file", "files", "filename", "file name", "sound", "recording"),
    "participants": ("participants", "participant", "people", "speakers"),
    "roles": ("roles", "role"),
    "language": ("language", "lang"),
    "channels": ("channels", "tracks"),
}
_NEEDED = ("label", "file")
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COLUMN = re.compile(r"[A-Z]{1,3}")
_OLD_CODE_PAGES = ("utf-8", "cp1252", "cp437")  # of names that a recorder or an old disk wrote


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One interview of the table, its cells as they are; line counts from 1, with the head.

    files: one name, or several of one interview in their order. participants: each as
    ``CODE[:ROLE][=NAME,NAME]``. roles: in their order, () where the table has none.
    """

    line: int
    label: str
    files: tuple[str, ...]
    participants: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    language: str = ""
    channels: tuple[str, ...] = ()

    @property
    def has_formula(self) -> bool:
        """Whether a cell holds a formula, not what comes of it."""
        cells = (self.label, self.language, *self.files, *self.participants, *self.roles)
        return any(cell.startswith("=") for cell in cells)


@dataclass(frozen=True, slots=True)
class ImportTable:
    """The rows of a table, and the columns that say nothing to Earshot."""

    rows: tuple[ImportRow, ...]
    unused: tuple[str, ...]


def read_import_table(path: Path) -> ImportTable:
    """Return the interviews of a CSV or XLSX file.

    Raises:
        BadImportTable: it is not there, no table, too long, or lacks a column or rows.
    """
    content: bytes | None = None
    try:
        # Not `raise ... from`: the system's own error carries the file's name.
        with contextlib.suppress(OSError, ValueError):
            content = read_document(path)
        if content is None:
            raise BadImportTable(TableFlaw.NOT_THERE)
        is_workbook = content.startswith(b"PK\x03\x04")
        cells = _read_workbook(content) if is_workbook else _read_text(content)
    except NotTranscript as bad:
        raise BadImportTable(TableFlaw.NOT_TABLE) from bad
    lines = [(number, row) for number, row in enumerate(cells, 1) if any(map(str.strip, row))]
    if len(lines) > _MOST_ROWS:
        raise BadImportTable(TableFlaw.TOO_LARGE)
    if not lines:
        raise BadImportTable(TableFlaw.NO_ROWS)
    columns, unused = _find_columns(lines[0][1])
    rows = tuple(_make_row(number, row, columns) for number, row in lines[1:])
    if not rows:
        raise BadImportTable(TableFlaw.NO_ROWS)
    return ImportTable(rows, unused)


def find_named_file(folder: Path, name: str) -> Path:
    """Return the file of a folder that a table names, however its name is encoded on the disk.

    An accent may be one character or two, and a recorder's own disk may hold it in bytes of an
    older encoding. Returns the path as it is named where no such file is there.
    """
    path = folder / name
    with contextlib.suppress(OSError, ValueError):
        if path.exists():
            return path
        wanted = unicodedata.normalize("NFC", path.name)
        for other in path.parent.iterdir():
            if wanted in _read_name(os.fsencode(other.name)):
                return other
    return path


def _read_name(raw: bytes) -> Iterator[str]:
    for page in _OLD_CODE_PAGES:
        with contextlib.suppress(UnicodeDecodeError):
            yield unicodedata.normalize("NFC", raw.decode(page))


def _read_text(content: bytes) -> list[list[str]]:
    text = decode_document(content)
    lines = split_lines(text)
    if not text.strip():
        return []
    head = lines[0]
    delimiter = max(",;\t", key=head.count)  # of the head, whose cells hold none of them
    if not head.count(delimiter):
        raise BadImportTable(TableFlaw.NO_COLUMN, _NEEDED[1])
    try:
        return [row[:_MOST_COLUMNS] for row in csv.reader(text.split("\n"), delimiter=delimiter)]
    except csv.Error as bad:
        raise BadImportTable(TableFlaw.NOT_TABLE) from bad


def _read_workbook(content: bytes) -> list[list[str]]:
    """Return the cells of the first sheet."""
    book = WordDocument(content)
    shared: list[str] = []
    if "xl/sharedStrings.xml" in book.names:
        root = book.read_part("xl/sharedStrings.xml")
        shared = ["".join(t.text or "" for t in one.iter(f"{_S}t")) for one in root.iter(f"{_S}si")]
    sheet = book.read_part(_find_sheet(book))
    rows: list[list[str]] = []
    for row in sheet.iter(f"{_S}row"):
        number = row.get("r", "")
        place = int(number) if number.isdecimal() else len(rows) + 1
        if place > _MOST_ROWS + 1:
            raise BadImportTable(TableFlaw.TOO_LARGE)
        rows.extend([] for _ in range(place - len(rows)))
        rows[place - 1] = _read_cells(row, shared)
    return rows


def _find_sheet(book: WordDocument) -> str:
    """Return the name of the part that holds the first sheet."""
    first = book.read_part("xl/workbook.xml").find(f"{_S}sheets/{_S}sheet")
    wanted = first.get(f"{_R}id", "") if first is not None else ""
    for link in book.read_part("xl/_rels/workbook.xml.rels"):
        if link.get("Id") == wanted:
            target = link.get("Target", "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise BadImportTable(TableFlaw.NOT_TABLE)


def _read_cells(row: ET.Element, shared: Sequence[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_S}c"):
        letters = _COLUMN.match(cell.get("r", ""))
        place = _count_columns(letters.group()) if letters else len(cells) + 1
        if place > _MOST_COLUMNS:
            break
        cells.extend("" for _ in range(place - len(cells)))
        cells[place - 1] = _read_cell(cell, shared)
    return cells


def _count_columns(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _read_cell(cell: ET.Element, shared: Sequence[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_S}t"))
    value = (cell.findtext(f"{_S}v") or "").strip()
    formula = cell.find(f"{_S}f")
    if formula is not None and not value:
        return f"={formula.text or ''}"  # nobody has computed it
    if cell.get("t") != "s":
        return value.removesuffix(".0")  # a label of digits that a spreadsheet took for a number
    return shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ""


def _find_columns(head: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    columns: dict[str, int] = {}
    unused: list[str] = []
    for number, title in enumerate(head):
        plain = " ".join(title.replace("_", " ").casefold().split())
        name = next((n for n, titles in _NAMES.items() if plain in titles), "")
        if name and name not in columns:
            columns[name] = number
        elif plain:
            unused.append(" ".join(title.split()))
    for name in _NEEDED:
        if name not in columns:
            raise BadImportTable(TableFlaw.NO_COLUMN, name)
    return columns, tuple(unused)


def _make_row(line: int, cells: Sequence[str], columns: dict[str, int]) -> ImportRow:
    def read(name: str) -> str:
        place = columns.get(name, len(cells))
        return " ".join(cells[place].split()) if place < len(cells) else ""

    return ImportRow(
        line,
        read("label"),
        tuple(_split(read("file"), ";")),
        tuple(_split(read("participants"), _choose_separator(read("participants")))),
        tuple(_split(read("roles"), _choose_separator(read("roles")))),
        read("language"),
        tuple(_split(read("channels"), _choose_separator(read("channels")))),
    )


def _choose_separator(cell: str) -> str:
    """Return what parts a cell's entries: a comma only where it cannot stand between names."""
    return ";" if ";" in cell or "=" in cell else ","


def _split(cell: str, separator: str) -> Iterable[str]:
    return (part for one in cell.split(separator) if (part := one.strip()))
