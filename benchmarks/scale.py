"""A study of a thousand interviews: listing, finding, the gate, replacements, and their memory.

One study grows; at each size every step runs in a process of its own, so that its memory is its
own. Seconds are the processor's where they are held to an aim, because other programs may be busy;
those by the clock stand below. A step whose work grows with the interviews takes three and a third
times as long for 1,000 as for 300; one that compares each with all others eleven times.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks._many_interviews import (
    NAMES_EACH,
    PASSPHRASE,
    RARE_WORD,
    InterviewMaker,
    make_empty_study,
)
from benchmarks._place import EARSHOT
from benchmarks._processes import ran
from benchmarks.frame import Row, at_most
from study.store import Study

_SIZES, _WORDS = (100, 300, 1_000), 10_000
_QUICK_SIZES, _QUICK_WORDS = (8, 16, 32), 2_000
_STEPS = ("list", "find", "gate", "replacements")
_LIST_S, _FIND_S = 0.2, 5.0
_OVER = 1.6  # times what growing with the sum would take
_FLAT = 2.0  # times the memory for ten times the interviews
_COMMANDS = {"earshot status": ("status",), "earshot find": ("find", RARE_WORD)}


@dataclass(frozen=True, slots=True)
class _Took:
    """Seconds of one figure at one size: by the clock, and the processor's."""

    wall_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class _Measured:
    """All figures of one size, the peak of memory by step, and seconds of whole commands."""

    interviews: int
    took: dict[str, _Took]
    peak_mb: dict[str, float]
    commands_s: dict[str, float]


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Make the study and measure at each size; quick takes small ones."""
    sizes, words = (_QUICK_SIZES, _QUICK_WORDS) if quick else (_SIZES, _WORDS)
    maker = InterviewMaker(words)
    measured: list[_Measured] = []
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as place:
        folder = Path(place) / "study"
        study = make_empty_study(folder)
        for before, size in zip((0, *sizes), sizes, strict=False):
            for number in range(before, size):
                maker.enter(study, number)
            study.close()
            measured.append(_measure(folder, size))
            study = Study.open(folder, PASSPHRASE)
        study.close()
        megabytes = (folder / "study.db").stat().st_size / 1e6
    last = measured[-1]
    about = f"{last.interviews:,} interviews of {words:,} words, {last.interviews * NAMES_EACH:,}"
    return [
        Row(f"{about} names: study.db", megabytes, "MB"),
        *_hold(last),
        *_list_growth(measured),
        *_list_memory(measured),
        *(
            Row(f"{one.interviews:,} interviews: {name}, the whole command", seconds, "s")
            for one in measured
            for name, seconds in one.commands_s.items()
        ),
    ]


def _measure(folder: Path, size: int) -> _Measured:
    around = os.environ | {"EARSHOT_PASSPHRASE": PASSPHRASE}
    took: dict[str, _Took] = {}
    peak_mb: dict[str, float] = {}
    for step in _STEPS:
        done = ran([sys.executable, "-m", "benchmarks._scale_steps", folder, step], around)
        said = msgspec.json.decode(done.last, type=dict[str, tuple[float, float]])
        took |= {name: _Took(*seconds) for name, seconds in said.items()}
        peak_mb[step] = done.peak_mb
    commands_s = {
        name: ran([EARSHOT, verb, folder, *more], around).seconds
        for name, (verb, *more) in _COMMANDS.items()
    }
    return _Measured(size, took, peak_mb, commands_s)


def _hold(last: _Measured) -> list[Row]:
    """Hold the largest study to what was asked for."""
    limits = {"the first list": _LIST_S, "each later list": _LIST_S, "find": _FIND_S}
    return [
        at_most(f"{last.interviews:,} interviews: {name}", last.took[name].cpu_s, limit, "s of CPU")
        for name, limit in limits.items()
    ]


def _list_growth(measured: list[_Measured]) -> list[Row]:
    """Show each figure at each size, and how it grows from the second to the last."""
    rows: list[Row] = []
    *_, few, many = measured
    least = _OVER * many.interviews / few.interviews
    for name in many.took:
        beside = ", ".join(f"{one.interviews:,}: {one.took[name].cpu_s:.3g} s" for one in measured)
        times = many.took[name].cpu_s / max(few.took[name].cpu_s, 1e-3)
        rows += [
            at_most(
                f"{name}: growth", times, round(least, 1), "times as long", compared_with=beside
            ),
            Row(f"  by the clock, {many.interviews:,} interviews", many.took[name].wall_s, "s"),
        ]
    return rows


def _list_memory(measured: list[_Measured]) -> list[Row]:
    few, *_, many = measured
    rows: list[Row] = []
    for step in _STEPS:
        beside = ", ".join(f"{one.interviews:,}: {one.peak_mb[step]:.0f} MB" for one in measured)
        limit = round(_FLAT * few.peak_mb[step])
        rows.append(
            at_most(f"{step}: memory", many.peak_mb[step], limit, "MB", compared_with=beside)
        )
    return rows
