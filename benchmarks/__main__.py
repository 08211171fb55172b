"""``python -m benchmarks NAME [--quick]``: measure, print a table, keep the result."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks import frame


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks that are named; returns 1 where an aim was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure Earshot, print a table, and write benchmarks/results/NAME.json.",
    )
    parser.add_argument("names", metavar="NAME", nargs="+", choices=frame.names())
    parser.add_argument(
        "--quick", action="store_true", help="end within a minute each; keep no result"
    )
    given = parser.parse_args(arguments)
    missed = False
    for name in given.names:
        rows = frame.find(name)(given.quick)
        print(f"\n{name}\n\n{frame.table(rows)}")
        if not given.quick:
            path = frame.keep(name, rows, datetime.now(UTC))
            print(f"\nkept in benchmarks/results/{path.name}")
        missed = missed or any(row.holds is False for row in rows)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
