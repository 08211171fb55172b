"""A player is recorded from a virtual loudspeaker, through the real PortAudio.

It plays in a process of its own: PortAudio looks for the sound server once, when it is loaded.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.microphone import RATE, Microphone, noise, place, virtual_microphone

pytestmark = pytest.mark.slow

_PLAY = """
import json, os, sys, time
from pathlib import Path
import numpy as np, sounddevice
from capture.playback import SoundPlayer
from capture.sound_check import SoundClip
from study import SoundFormat

what, path = sys.argv[1], Path(sys.argv[2])
played = np.fromfile(path, "<i2")
heard = []

def hear(block, frames, at, _):
    heard.append((time.monotonic() + at.inputBufferAdcTime - at.currentTime, bytes(block)))

def until(claim):
    limit = time.monotonic() + 30
    while not claim() and time.monotonic() < limit:
        time.sleep(0.01)

def timed(call, *given):
    began = time.monotonic()
    call(*given)
    slowest[0] = max(slowest[0], time.monotonic() - began)

slowest, told = [0.0], {}
ear = sounddevice.RawInputStream(
    device="default", channels=1, samplerate=48_000, dtype="int16", latency="high", callback=hear
)
ear.start()
until(lambda: heard)
player = SoundPlayer(SoundClip(SoundFormat(48_000, 1), played.tobytes()))
if what == "pause":
    player.play(0.0)
    until(lambda: player.position_s > 0.5)
    told["paused_s"] = time.monotonic()
    player.pause()
    time.sleep(0.7)
elif what == "vanish":
    player.play(0.0)
    until(lambda: player.position_s > 0.3)
    print("playing", flush=True)
    def has_stopped():
        timed(lambda: player.position_s)
        return not player.is_playing
    until(has_stopped)
    told["failure"] = type(player.failure).__name__
    for call in (player.play, player.pause, player.close):
        timed(call)
    told["slowest_s"] = slowest[0]
    print(json.dumps(told), flush=True)
    os._exit(0)  # PortAudio's own farewell would wait for the server
else:
    player.set_speed(float(what))
    player.play(0.0)
    until(lambda: not player.is_playing)
    time.sleep(0.3)
told["position_s"] = player.position_s
player.close(5.0)
ear.abort()
frames = np.cumsum([0] + [len(block) // 2 for _, block in heard[:-1]])
told["heard_s"] = float(np.median([at for at, _ in heard] - frames / 48_000))
path.write_bytes(b"".join(block for _, block in heard))
print(json.dumps(told))
"""


@pytest.fixture
def microphone() -> Generator[Microphone]:
    with virtual_microphone() as made:
        yield made


@pytest.fixture
def play(microphone: Microphone, tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Play sound in a process of its own, which records it into ``tmp_path / "sound"``."""

    def begun(sound: NDArray[np.int16], what: str) -> subprocess.Popen[str]:
        path = tmp_path / "sound"
        path.write_bytes(sound.tobytes())
        return subprocess.Popen(
            [sys.executable, "-c", _PLAY, what, str(path)],
            env=microphone.around,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    return begun


Play = Callable[..., subprocess.Popen[str]]


def told(player: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for it to end, and return its last report."""
    out, _ = player.communicate(timeout=120)
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def heard(folder: Path) -> NDArray[np.int16]:
    return np.fromfile(folder / "sound", "<i2")


def tone(seconds: float) -> NDArray[np.int16]:
    at_s = np.arange(round(seconds * RATE)) / RATE
    return np.rint(9000 * np.sin(2 * np.pi * 440 * at_s)).astype(np.int16)


def test_what_is_played_is_heard_bit_for_bit(play: Play, tmp_path: Path) -> None:
    sound = noise(3.0)[:, 0]

    found = told(play(sound, "1.0"))

    assert place(heard(tmp_path), sound) is not None
    assert found["position_s"] == pytest.approx(3.0)


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_a_tone_keeps_its_pitch_and_lasts_as_long_as_it_should(
    play: Play, tmp_path: Path, speed: float
) -> None:
    told(play(tone(2.0), str(speed)))

    sounding = np.flatnonzero(np.abs(heard(tmp_path)) > 100)
    found = heard(tmp_path)[sounding[0] : sounding[-1]]
    loudest = np.argmax(np.abs(np.fft.rfft(found * np.hanning(len(found)))))
    assert len(found) / RATE == pytest.approx(2.0 / speed, abs=0.05)
    assert float(loudest) * RATE / len(found) == pytest.approx(440, rel=0.02)


def test_a_pause_is_silence_within_a_tenth_of_a_second(play: Play, tmp_path: Path) -> None:
    found = told(play(tone(5.0), "pause"))

    last = int(np.flatnonzero(np.abs(heard(tmp_path)) > 100)[-1])
    assert found["heard_s"] + last / RATE - found["paused_s"] < 0.1
    sounded_s = (last - int(np.flatnonzero(heard(tmp_path))[0])) / RATE
    assert found["position_s"] == pytest.approx(sounded_s, abs=0.03)


@pytest.mark.parametrize("fault", [Microphone.kill, Microphone.freeze, Microphone.unplug_all])
def test_a_loudspeaker_that_goes_away_is_told_and_nobody_waits_for_it(
    play: Play, microphone: Microphone, fault: Callable[[Microphone], None]
) -> None:
    with play(tone(30.0), "vanish") as player:
        assert player.stdout is not None
        assert player.stdout.readline() == "playing\n"
        fault(microphone)
        found = told(player)

    assert found["failure"] == "NoLoudspeaker"
    assert found["slowest_s"] < 0.1
