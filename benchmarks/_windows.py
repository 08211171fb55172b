"""Cuts an interview's windows as Earshot does, for whoever is to decode the same ones.

    python -m benchmarks._windows STUDY LABEL FOLDER

Writes them as ``NNNN.npy``, float32 at 16 kHz, and prints how many there are and the seconds in
which they were found: reading, resampling and voice activity, but not the writing.
"""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks._place import PASSPHRASE
from models import LONGEST_WINDOW_S
from study.store import Study
from transcribe import (
    CompleteSound,
    VadOptions,
    build_windows,
    choose_tracks,
    find_speech_spans,
    read_excerpt,
    read_pieces,
)


def main(place: str, label: str, folder: str) -> None:
    """Find the windows, and write them."""
    importlib.import_module("faster_whisper.vad")  # what is measured begins after it
    Path(folder).mkdir(exist_ok=True)
    with Study.open(Path(place), PASSPHRASE) as study:
        sound = study.interview(study.find_interview(label).id).open_sound()
        assert sound is not None
        with sound:
            began_s = time.monotonic()
            heard = choose_tracks(sound, 0)
            spoken = find_speech_spans(read_pieces(CompleteSound(sound), heard), VadOptions())
            found = list(build_windows(spoken, LONGEST_WINDOW_S))
            print(len(found), time.monotonic() - began_s)
            for window in found:
                track = heard[window.channel]
                samples = np.concatenate([read_excerpt(sound, track, *p) for p in window.pieces])
                np.save(Path(folder) / f"{window.number:04}.npy", samples)


if __name__ == "__main__":
    main(*sys.argv[1:])
