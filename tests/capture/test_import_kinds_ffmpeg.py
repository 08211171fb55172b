"""Kinds of sound that only Debian's ffmpeg writes come in whole; with EARSHOT_THOROUGH=1."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from capture.decoders import open_decoder
from tests.capture.sound_making import BEEPS, LENGTH_S, beeping, find_onsets, write_libsndfile

FFMPEG = shutil.which("ffmpeg")
pytestmark = [
    pytest.mark.skipif(not os.environ.get("EARSHOT_THOROUGH"), reason="with EARSHOT_THOROUGH=1"),
    pytest.mark.skipif(FFMPEG is None, reason="ffmpeg is not installed"),
]
KINDS: dict[str, tuple[str, ...]] = {
    "a.dts": ("-c:a", "dca", "-strict", "-2", "-ar", "48000", "-ac", "2"),
    "a.spx": ("-c:a", "libspeex", "-ar", "16000"),
    "a.ogg": ("-c:a", "libvorbis"),
    "b.ogg": ("-c:a", "libspeex", "-ar", "8000"),
    "a.wav": ("-c:a", "libgsm_ms", "-ar", "8000"),
    "b.wav": ("-c:a", "g723_1", "-ar", "8000", "-b:a", "6300"),
    "c.wav": ("-c:a", "pcm_f64le", "-rf64", "always"),
    "a.rm": ("-c:a", "real_144", "-ar", "8000"),
    "a.wma": ("-c:a", "wmav1"),
    "a.mkv": ("-c:a", "truehd", "-strict", "-2", "-ar", "48000", "-ac", "2"),
    "b.mkv": ("-c:a", "libvorbis"),
    "a.mov": ("-c:a", "adpcm_ima_qt", "-ar", "44100"),
    "a.m2ts": ("-c:a", "pcm_bluray", "-ar", "48000", "-ac", "2"),
    "a.flv": ("-c:a", "libspeex", "-ar", "16000"),
    "a.caf": ("-c:a", "libopus", "-ar", "48000"),
    "b.caf": ("-c:a", "adpcm_ima_qt", "-ar", "44100"),
    "a.mxf": ("-c:a", "pcm_s24le", "-ar", "48000"),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_ffmpeg_writes_comes_in_at_its_times(name: str, tmp_path: Path) -> None:
    source = write_libsndfile(tmp_path / "source.wav", beeping(48_000), 48_000)
    path = tmp_path / name
    picture = ("-f", "lavfi", "-i", "color=s=64x64:d=3:r=25", "-c:v", "mpeg2video")
    command = [str(FFMPEG), "-v", "error", "-i", str(source)]
    command += [*(picture if name.endswith("mxf") else ()), *KINDS[name], str(path)]
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
