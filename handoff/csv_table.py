"""CSV with quotes and never a formula: for spreadsheets, or plain for R and pandas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from study import tidy_text

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def render_csv(rows: Iterable[Sequence[str]], *, for_excel: bool = True) -> bytes:
    """Return rows as CSV in UTF-8; the first row holds the titles.

    for_excel: with a byte order mark, which Excel needs and R takes for a part of the first
    title, and CRLF.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n" if for_excel else "\n")
    for row in rows:
        writer.writerow([guard_formula(cell) for cell in row])
    return (("\ufeff" if for_excel else "") + out.getvalue()).encode()


def guard_formula(cell: str) -> str:
    """Return the cell with an apostrophe in front where a spreadsheet would see a formula."""
    text = tidy_text(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
