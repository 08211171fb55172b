"""Transcription against what people use instead, with models that cost what real ones cost.

The models have the true shapes of Whisper's and random weights, and say 90 tokens in every window,
as people do in 28 s; see ``tools/shapes.py``. The talk is the demonstration interview and a
minute of silence, again and again. Everything that is compared runs in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import _apart, _live, _long
from benchmarks._place import THREADS, Place, write_wav
from benchmarks._processes import ran
from benchmarks.frame import Row, at_most, table

_LABEL = "P01"
_WINDOWS = "windows"
_RATE = 48_000  # what a recorder gives
_MOST_SLOWER, _MOST_LARGER = 1.03, 1.05
# What is there once, whatever the model: the study, cryptography, the resampler, and the network
# of voice activity with onnxruntime, which plain faster-whisper does not load for its loop.
_MORE_MB = 80.0


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes the smallest model, shorter sound and no peer that must be fetched."""
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        place = Place.made(Path(folder))
        return [
            row
            for part in (_same_windows, _apart.rows, _long.rows, _live.rows)
            for row in _measured(part, place, quick)
        ]


def _measured(part: Callable[[Place, bool], list[Row]], place: Place, quick: bool) -> list[Row]:  # noqa: FBT001 - as above
    """Measure a part and show it at once; one that cannot be measured costs the others nothing."""
    try:
        rows = part(place, quick)
    except (RuntimeError, OSError, subprocess.SubprocessError) as broken:
        rows = [Row("a part of the benchmark", None, "", holds=False, note=str(broken))]
    print(f"{table(rows)}\n", file=sys.stderr, flush=True)
    return rows


def _same_windows(place: Place, quick: bool) -> list[Row]:  # noqa: FBT001 - as above
    """Earshot against a loop around faster-whisper that is handed Earshot's windows."""
    seconds = 40 if quick else 132
    place.seal(_LABEL, seconds, _RATE)
    write_wav(place.folder / "talk.wav", seconds, _RATE)
    finding = [_found_s(place) for _ in range(1 if quick else 5)]
    ours_s, peer_s = (median(values) for values in zip(*finding, strict=True))
    rows = [Row("finding speech", ours_s, "s", f"faster-whisper: {peer_s:.2f} s, of {seconds} s")]
    for name in ("tiny",) if quick else ("tiny", "base", "small"):
        model = place.model(name)
        rows += _one_model(place, name, model, ours_s, turns=1 if quick else 3)
    return rows


def _one_model(place: Place, name: str, model: Path, finding_s: float, turns: int) -> list[Row]:
    plain: list[tuple[float, float]] = []
    ours: list[tuple[float, float]] = []
    for _ in range(turns):  # in turn, so that whatever else the machine does falls on both
        plain.append(_told(place, "_plain", "windows", model, place.folder / _WINDOWS))
        ours.append(_told(place, "_ours", name, place.study, _LABEL))
    (plain_s, plain_mb), (ours_s, ours_mb) = (
        tuple(median(values) for values in zip(*each, strict=True)) for each in (plain, ours)
    )
    most_mb = _MOST_LARGER * plain_mb + _MORE_MB
    return [
        Row(f"{name}: faster-whisper's loop", plain_s, "s", "handed the windows of Earshot"),
        at_most(f"{name}: Earshot, finding the windows, too", ours_s / plain_s, _MOST_SLOWER, "x",
                compared_with="the loop, which need not"),
        at_most(f"{name}: peak memory", ours_mb, round(most_mb, 1), "MB",
                compared_with=f"1.05 x {plain_mb:.0f} MB + {_MORE_MB:.0f} MB"),
        Row(f"{name}: voice activity, beside the model", 100 * finding_s / ours_s, "%"),
        *(
            Row(f"{name}: {part}, of the whole", 100 * share, "%")
            for part, share in _shares(place, name).items()
        ),
    ]  # fmt: skip


def _found_s(place: Place) -> tuple[float, float]:
    """Return the seconds in which Earshot finds the speech, and those of faster-whisper.

    Earshot's windows are written down for the loop.
    """
    cutting = [sys.executable, "-m", "benchmarks._windows", place.study, _LABEL]
    _, ours_s = ran([*cutting, place.folder / _WINDOWS], place.around).last.split()
    finding = [sys.executable, "-m", "benchmarks._plain", "voice-activity", "-"]
    peer_s = ran([*finding, place.folder / "talk.wav", "-"], place.around).last
    return float(ours_s), float(peer_s)


def _told(place: Place, module: str, *arguments: str | Path) -> tuple[float, float]:
    """Return the seconds and the memory in MB that a process of ours or the peer's tells."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments, THREADS]
    _, seconds, peak_mb = ran(command, place.around).last.split()
    return float(seconds), float(peak_mb)


def _shares(place: Place, name: str) -> dict[str, float]:
    """Return what share of a transcription each part takes, in a run of its own."""
    command = [sys.executable, "-m", "benchmarks._ours", name, place.study, _LABEL, THREADS]
    told: dict[str, float] = json.loads(ran([*command, "--shares"], place.around).last)
    whole_s = told.pop("whole")
    return {part: seconds / whole_s for part, seconds in told.items()}
