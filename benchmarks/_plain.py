"""Runs faster-whisper and nothing of Earshot: the sequential loop that we are compared with.

    python -m benchmarks._plain windows MODEL FOLDER THREADS
    python -m benchmarks._plain voice-activity - FILE -
    python -m benchmarks._plain own-voice-activity MODEL FILE THREADS
    python -m benchmarks._plain one-window MODEL TOKENS THREADS

The first decodes each window of a folder by a call of its own, with the options that Earshot
decodes with, and prints the number of words, the seconds and the memory in MB. The second prints
the seconds in which faster-whisper finds the speech of a file. The third gives a whole file to
faster-whisper and lets it use that, and tells each segment. The fourth prints the seconds that one
window takes a loaded model that says so many tokens.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel, decode_audio
from faster_whisper.vad import get_speech_timestamps  # pyright: ignore[reportUnknownVariableType]

from benchmarks._processes import own_peak_mb

OPTIONS: dict[str, Any] = {
    "language": "en",
    "beam_size": 5,
    "patience": 1.0,
    "temperature": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
    "condition_on_previous_text": False,
    "no_speech_threshold": 0.6,
    "word_timestamps": True,
}


def windows(model: WhisperModel, folder: Path) -> int:
    """Decode one window after the other; returns the number of words."""
    return sum(
        _words(model.transcribe(np.load(path), **OPTIONS)[0])  # pyright: ignore[reportUnknownMemberType]
        for path in sorted(folder.glob("*.npy"))
    )


def own_voice_activity(model: WhisperModel, file: Path) -> int:
    """Let faster-whisper find the speech of a file by itself; tells each segment."""
    words = 0
    segments, _ = model.transcribe(str(file), vad_filter=True, **OPTIONS)  # pyright: ignore[reportUnknownMemberType]
    for segment in segments:
        words += _words([segment])
        print("words", words, flush=True)
    return words


def voice_activity(file: Path) -> float:
    """Return the seconds in which the speech of a file is found."""
    began_s = time.monotonic()
    get_speech_timestamps(decode_audio(str(file)))  # pyright: ignore[reportArgumentType] - one channel
    return time.monotonic() - began_s


def one_window(model: WhisperModel, tokens: int) -> float:
    """Return the seconds that one window takes, the faster of two."""
    # What is cut off has no end in time, and would be decoded again from its last word on.
    cut: dict[str, Any] = OPTIONS | {"word_timestamps": False}
    noise = np.random.default_rng(1).normal(0, 0.1, 28 * 16_000).astype(np.float32)
    took_s: list[float] = []
    for _ in range(2):
        began_s = time.monotonic()
        _words(model.transcribe(noise, max_new_tokens=tokens, **cut)[0])  # pyright: ignore[reportUnknownMemberType]
        took_s.append(time.monotonic() - began_s)
    return min(took_s)


def _words(segments: Iterable[Any]) -> int:
    return sum(len(segment.words or ()) for segment in segments)


def main(way: str, model: str, sound: str, threads: str) -> None:
    """Load the model and decode; loading is part of what is measured."""
    if way == "voice-activity":
        print(voice_activity(Path(sound)))
        return
    began_s = time.monotonic()
    loaded = WhisperModel(
        model,
        device="cpu",
        compute_type="int8",
        cpu_threads=int(threads),
        local_files_only=True,
    )
    if way == "one-window":
        print(one_window(loaded, int(sound)))
        return
    work = windows if way == "windows" else own_voice_activity
    words = work(loaded, Path(sound))
    print(words, time.monotonic() - began_s, own_peak_mb())


if __name__ == "__main__":
    main(*sys.argv[1:])
