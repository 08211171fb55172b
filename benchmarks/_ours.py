"""Runs Earshot's transcription of an interview in this process, as its child process does.

    python -m benchmarks._ours MODEL STUDY LABEL THREADS [--shares]

Prints the number of words, the seconds and the memory in MB; with --shares, as JSON, what each
part took of the whole. Voice activity is none of them: it runs beside, on a thread of its own.
"""

from __future__ import annotations

import cProfile
import importlib
import json
import pstats
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from benchmarks._place import PASSPHRASE, here
from benchmarks._processes import own_peak_mb
from study import Transcript
from study.store import Study
from transcribe import DecodingOptions, transcribe_interview

# Which files' work is told as one; a file's work includes what it calls outside of it.
PARTS = {
    # Not all of the file: faster-whisper calls back into it, and would be counted twice.
    "the model": (
        "transcribe/engine.py:__init__",
        "transcribe/engine.py:transcribe_window",
        "transcribe/engine.py:detect_language",
    ),
    "reading windows": ("transcribe/audio_tracks.py:read_excerpt",),
    "checks": (
        "transcribe/speech_coverage.py",
        "transcribe/doubt.py",
        "transcribe/writing_systems.py",
    ),
    "waiting for windows": ("transcribe/prefetch.py",),
    "turns": ("transcribe/turn_assembly.py",),
    # A change is a context: what is within another one is called by contextlib.
    "opening and saving": (
        "study/store/study.py",
        "study/store/sealed_rows.py",
        "contextlib.py:__enter__",
        "contextlib.py:__exit__",
    ),
}

_Place = tuple[str, int, str]
_Times = tuple[int, int, float, float]


def shares(profile: cProfile.Profile) -> dict[str, float]:
    """Return the seconds of each part, and of the whole under "whole"."""
    raw = cast("Any", pstats.Stats(profile))
    calls: Mapping[_Place, tuple[int, int, float, float, Mapping[_Place, _Times]]] = raw.stats
    told = dict.fromkeys(PARTS, 0.0)
    for part, files in PARTS.items():
        for callee, (*_, callers) in calls.items():
            if _is_in(callee, files):
                told[part] += sum(t[3] for at, t in callers.items() if not _is_in(at, files))
    return told | {"whole": float(raw.total_tt)}


def _is_in(place: _Place, files: tuple[str, ...]) -> bool:
    file, _, function = place
    return any(f"{file}:{function}".endswith(one) or file.endswith(one) for one in files)


def main(model: str, study: str, label: str, threads: str, *how: str) -> None:
    """Transcribe; loading the model is part of what is measured."""
    importlib.import_module("faster_whisper")  # what is measured begins after it, as for the peer
    with Study.open(Path(study), PASSPHRASE) as opened:
        interview = opened.find_interview(label).id
        options = DecodingOptions(threads=int(threads))

        def work() -> Transcript:
            return transcribe_interview(opened.interview(interview), here(model), options=options)

        if "--shares" in how:
            profile = cProfile.Profile()
            profile.runcall(work)
            print(json.dumps(shares(profile)))
            return
        began_s = time.monotonic()
        transcript = work()
        words = sum(len(turn.words) for turn in transcript.turns)
        print(words, time.monotonic() - began_s, own_peak_mb())


if __name__ == "__main__":
    main(*sys.argv[1:])
