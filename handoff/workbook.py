"""A workbook with one sheet, whose cells are text or numbers, and never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

_NUMBERS = (int, float)


def render_workbook(
    title: str, rows: Iterable[Sequence[str | float | None]], day: date, *, fixed_columns: int = 1
) -> bytes:
    """Return a workbook without an author, and with no other date than the day.

    title: of the sheet. rows: the first holds the titles of the columns; None is an empty cell.
    fixed_columns: how many stay in sight.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        # xlsxwriter annotates only half of its arguments
        book.set_properties(  # pyright: ignore[reportUnknownMemberType]
            {"created": datetime(day.year, day.month, day.day, tzinfo=UTC)}
        )
        sheet = book.add_worksheet(title)  # pyright: ignore[reportUnknownMemberType]
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, _NUMBERS):
                    sheet.write_number(number, column, cell)
                elif cell is not None:
                    sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, fixed_columns)
    return out.getvalue()
