"""Cases as CSV and XLSX, turns as JSON: read back by pandas, openpyxl and jsonschema."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false
# pandas annotates little.

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import jsonschema
import openpyxl
import pandas as pd
import pytest

from handoff.case_table import render_cases_csv, render_cases_xlsx
from handoff.csv_table import guard_formula, render_csv
from handoff.export_input import ExportInput
from handoff.json_file import render_json, render_json_schema
from handoff.transcript_lines import tidy_text

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
