"""The one frame of all benchmarks: what a row is, how it is printed, where it is kept.

A benchmark is a module of this package with ``run(quick: bool) -> list[Row]``, and, where it has
options, ``choose(options)`` that returns such a function; modules whose name begins with an
underscore are parts of one. A result says on which machine it was measured,
in words that fit many machines: no host name, no path.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

RESULTS = Path(__file__).parent / "results"
_NO_BENCHMARKS = {"__main__", "frame"}
_HEADINGS = ("figure", "value", "unit", "compared with", "aim", "holds")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    ``value`` is None where it could not be measured; ``note`` then says why. ``holds`` is None
    where there is nothing to hold.
    """

    figure: str
    value: float | None
    unit: str
    compared_with: str = ""
    aim: str = ""
    holds: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a figure was measured on."""

    cpu: str
    cores: int
    memory_gib: float
    system: str
    python: str


@dataclass(frozen=True, slots=True)
class Result:
    """All that is kept of one run."""

    benchmark: str
    date: str
    machine: Machine
    rows: tuple[Row, ...]


Run = Callable[[bool], list[Row]]


def names() -> list[str]:
    """List the benchmarks there are."""
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name for name in found if name not in _NO_BENCHMARKS and name[0] != "_")


def find(name: str) -> Run:
    """Return the function that measures the benchmark of that name."""
    module = importlib.import_module(f"benchmarks.{name}")
    run: Run = module.run
    return run


def choose(name: str, options: Sequence[str]) -> Run | None:
    """Return what the benchmark of that name measures with these options, if it has any."""
    module = importlib.import_module(f"benchmarks.{name}")
    choosing: Callable[[Sequence[str]], Run] | None = getattr(module, "choose", None)
    return choosing(options) if choosing else None


def at_most(figure: str, value: float, limit: float, unit: str, *, compared_with: str = "") -> Row:
    """Return a row whose aim is a value no higher than ``limit``."""
    return Row(figure, value, unit, compared_with, f"<= {limit:g}", value <= limit)


def at_least(figure: str, value: float, limit: float, unit: str, *, compared_with: str = "") -> Row:
    """Return a row whose aim is a value no lower than ``limit``."""
    return Row(figure, value, unit, compared_with, f">= {limit:g}", value >= limit)


def machine() -> Machine:
    """Describe this machine."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        cpu=_told("/proc/cpuinfo", "model name", ":") or platform.processor() or "unknown",
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(pages / 2**30, 1),
        system=_told("/etc/os-release", "PRETTY_NAME", "=").strip('"') or platform.system(),
        python=platform.python_version(),
    )


def _told(path: str, wanted: str, between: str) -> str:
    """Return the value of the first line of a system file that begins with ``wanted``."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    values = (line.partition(between)[2].strip() for line in lines if line.startswith(wanted))
    return next(values, "")


def table(rows: Sequence[Row]) -> str:
    """Lay rows out as plain text, numbers to the right."""
    cells = [_HEADINGS, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    lines = ["  ".join(_aligned(line, widths)).rstrip() for line in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, *(f"{row.figure}: {row.note}" for row in rows if row.note)])


def _cells(row: Row) -> tuple[str, ...]:
    held = {None: "", True: "yes", False: "NO"}[row.holds]
    return (row.figure, _number(row.value), row.unit, row.compared_with, row.aim, held)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.rjust(width) if column == _HEADINGS.index("value") else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def _number(value: float | None) -> str:
    """Show three significant digits, and no exponent."""
    if value is None:
        return "-"
    if abs(value) >= 100:  # noqa: PLR2004 - three digits before the point are enough
        return f"{value:,.0f}"
    return f"{value:#.3g}".rstrip(".")


def keep(name: str, rows: Sequence[Row], when: datetime, folder: Path = RESULTS) -> Path:
    """Write ``NAME.json`` and return where it lies."""
    result = Result(name, when.isoformat(timespec="seconds"), machine(), tuple(rows))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    return path


def renew(name: str, rows: Sequence[Row], when: datetime, folder: Path = RESULTS) -> Path:
    """Put the groups of rows that were measured once more in the place of those in ``NAME.json``.

    A group is a row and the indented ones below it, with those that follow and have the same name:
    what stands before the first colon. Each renewed one says when it was measured. The others stay
    as they are.

    Raises:
        FileNotFoundError: nothing is kept yet.
    """
    path = folder / f"{name}.json"
    kept = msgspec.json.decode(path.read_bytes(), type=Result)
    told = f"measured {when.isoformat(timespec='seconds')}"
    fresh = {
        _name_group(first): [
            replace(first, note=f"{first.note}; {told}" if first.note else told),
            *more,
        ]
        for first, *more in _group_rows(rows)
    }
    groups = [fresh.pop(_name_group(group[0]), group) for group in _group_rows(kept.rows)]
    made = [row for group in (*groups, *fresh.values()) for row in group]
    path.write_bytes(
        msgspec.json.format(msgspec.json.encode(replace(kept, rows=tuple(made))), indent=2) + b"\n"
    )
    return path


def _group_rows(rows: Sequence[Row]) -> list[list[Row]]:
    groups: list[list[Row]] = []
    for row in rows:
        is_more = row.figure.startswith(" ")
        if not groups or not (is_more or _name_group(groups[-1][0]) == _name_group(row)):
            groups.append([])
        groups[-1].append(row)
    return groups


def _name_group(first: Row) -> str:
    return first.figure.partition(":")[0]
