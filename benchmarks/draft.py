"""What a draft could gain: fewer paths searched, or many windows at once, beside careful hearing.

Models of the true shapes with random weights, the same windows of 9 s, the same threads. Words
have no times here: with random weights they would send the careful way over a window again.
Processor seconds are counted, for they do not depend on what else the computer does; with idle
cores the clock tells the same where all ways use all threads.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from benchmarks.frame import Row
from tools.shapes import SHAPES, build

_SECONDS, _RATE = 9, 16_000
_THREADS = 2
_TOKENS = 90  # over 28 s, as people talk: some 30 in a window
_AT_ONCE = 8

Samples = np.ndarray[tuple[int], np.dtype[np.float32]]


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes the smallest model and fewer windows."""
    rows: list[Row] = []
    for name, windows in (("tiny.en", 8 if quick else 24), *(() if quick else (("small", 8),))):
        with tempfile.TemporaryDirectory(prefix="earshot-bench-") as place:
            build(SHAPES[name], Path(place), tokens=_TOKENS)
            rows += _measured(name, Path(place), windows)
    return rows


def _measured(name: str, folder: Path, count: int) -> list[Row]:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    dice = np.random.default_rng(1)
    windows = [dice.normal(0, 0.1, _SECONDS * _RATE).astype(np.float32) for _ in range(count)]
    whisper = cast(
        "Any", WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=_THREADS)
    )
    batched = cast("Any", BatchedInferencePipeline(whisper))
    ways: dict[str, Callable[[], object]] = {
        "beam of 5, window by window": lambda: _one_by_one(whisper, windows, 5),
        "beam of 1, window by window": lambda: _one_by_one(whisper, windows, 1),
        f"beam of 5, {_AT_ONCE} windows at once": lambda: _together(batched, windows, 5),
        f"beam of 1, {_AT_ONCE} windows at once": lambda: _together(batched, windows, 1),
    }
    _one_by_one(whisper, windows[:1], 1)  # what is only done once
    spent: dict[str, float] = {}
    rows: list[Row] = []
    for way, hear in ways.items():
        begun = time.process_time()
        hear()
        spent[way] = time.process_time() - begun
        share = spent[way] / next(iter(spent.values()))
        each = spent[way] / count
        rows.append(Row(f"{name}, {way}", each, "CPU s", f"careful x {share:.2f}"))
    return rows


def _one_by_one(whisper: Any, windows: Sequence[Samples], beam: int) -> None:  # noqa: ANN401
    for window in windows:
        segments, _ = whisper.transcribe(
            window, language="en", beam_size=beam, temperature=[0.0],
            condition_on_previous_text=False, no_speech_threshold=None, log_prob_threshold=None,
            compression_ratio_threshold=None,
        )  # fmt: skip
        list(segments)


def _together(batched: Any, windows: Sequence[Samples], beam: int) -> None:  # noqa: ANN401
    clips = [{"start": n * _SECONDS, "end": (n + 1) * _SECONDS} for n in range(len(windows))]
    segments, _ = batched.transcribe(
        np.concatenate(windows), language="en", beam_size=beam, batch_size=_AT_ONCE,
        clip_timestamps=clips, without_timestamps=False,
    )  # fmt: skip
    list(segments)
