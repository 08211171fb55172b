"""The anonymisation log as a table, without a single original."""

from __future__ import annotations

from collections.abc import Iterable

from handoff.csv_table import render_csv
from study import LogLine, TurnNumbers

LOG_COLUMNS = (
    "turn", "time_s", "category", "identifier", "action", "replacement", "found_by", "score",
    "decided_by", "decided_at",
)  # fmt: skip


def render_log_csv(
    lines: Iterable[LogLine], numbers: TurnNumbers, *, is_timed: bool = True
) -> bytes:
    """Return the log with a row for each decision, in the order of the transcript.

    numbers: of the turns of the clean transcript that it goes with. is_timed: whether that has
    times; else their column is empty.
    """
    return render_csv([LOG_COLUMNS, *(_row(line, numbers, is_timed=is_timed) for line in lines)])


def _row(line: LogLine, numbers: TurnNumbers, *, is_timed: bool) -> tuple[str, ...]:
    return (
        numbers.show_turn(line.turn),
        f"{line.start_s:.1f}" if is_timed else "",
        line.category.value,
        "direct" if line.direct else "indirect",
        line.action,
        line.replacement,
        line.source,
        f"{line.score:.2f}",
        str(line.by),
        line.at,
    )
