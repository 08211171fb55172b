"""The anonymisation log as a table, without a single original."""

from __future__ import annotations

from collections.abc import Iterable

from handoff.csv_table import render_csv
from study import LogLine

LOG_COLUMNS = (
    "turn", "time_s", "category", "identifier", "action", "replacement", "found_by", "score",
    "decided_by", "decided_at",
)  # fmt: skip


def render_log_csv(lines: Iterable[LogLine]) -> bytes:
    """Return the log with a row for each decision, in the order of the transcript."""
    return render_csv([LOG_COLUMNS, *(_row(line) for line in lines)])


def _row(line: LogLine) -> tuple[str, ...]:
    return (
        str(line.turn),
        f"{line.start_s:.1f}",
        line.category.value,
        "direct" if line.direct else "indirect",
        line.action,
        line.replacement,
        line.source,
        f"{line.score:.2f}",
        str(line.by),
        line.at,
    )
