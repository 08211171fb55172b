"""What is played into a microphone of software is what comes back out of the study.

Runs in a process of its own: PortAudio looks for the sound server once, when it is loaded.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from capture.levels import level
from study.recordings import check, open_sound
from study.store import Study
from study.terms import About

_TOOL = Path(__file__).parents[3] / "shared" / "tools" / "virtual-mic.sh"
_BASH, _PLAY = shutil.which("bash") or "", shutil.which("paplay") or ""
_MISSING = [name for name in ("bash", "pulseaudio", "pactl", "paplay") if not shutil.which(name)]

pytestmark = [
    pytest.mark.skipif(not _TOOL.is_file(), reason="the virtual microphone's script is not here"),
    pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}"),
    pytest.mark.skipif(
        ctypes.util.find_library("portaudio") is None, reason="PortAudio is not installed"
    ),
]

_RECORDING = """
import sys
from pathlib import Path
from capture.devices import devices
from capture.recorder import record
from study.errors import EarshotError
from study.store import Study

def told(status):
    if status.level_dbfs and not told.ready:
        told.ready = True
        print("ready", flush=True)
told.ready = False

with Study.open(Path(sys.argv[1]), "a long passphrase") as study:
    print([d.name for d in devices()], flush=True)
    try:
        seconds = float(sys.argv[2])
        status = record(study, "P01", device="default", seconds=seconds, report_status=told)
        print(status.frames, status.dropped, flush=True)
    except EarshotError as error:
        print(type(error).__name__, flush=True)
"""


@pytest.fixture
def microphone(tmp_path: Path) -> Generator[dict[str, str]]:
    """Start a microphone of our own and give the environment that finds it."""
    place = tmp_path / "vmic"
    around = os.environ | {"VMIC_DIR": str(place)}
    up = subprocess.run(
        [_BASH, _TOOL, "start"], env=around, capture_output=True, text=True, check=False
    )
    if up.returncode:
        pytest.skip("PulseAudio does not start here")
    yield around | {
        "PULSE_SERVER": f"unix:{place}/native",
        "PULSE_RUNTIME_PATH": str(place),
        "PULSE_COOKIE": f"{place}/cookie",
        "ALSA_CONFIG_PATH": f"{place}/asound.conf",
    }
    subprocess.run([_BASH, _TOOL, "stop"], env=around, capture_output=True, check=False)


def speech(seconds: float) -> NDArray[np.int16]:
    """Return noise that rises and falls like talk, 48 kHz, no two moments alike."""
    at_s = np.arange(round(seconds * 48_000)) / 48_000
    loudness = 4000 * np.abs(np.sin(2 * np.pi * 1.5 * at_s)) + 200
    return np.rint(np.random.default_rng(5).normal(0, 1, at_s.size) * loudness).astype(np.int16)


def begun(study: Study, microphone: dict[str, str], seconds: float) -> subprocess.Popen[str]:
    with study.change("added") as change:
        change.add_interview(About("P01"))
    command = [sys.executable, "-c", _RECORDING, str(study.folder), str(seconds)]
    recorder = subprocess.Popen(
        command, env=microphone, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert recorder.stdout is not None
    assert "default" in recorder.stdout.readline()
    assert recorder.stdout.readline() == "ready\n"
    return recorder


def recorded(study: Study) -> NDArray[np.int16]:
    sound = open_sound(study, study.find("P01").id)
    assert sound is not None
    with sound:
        assert sound.form.rate == 48_000
        return np.frombuffer(sound.read(0, sound.frames), "<i2")


@pytest.mark.slow
def test_what_is_played_comes_back_bit_for_bit(
    study: Study, microphone: dict[str, str], write_sound: Callable[..., Path]
) -> None:
    played = speech(2.5)
    path = write_sound("talk.wav", played / 32768, 48_000, subtype="PCM_16")

    with begun(study, microphone, 5.0) as recorder:
        subprocess.run([_PLAY, path], env=microphone, check=True)
        out, _ = recorder.communicate(timeout=30)

    found = recorded(study)
    frames, dropped = (int(word) for word in out.split())
    assert (frames, dropped) == (len(found), 0)
    assert len(found) / 48_000 == pytest.approx(5.0, abs=0.7)
    start = int(np.flatnonzero(found)[0]) - int(np.flatnonzero(played)[0])
    assert np.array_equal(found[start : start + len(played)], played)
    assert level(found[start : start + len(played)]) == pytest.approx(level(played), abs=0.1)
    assert check(study, study.find("P01").id) == []


@pytest.mark.slow
def test_a_sound_server_that_is_killed_ends_the_recording_with_a_sentence(
    study: Study, microphone: dict[str, str]
) -> None:
    with begun(study, microphone, 60.0) as recorder:
        time.sleep(1.5)
        os.kill(int(Path(microphone["VMIC_DIR"], "pid").read_text()), 9)
        out, _ = recorder.communicate(timeout=30)

    assert out == "MicrophoneFailed\n"
    assert len(recorded(study)) > 48_000
    assert check(study, study.find("P01").id) == []
