"""Kinds of sound that only Debian's ffmpeg writes come in whole; with EARSHOT_THOROUGH=1."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from capture.decoders import open_decoder
from tests.capture.import_kinds_sound import FFMPEG_KINDS, FfmpegKind
from tests.capture.sound_making import BEEPS, LENGTH_S, beeping, find_onsets, write_libsndfile

FFMPEG = shutil.which("ffmpeg")
pytestmark = [
    pytest.mark.skipif(not os.environ.get("EARSHOT_THOROUGH"), reason="with EARSHOT_THOROUGH=1"),
    pytest.mark.skipif(FFMPEG is None, reason="ffmpeg is not installed"),
]


@pytest.mark.parametrize("kind", FFMPEG_KINDS, ids=lambda kind: kind.name)
def test_what_ffmpeg_writes_comes_in_at_its_times(kind: FfmpegKind, tmp_path: Path) -> None:
    source = write_libsndfile(tmp_path / "source.wav", beeping(48_000), 48_000)
    path = tmp_path / kind.file
    picture = ("-f", "lavfi", "-i", "color=s=64x64:d=3:r=25", "-c:v", "mpeg2video")
    command = [str(FFMPEG), "-v", "error", "-i", str(source)]
    command += [*(picture if kind.file.endswith("mxf") else ()), *kind.options, str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)

    descriptor = os.open(path, os.O_RDONLY)
    try:
        with open_decoder(descriptor) as found:
            pcm = b"".join(bytes(block) for block in found.blocks())
            frames = len(pcm) // (2 * found.channels)
            samples = np.frombuffer(pcm, "<i2").reshape(-1, found.channels)
            assert not found.is_cut(frames)
            assert found.take_gaps(all_of_them=True) == []
            assert found.damaged_places == 0
    finally:
        os.close(descriptor)

    onsets = find_onsets(np.ascontiguousarray(samples[:, 0]), found.rate)
    assert frames / found.rate == pytest.approx(LENGTH_S, abs=0.15)
    assert onsets == pytest.approx(list(BEEPS), abs=0.12)
