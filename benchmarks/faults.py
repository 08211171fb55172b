"""Faults on purpose: kills and power cuts at random moments, and hostile files, with a seed.

``python -m benchmarks faults --kills 1000 --cuts 50 --files 3000 --seed 7 --only record`` tries
only what is asked for; without options all three are tried in full. ``--renew`` puts what was
tried into the figures that are kept.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from benchmarks._fault_files import READERS, FileTally, give_files, make_seeds
from benchmarks._fault_kills import Tally, cuttable, strike_verbs
from benchmarks._fault_process import share_out, warm_up
from benchmarks._fault_study import make_sources
from benchmarks._fault_verbs import VERBS
from benchmarks.frame import Row, Run
from tests.disk import mounted

_T = TypeVar("_T", Tally, FileTally)
_SEED = 20261129
_FULL = {"kills": 1000, "cuts": 50, "files": 3000}
_QUICK = {"kills": 16, "cuts": 0, "files": 60}
_NAMES = (*(verb.name for verb in VERBS), *(reader.name for reader in READERS))
_SHOWN = 3
_LANES = 8


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Try everything; quick tries a little of it."""
    return _try(_QUICK if quick else _FULL, _SEED)


def choose(options: Sequence[str]) -> Run:
    """Return a run of what the options ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks faults")
    for kind in _FULL:
        parser.add_argument(f"--{kind}", type=int, default=0, metavar="COUNT")
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument(
        "--only", default="", choices=["", *_NAMES], metavar="NAME", help="one verb, or one reader"
    )
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="end each kind after this, however many"
    )
    given = parser.parse_args(options)
    counts = {kind: getattr(given, kind) for kind in _FULL}
    return lambda _: _try(counts, given.seed, given.only, given.minutes)


def _try(counts: dict[str, int], seed: int, only: str = "", minutes: float = math.inf) -> list[Row]:
    warm_up()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="earshot-faults-") as folder:
        place = Path(folder)
        make_sources(place / "sources")
        if counts["kills"]:
            rows += _make_rows(
                "kill -9",
                "kills",
                _try_in_lanes(strike_verbs, place, counts["kills"], seed, only, minutes),
            )
        if counts["cuts"]:
            rows += _cut_power(place, counts["cuts"], seed, only, minutes)
        if counts["files"]:
            make_seeds(place / "sources")
            rows += _make_file_rows(
                _try_in_lanes(give_files, place, counts["files"], seed, only, minutes)
            )
    return rows


def _cut_power(place: Path, count: int, seed: int, only: str, minutes: float) -> list[Row]:
    """Cut the power of a small disk of our own, where one can be had."""
    until_s = time.monotonic() + 60 * minutes
    try:
        with mounted(place / "power", mib=192) as disk, cuttable(disk) as blow:
            struck = strike_verbs(
                place / "sources", disk.place,
                seed=seed, count=count, only=only, until_s=until_s, blow=blow,
            )  # fmt: skip
    except pytest.skip.Exception as missing:
        return [Row("power cut: all", None, "cuts", note=str(missing))]
    return _make_rows("power cut", "cuts", struck)


def _try_in_lanes(
    attempt: Callable[..., dict[str, _T]],
    place: Path,
    count: int,
    seed: int,
    only: str,
    minutes: float,
) -> dict[str, _T]:
    """Try in several lanes side by side, for much of the time of each is waiting; by name."""
    lanes = min(_LANES, count)
    until_s = time.monotonic() + 60 * minutes

    def work(lane: int) -> dict[str, _T]:
        folder = place / f"{attempt.__name__}-{lane}"
        folder.mkdir()
        share = len(range(lane, count, lanes))
        return attempt(
            place / "sources",
            folder,
            seed=seed + lane,
            count=share,
            only=only,
            first=lane * share,
            until_s=until_s,
        )

    found = share_out(lanes, work)
    whole = dict(found[0])
    for lane in found[1:]:
        for name, tally in lane.items():
            whole[name] = whole[name] + tally if name in whole else tally
    return whole


def _make_rows(title: str, unit: str, tallies: dict[str, Tally]) -> list[Row]:
    """Make a row for all, with how many faults were found, and one below it for each verb."""
    return [
        _make_row(f"{title}: all", unit, sum(tallies.values(), Tally())),
        *(_make_row(f"  {name}", unit, tally) for name, tally in tallies.items()),
    ]


def _make_file_rows(tallies: dict[str, FileTally]) -> list[Row]:
    return [
        _make_file_row("hostile files: all", sum(tallies.values(), FileTally())),
        *(_make_file_row(f"  {name}", tally) for name, tally in tallies.items()),
    ]


def _make_file_row(figure: str, tally: FileTally) -> Row:
    told = f"{tally.taken} taken, {tally.refused} refused, at most {tally.slowest_s:.1f} s"
    return _judge(figure, tally.count, "files", told, tally.faults)


def _make_row(figure: str, unit: str, tally: Tally) -> Row:
    return _judge(figure, tally.count, unit, f"{tally.struck} at work", tally.faults)


def _judge(figure: str, count: int, unit: str, told: str, faults: Counter[str]) -> Row:
    found = faults.total()
    note = "; ".join(f"{often} x {fault}" for fault, often in faults.most_common(_SHOWN))
    return Row(figure, count, unit, f"{told}, {found} faults", "0 faults", found == 0, note)
