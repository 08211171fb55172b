"""The anonymisation log as CSV, without a single original.

UTF-8 with a byte order mark and CRLF, so that spreadsheets read it rightly; a cell that a
spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from handoff.texts import tidy
from study.terms import LogLine

COLUMNS = (
    "turn", "time_s", "category", "identifier", "action", "replacement", "found_by", "score",
    "decided_by", "decided_at",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def log_csv(lines: Iterable[LogLine]) -> bytes:
    """Return the log as a table, one decision a row, in the order of the transcript."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        row = (
            line.turn,
            f"{line.start_s:.1f}",
            line.category,
            "direct" if line.direct else "indirect",
            line.action,
            line.replacement,
            line.source,
            f"{line.score:.2f}",
            line.by,
            line.at,
        )
        writer.writerow([guarded(str(cell)) for cell in row])
    return ("\ufeff" + out.getvalue()).encode()


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = tidy(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
