"""CSV that spreadsheets read correctly: byte order mark, CRLF, quotes, and never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from handoff.transcript_lines import tidy_text

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def render_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV in UTF-8; the first row holds the titles."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guard_formula(cell) for cell in row])
    return ("\ufeff" + out.getvalue()).encode()


def guard_formula(cell: str) -> str:
    """Return the cell with an apostrophe in front where a spreadsheet would see a formula."""
    text = tidy_text(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
