"""Real small sound files, made by real encoders, and a study to bring them into."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from study.store import Argon2Cost, Study, TrailHead, read_trail_head

Samples = NDArray[np.float64]


@pytest.fixture
def study(tmp_path: Path) -> Generator[Study]:
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    made, _ = Study.create(tmp_path / "s", "a long passphrase", cost=cheap)
    with made:
        yield made


@pytest.fixture
def traces() -> Callable[[Study], tuple[list[str], TrailHead]]:
    """Return what a failed import must not change: the folder's listing and the trail."""

    def traced(study: Study) -> tuple[list[str], TrailHead]:
        listing = sorted(str(p.relative_to(study.folder)) for p in study.folder.rglob("*"))
        return listing, read_trail_head(study.db)

    return traced


@pytest.fixture
def tone() -> Callable[..., Samples]:
    """Return a sine of its own pitch in each channel: float64 (frames, channels), peak 0.5."""

    def toned(seconds: float = 1.0, rate: int = 16_000, channels: int = 1) -> Samples:
        at_s = np.arange(round(seconds * rate))[:, None] / rate
        pitch = 300.0 + 100.0 * np.arange(channels)
        return 0.5 * np.sin(2 * np.pi * pitch * at_s)

    return toned


@pytest.fixture
def write_sound(tmp_path: Path) -> Callable[..., Path]:
    """Write samples through libsndfile."""

    def written(name: str, samples: Samples, rate: int = 16_000, **how: str) -> Path:
        path = tmp_path / name
        library = cast("Any", importlib.import_module("soundfile"))
        library.write(path, samples, rate, **how)
        return path

    return written


@pytest.fixture
def encode(tmp_path: Path) -> Callable[..., Path]:
    """Write samples through PyAV, for the formats that libsndfile does not write."""

    def encoded(name: str, samples: Samples, rate: int, codec: str, **options: str) -> Path:
        path = tmp_path / name
        layout = {1: "mono", 2: "stereo", 6: "5.1"}[samples.shape[1]]
        pcm = np.rint(samples * 32767).astype(np.int16)
        library = cast("Any", av)  # its types are partly unknown
        with library.open(path, "w", options=options) as container:
            stream = container.add_stream(codec, rate=rate, layout=layout)
            for first in range(0, len(pcm), 1000):
                block = pcm[first : first + 1000].reshape(1, -1)
                frame = library.AudioFrame.from_ndarray(block, format="s16", layout=layout)
                frame.sample_rate, frame.pts = rate, first
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return encoded
