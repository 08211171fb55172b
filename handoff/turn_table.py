"""The turns of all interviews as a table: for R, for spreadsheets, and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handoff.csv_table import render_csv
from handoff.export_input import ExportInput
from handoff.time_tiers import name_role
from handoff.workbook import render_workbook

TURN_COLUMNS = (
    "interview", "turn", "start_s", "end_s", "speaker", "role", "topic", "text", "pauses",
)  # fmt: skip
_Row = tuple[str, int, float | None, float | None, str, str, str, str, str]


def render_turns_csv(materials: Sequence[ExportInput], *, for_excel: bool = False) -> bytes:
    """Return the turns as CSV in UTF-8: plain for R and pandas, or as Excel reads it."""
    rows = ((_format(cell) for cell in row) for row in _list_rows(materials))
    return render_csv([TURN_COLUMNS, *map(tuple, rows)], for_excel=for_excel)


def render_turns_xlsx(materials: Sequence[ExportInput]) -> bytes:
    """Return the turns as a workbook; turns and times are numbers, all else is text."""
    day = max(material.day for material in materials)
    return render_workbook("Turns", [TURN_COLUMNS, *_list_rows(materials)], day, fixed_columns=2)


def _format(cell: str | float | None) -> str:
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return "" if cell is None else str(cell)


def _list_rows(materials: Sequence[ExportInput]) -> Iterator[_Row]:
    """Yield a row for each turn; times are empty where there are none.

    pauses: what stands between this turn and the one before it, such as "(4 s)"; behind the last
    turn, the last row says it as well.
    """
    for material in materials:
        topic, between = "", list[str]()
        row: _Row | None = None
        for line in material.lines:
            if line.is_topic:
                topic = line.text.removeprefix("Topic: ")
            elif not line.speaker:
                between.append(line.text)
            else:
                if row:
                    yield row
                start_s, end_s = (line.start_s, line.end_s) if line.is_timed else (None, None)
                row = (
                    material.label, line.number, start_s, end_s, line.speaker,
                    name_role(material, line.speaker), topic, line.text, "; ".join(between),
                )  # fmt: skip
                between = []
        if row:
            yield (*row[:-1], "; ".join([*filter(None, row[-1:]), *between]))
