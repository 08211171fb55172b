"""Cases and their attributes as a table: what NVivo, MAXQDA, ATLAS.ti and QualCoder import.

The first column is the case, named exactly as in every other file. Only attributes that were
declared as telling nobody who somebody is are in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from handoff.csv_table import csv_table
from handoff.material import Case, Material

FIRST = "Person"  # in NVivo's classification sheet this cell names the classification


def cases_csv(materials: Sequence[Material]) -> bytes:
    """Return the cases as CSV."""
    return csv_table(_rows(materials))


def cases_xlsx(materials: Sequence[Material]) -> bytes:
    """Return the cases as a workbook of one sheet, all cells text."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    on = max(material.on for material in materials)
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        # xlsxwriter says of half of its arguments what they are
        book.set_properties(  # pyright: ignore[reportUnknownMemberType]
            {"created": datetime(on.year, on.month, on.day, tzinfo=UTC)}
        )
        sheet = book.add_worksheet("Cases")  # pyright: ignore[reportUnknownMemberType]
        for number, row in enumerate(_rows(materials)):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def _rows(materials: Sequence[Material]) -> Iterable[Sequence[str]]:
    attributes = materials[0].attributes
    yield FIRST, *attributes, "interviews"
    for case in people(materials):
        labels = sorted(m.label for m in materials if any(c.code == case.code for c in m.cases))
        yield (
            case.code, *(case.attributes.get(name, "") for name in attributes), " ".join(labels),
        )  # fmt: skip


def people(materials: Iterable[Material]) -> list[Case]:
    """Return every case once, interviewers left out, in the order of their codes."""
    found = {c.code: c for m in materials for c in m.cases if not c.is_interviewer}
    return [found[code] for code in sorted(found)]
