"""Cases and their attributes as a table, which NVivo, MAXQDA, ATLAS.ti and QualCoder import.

The first column is the case, named exactly as in every other file. The table holds only attributes
that somebody declared to identify nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handoff.csv_table import render_csv
from handoff.export_input import ExportedCase, ExportInput
from handoff.workbook import render_workbook

FIRST_COLUMN = "Person"  # in NVivo's classification sheet this cell names the classification


def render_cases_csv(materials: Sequence[ExportInput]) -> bytes:
    """Return the cases as CSV."""
    return render_csv(_rows(materials))


def render_cases_xlsx(materials: Sequence[ExportInput]) -> bytes:
    """Return the cases as a workbook with one sheet; every cell is text."""
    return render_workbook("Cases", _rows(materials), max(material.day for material in materials))


def _rows(materials: Sequence[ExportInput]) -> Iterable[Sequence[str]]:
    attributes = materials[0].attributes
    yield FIRST_COLUMN, *attributes, "interviews"
    for case in list_cases(materials):
        labels = sorted(
            m.label for m in materials if any(c.is_case and c.code == case.code for c in m.cases)
        )
        yield (
            case.code, *(case.attributes.get(name, "") for name in attributes), " ".join(labels),
        )  # fmt: skip


def list_cases(materials: Iterable[ExportInput]) -> list[ExportedCase]:
    """Return every case once, sorted by code and without interviewers and strangers."""
    found = {c.code: c for m in materials for c in m.cases if c.is_case}
    return [found[code] for code in sorted(found)]
