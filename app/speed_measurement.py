"""A measurement of a speech model: how long this computer takes for an hour of speech.

It decodes about a minute of the bundled demonstration as a transcription would, on the device and
with the threads that a transcription would use. Loading is not counted: it happens once.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.model_self_test import load_test_sentence
from models import (
    DEMONSTRATION_NAMES,
    LONGEST_WINDOW_S,
    MeasuredSpeed,
    load_demonstration,
    save_measured_speed,
)
from study import ReportProgress, ShouldStop, TaskProgress, no_report, no_stop, open_descriptor
from study.errors import Stopped

if TYPE_CHECKING:
    from pathlib import Path

    from models import InstalledModel
    from transcribe import Samples

_SPEECH_S = 60.0
_HOUR_S = 3600


def measure_speed(
    model: InstalledModel, *, stop: ShouldStop = no_stop, report: ReportProgress = no_report
) -> MeasuredSpeed:
    """Measure a speech model's speed, save it beside the models, and return it.

    ``stop`` is asked between windows of at most half a minute of sound.

    Raises:
        ModelBroken: the model does not load. OutOfMemory: it needs more memory than is free.
        Stopped: ``stop`` returned True. ModelsUnwritable, DiskFull: the result cannot be saved.
    """
    from transcribe import MODEL_RATE, DecodingOptions, SpeechEngine, choose_device_setup

    options = choose_device_setup(model, DecodingOptions(), load_test_sentence, report=report)
    engine = SpeechEngine(model, options)
    window = round(LONGEST_WINDOW_S * MODEL_RATE)
    speech = load_speech()
    whole = len(speech) // window * window  # a short rest would count for more than it is
    begun_s = time.perf_counter()
    for start in range(0, whole, window):
        if stop():
            raise Stopped("Measuring")
        report(TaskProgress(start, whole, f"measuring {model.name}"))
        engine.transcribe_window(
            speech[start : start + window],
            speech_s=LONGEST_WINDOW_S,
            until_s=LONGEST_WINDOW_S,
            seed=1,
        )
    took_s = time.perf_counter() - begun_s
    report(TaskProgress(whole, whole, f"measuring {model.name}"))
    speed = MeasuredSpeed(
        seconds_per_hour=round(took_s / (whole / MODEL_RATE) * _HOUR_S, 1),
        sha256=model.sha256(),
        measured_on=datetime.now(UTC).date().isoformat(),
        device=options.device,
        threads=options.threads or os.cpu_count() or 1,
    )
    save_measured_speed(model, speed)
    return speed


def load_speech() -> Samples:
    """Return the first minute of the demonstration interviews: float32 at ``MODEL_RATE``."""
    import numpy as np

    from transcribe import MODEL_RATE

    wanted = round(_SPEECH_S * MODEL_RATE)
    speech = np.empty(0, np.float32)
    for name in DEMONSTRATION_NAMES:
        if len(speech) < wanted:
            rest_s = (wanted - len(speech)) / MODEL_RATE
            speech = np.append(speech, _read_start(load_demonstration(name).sound, rest_s))
    return speech[:wanted]


def _read_start(path: Path, seconds: float) -> Samples:
    """Read the beginning of one of our own sound files, all voices in one channel."""
    import numpy as np

    from capture import open_decoder
    from transcribe import MODEL_RATE

    descriptor = open_descriptor(path, os.O_RDONLY)
    try:
        with open_decoder(descriptor) as sound:  # our own file, so it needs no confined child
            blocks: list[bytes] = []
            arrived, wanted = 0, seconds * sound.rate * sound.channels * 2
            for block in sound.blocks():
                blocks.append(bytes(block))
                arrived += len(block)
                if arrived >= wanted:
                    break
            frames = np.frombuffer(b"".join(blocks), dtype="<i2").reshape(-1, sound.channels)
            rate = sound.rate
    finally:
        os.close(descriptor)
    mixed = frames.sum(axis=1, dtype=np.float32) / np.float32(32768)
    times = np.arange(int(len(mixed) / rate * MODEL_RATE)) / MODEL_RATE
    return np.asarray(np.interp(times * rate, np.arange(len(mixed)), mixed), np.float32)
