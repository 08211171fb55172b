"""A table of interviews is read as spreadsheets of any country save it, or refused for its flaw."""

from __future__ import annotations

import contextlib
import os
import unicodedata
import zipfile
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from capture.import_table import ImportRow, ImportTable, find_named_file, read_import_table
from study.errors import BadImportTable, TableFlaw

HEAD = ["Label", "File", "Participants", "Roles", "Language", "Site"]
ROWS = [
    ["P07_i1", "visit 7.m4a", "P07; INT01", "participant; interviewer", "en", "north"],
    ["P08_i1", "a.mp3; b.mp3", "P08=Margaret Wilson,Maggie", "", "de", "south"],
    ["P09_i1", "Gespräch.wav", "", "", "", ""],
]
WANTED = (
    ImportRow(2, "P07_i1", ("visit 7.m4a",), ("P07", "INT01"), ("participant", "interviewer"),
              "en"),
    ImportRow(3, "P08_i1", ("a.mp3", "b.mp3"), ("P08=Margaret Wilson,Maggie",), (), "de"),
    ImportRow(4, "P09_i1", ("Gespräch.wav",)),
)  # fmt: skip


def as_text(delimiter: str, end: str = "\n") -> str:
    def cell(text: str) -> str:
        return f'"{text}"' if delimiter in text else text

    return end.join(delimiter.join(map(cell, row)) for row in [HEAD, *ROWS]) + end


def as_workbook(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEAD, *ROWS]:
        sheet.append(row)
    book.create_sheet("other").append(["nothing"])
    book.save(path)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_however_a_spreadsheet_saves_it(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(as_text(delimiter, "\r\n").encode(encoding))

    assert read_import_table(path) == ImportTable(WANTED, ("Site",))


def test_a_workbook_is_read_by_its_first_sheet(tmp_path: Path) -> None:
    path = as_workbook(tmp_path / "table.xlsx")

    assert read_import_table(path) == ImportTable(WANTED, ("Site",))


def test_empty_lines_are_passed_over_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("file,label\n\n,,\na.wav,P01\n\nb.wav,P02\n")

    assert [(row.line, row.label) for row in read_import_table(path).rows] == [
        (4, "P01"),
        (6, "P02"),
    ]


def test_numbers_of_a_workbook_are_labels(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["label", "file"], [7, "a.wav"], [8.0, "b.wav"]]:
        sheet.append(row)
    book.save(tmp_path / "table.xlsx")

    assert [row.label for row in read_import_table(tmp_path / "table.xlsx").rows] == ["7", "8"]


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", TableFlaw.NO_ROWS),
        (b"label,file\n", TableFlaw.NO_ROWS),
        (b"label\nP01\n", TableFlaw.NO_COLUMN),
        (b"label,participants\nP01,P01\n", TableFlaw.NO_COLUMN),
        (b"PK\3\4" + bytes(100), TableFlaw.NOT_TABLE),
        (b"\0\1\2", TableFlaw.NOT_TABLE),
        (b"label,file\n" + b"P01,a.wav\n" * 10_001, TableFlaw.TOO_LARGE),
    ],
)
def test_what_is_no_such_table_is_refused_for_its_flaw(
    tmp_path: Path, content: bytes, flaw: TableFlaw
) -> None:
    (tmp_path / "table.csv").write_bytes(content)

    with pytest.raises(BadImportTable) as refused:
        read_import_table(tmp_path / "table.csv")

    assert refused.value.flaw == flaw


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadImportTable) as refused:
        read_import_table(tmp_path / "nowhere.csv")

    assert refused.value.flaw == TableFlaw.NOT_THERE


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = as_workbook(tmp_path / "table.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", b"<sst>" + b" " * (60 << 20) + b"</sst>")

    with pytest.raises(BadImportTable):
        read_import_table(path)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "table.csv"
    path.write_bytes(b"label,file\n" + content)

    with contextlib.suppress(BadImportTable):
        assert read_import_table(path).rows


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp437"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_found_however_the_disk_holds_it(
    tmp_path: Path, encoding: str, form: Literal["NFC", "NFD"]
) -> None:
    name = unicodedata.normalize(form if encoding == "utf-8" else "NFC", "Gespräch.wav")
    path = tmp_path / os.fsdecode(name.encode(encoding))
    path.write_bytes(b"x")

    assert find_named_file(tmp_path, "Gespräch.wav") == path
    assert find_named_file(tmp_path, "other.wav") == tmp_path / "other.wav"


def test_a_formula_that_nobody_computed_is_known_as_one(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["label", "file"], ["P07_i1", '=A2&".wav"'], ["P08_i1", "b.wav"]]:
        sheet.append(row)
    book.save(tmp_path / "table.xlsx")

    rows = read_import_table(tmp_path / "table.xlsx").rows

    assert [row.has_formula for row in rows] == [True, False]
