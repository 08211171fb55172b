"""CSV as spreadsheets read it rightly: a byte order mark, CRLF, quoted, and never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from handoff.lines import tidy

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_table(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows, the first of them the head, as CSV in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return ("\ufeff" + out.getvalue()).encode()


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands in front."""
    text = tidy(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
