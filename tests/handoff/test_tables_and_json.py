"""Cases as CSV and XLSX, turns as JSON: read back by pandas, openpyxl and jsonschema."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false
# pandas annotates little.

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import jsonschema
import openpyxl
import pandas as pd
import pytest

from handoff.case_table import render_cases_csv, render_cases_xlsx
from handoff.csv_table import guard_formula, render_csv
from handoff.export_input import ExportInput
from handoff.formats import FORMATS_BY_NAME, FormatOptions
from handoff.json_file import render_json, render_json_schema
from handoff.spoken_words import TimedWord
from handoff.transcript_lines import tidy_text
from handoff.turn_table import TURN_COLUMNS, render_turns_csv, render_turns_xlsx
from handoff.words_file import render_words, render_words_schema
from study import Category, LogLine

TABLE = [
    ["FAM02", "supporter", "", "P07_i1"],
    ["P07", "participant", "+autumn", "P07_i1"],
]


def test_the_first_column_is_the_case_and_pandas_reads_the_workbook(material: ExportInput) -> None:
    frame = pd.read_excel(
        io.BytesIO(render_cases_xlsx([material])), dtype=str, keep_default_na=False
    )

    assert list(frame.columns) == ["Person", "role", "course", "interviews"]
    assert frame.to_numpy().tolist() == TABLE


def test_the_workbook_is_one_sheet_of_text_without_a_formula_or_an_author(
    material: ExportInput,
) -> None:
    raw = render_cases_xlsx([material])

    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book.sheetnames == ["Cases"]
    cells = [cell for row in book["Cases"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert not book.properties.creator
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-11-25T00:00:00Z" in archive.read("docProps/core.xml")
    assert raw == render_cases_xlsx([material])


def test_pandas_reads_the_csv_and_no_cell_is_a_formula(material: ExportInput) -> None:
    raw = render_cases_csv([material])

    frame = pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert frame["Person"].tolist() == ["FAM02", "P07"]
    assert frame["course"].tolist() == ["", "'+autumn"]
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 3


@pytest.mark.parametrize(
    "cell", ["=1+1", "+44", "-no", "@x", "\t=1", "\r=1", "\uff1d1", "\uff0b1", " =1", "\x00=1"]
)
def test_no_cell_that_a_spreadsheet_reads_begins_a_formula(cell: str) -> None:
    assert not guard_formula(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b"))
    assert render_csv([[cell]]).decode().count("\r\n") == 1


def test_every_turn_is_a_row_of_the_frame_as_the_readme_says(
    material: ExportInput, tmp_path: Path
) -> None:
    (tmp_path / "P07_i1.json").write_bytes(render_json(material))

    with (tmp_path / "P07_i1.json").open(encoding="utf-8") as file:
        frame = pd.DataFrame(json.load(file)["turns"])

    assert frame["speaker"].tolist() == ["INT01", "P07", "FAM02", "P07"]
    assert frame["text"].tolist() == [tidy_text(turn.text) for turn in material.clean.turns]
    assert max(frame["end_s"].tolist()) == 3725.5
    assert frame["doubts"].tolist() == [[], [], ["loop"], []]


def test_the_schema_keeps_the_names_that_receivers_know() -> None:
    schema = json.loads(render_json_schema())

    assert schema["$ref"] == "#/$defs/Interview"
    titles = {name: record["title"] for name, record in schema["$defs"].items()}
    assert titles == {name: name for name in ("Interview", "Person", "Turn", "Event")}


def test_the_json_is_valid_by_the_schema_beside_it_and_another_is_not(
    material: ExportInput,
) -> None:
    schema, told = json.loads(render_json_schema()), json.loads(render_json(material))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(told, schema)
    told["turns"][0]["start_s"] = "soon"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema)
    assert render_json(material) == render_json(material)


TURNS = [
    ["P07_i1", 1, 1.0, 2.0, "INT01", "interviewer", "First contact & <more>", ""],
    ["P07_i1", 2, 2.5, 5.25, "P07", "participant", "First contact & <more>", ""],
    ["P07_i1", 3, 5.0, 7.0, "FAM02", "supporter", "First contact & <more>", ""],
    ["P07_i1", 4, 3600.0, 3725.5, "P07", "participant", "The sessions",
     "(recording paused, 40 s); (marker)"],
]  # fmt: skip


def test_pandas_reads_every_turn_from_the_workbook_as_it_was_said(material: ExportInput) -> None:
    raw = render_turns_xlsx([material, replace(material, label="P07_i2")])

    frame = pd.read_excel(io.BytesIO(raw), keep_default_na=False)
    assert list(frame.columns) == list(TURN_COLUMNS)
    assert frame["interview"].tolist() == ["P07_i1"] * 4 + ["P07_i2"] * 4
    assert frame["text"].tolist() == 2 * [tidy_text(turn.text) for turn in material.clean.turns]
    assert frame.drop(columns="text").to_numpy().tolist()[:4] == TURNS
    assert raw == render_turns_xlsx([material, replace(material, label="P07_i2")])


@pytest.mark.parametrize("for_excel", [False, True])
def test_pandas_reads_every_turn_from_both(material: ExportInput, *, for_excel: bool) -> None:
    raw = render_turns_csv([material], for_excel=for_excel)

    frame = pd.read_csv(
        io.BytesIO(raw), keep_default_na=False, encoding="utf-8-sig" if for_excel else "utf-8"
    )
    assert list(frame.columns) == list(TURN_COLUMNS)
    assert frame.drop(columns="text").to_numpy().tolist() == TURNS
    assert frame["text"].tolist()[2] == "'=1+1 is what I say. Yes."


def test_one_table_is_for_r_and_the_other_for_excel(material: ExportInput) -> None:
    for_r, for_excel = (render_turns_csv([material], for_excel=one) for one in (False, True))

    assert for_r.startswith(b'"interview"')  # R takes a byte order mark for a part of the title
    assert b"\r" not in for_r
    assert for_excel.startswith(b"\xef\xbb\xbf")
    assert for_excel.count(b"\r\n") == for_excel.count(b"\n") == for_r.count(b"\n") == 5


def test_a_transcript_without_times_has_empty_cells_for_them(material: ExportInput) -> None:
    lines = [replace(line, is_timed=False) for line in material.lines]

    frame = pd.read_csv(io.BytesIO(render_turns_csv([replace(material, lines=lines)])))

    assert frame[["start_s", "end_s"]].isna().to_numpy().all()


def test_json_and_the_log_give_no_times_that_nobody_knows(material: ExportInput) -> None:
    """They gave each turn the time 0."""
    turns = tuple(replace(turn, start_s=0.0, end_s=0.0) for turn in material.clean.turns)
    lines = [replace(line, is_timed=False) for line in material.lines]
    log_line = LogLine(
        "rose", 2, 0.0, Category.PERSON, direct=True, action="replaced",
        replacement="[Person 1]", source="names", score=0.9, by=1, at="2026-11-25",
    )  # fmt: skip
    clean = replace(material.clean, turns=turns)
    untimed = replace(material, clean=clean, lines=lines, log=(log_line,))

    files = FORMATS_BY_NAME["json"].render([untimed], FormatOptions())
    files = {**files, **FORMATS_BY_NAME["log"].render([untimed], FormatOptions())}

    told = json.loads(files["P07_i1.json"])
    jsonschema.validate(told, json.loads(files["transcript.schema.json"]))
    assert {(turn["start_s"], turn["end_s"]) for turn in told["turns"]} == {(None, None)}
    assert {event["at_s"] for event in told["events"]} == {None}
    log = pd.read_csv(io.BytesIO(files["P07_i1-log.csv"]))
    assert len(log)
    assert log["time_s"].isna().to_numpy().all()


def test_what_stands_behind_the_last_turn_is_not_lost(material: ExportInput) -> None:
    *rest, last = material.lines
    pause = replace(last, speaker="", text="(9 s)", turn=0)

    frame = pd.read_excel(
        io.BytesIO(render_turns_xlsx([replace(material, lines=[*rest, last, pause])]))
    )

    assert frame["pauses"].tolist()[-1] == "(recording paused, 40 s); (marker); (9 s)"


def test_every_word_is_a_record_with_its_time_and_says_whether_it_was_measured(
    material: ExportInput,
) -> None:
    words = (
        TimedWord("It", 3600.1234, 3601.0),
        TimedWord("was good.", 3601.0, 3602.0, is_estimated=True),
    )
    lines = [*material.lines[:-1], replace(material.lines[-1], words=words)]

    told = json.loads(render_words(replace(material, lines=lines)))

    assert told["turns"][-1]["words"] == [
        {"text": "It", "start_s": 3600.123, "end_s": 3601.0, "estimated": False},
        {"text": "was good.", "start_s": 3601.0, "end_s": 3602.0, "estimated": True},
    ]
    first = told["turns"][0]
    assert " ".join(word["text"] for word in first["words"]) == first["text"]
    assert all(word["estimated"] for word in first["words"])  # the turn has no times of words
    schema = json.loads(render_words_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(told, schema)
    assert set(schema["$defs"]) == {"Words", "TimedTurn", "Word"}
