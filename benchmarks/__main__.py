"""``python -m benchmarks NAME [--quick]``: measure, print a table, keep the result.

A benchmark with options of its own takes them after its name, and then nothing is kept, or with
``--renew`` only the rows that were measured.
"""

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
    parser.add_argument(
        "--renew", action="store_true", help="put what was measured into the result that is kept"
    )
    given, own = parser.parse_known_args(arguments)
    missed = False
    for name in given.names:
        run = frame.choose(name, own) if own else frame.find(name)
        if run is None:
            parser.error(f"{name} has no options of its own")
        rows = run(given.quick)
        print(f"\n{name}\n\n{frame.table(rows)}")
        if given.renew or not (given.quick or own):
            keep = frame.renew if given.renew else frame.keep
            path = keep(name, rows, datetime.now(UTC))
            print(f"\nkept in benchmarks/results/{path.name}")
        missed = missed or any(row.holds is False for row in rows)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
