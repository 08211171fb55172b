"""A virtual microphone: a sound server of the tests' own, whose microphone records a loudspeaker.

The microphone ``vmic`` gives the sound that is played to the loudspeaker ``vspk``. The server needs
no sound card, no D-Bus and no other server, and no other program on this computer uses it.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import importlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

RATE = 48_000
NAME = "Virtual Microphone"
_SPEAKER = "module-null-sink sink_name=vspk norewinds=1 rate=48000 channels=1 channel_map=mono"
_MICROPHONE = (
    "module-remap-source source_name=vmic master=vspk.monitor "
    f"source_properties='device.description=\"{NAME}\"'"
)
# ALSA finds the server, and none of the machine's own devices.
_ALSA = """
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse hint { show on description "virtual microphone" } }
ctl.!default { type pulse }
"""
_UP_S = 20.0
_MOST_LISTENERS = 300  # PulseAudio allows 256 to each source


class Microphone:
    """The sound server. ``around`` is the environment for a process that is to use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.around = os.environ | {
            "PULSE_SERVER": f"unix:{folder}/native",
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_COOKIE": f"{folder}/cookie",
            "ALSA_CONFIG_PATH": f"{folder}/asound.conf",
        }
        self.around.pop("PULSE_SOURCE", None)
        (folder / "asound.conf").write_text(_ALSA)
        (folder / "default.pa").write_text(
            f"load-module module-native-protocol-unix socket={folder}/native auth-anonymous=1\n"
            f"load-module {_SPEAKER}\nload-module {_MICROPHONE}\n"
            "set-default-sink vspk\nset-default-source vmic\n"
        )
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and return once it answers."""
        around = self.around | {"HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER"):
            around.pop(name, None)
        (self.folder / "native").unlink(missing_ok=True)
        command = (
            f"pulseaudio -n -F {self.folder}/default.pa --daemonize=no --use-pid-file=no "
            "--system=no --exit-idle-time=-1 --disable-shm=yes --realtime=no --high-priority=no "
            f"--log-target=file:{self.folder}/log"
        )
        self._server = subprocess.Popen(
            command.split(), env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + _UP_S
        while "vmic" not in self.tell("get-default-source", check=False):
            log = self.folder / "log"
            assert self._server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)

    def tell(self, *words: str, check: bool = True) -> str:
        """Run ``pactl`` with these arguments, and return its output."""
        done = subprocess.run(
            ["pactl", *words], env=self.around, capture_output=True, text=True, check=check
        )
        return done.stdout

    def unplug(self) -> None:
        """Unplug the microphone; the server moves its streams to another source."""
        modules = self.tell("list", "short", "modules").splitlines()
        (ours,) = [line for line in modules if "source_name=vmic " in line]
        self.unload(int(ours.split()[0]))

    def plug(self) -> None:
        """Put it back."""
        self.tell("load-module", *_MICROPHONE.split(" ", 1))
        self.tell("set-default-source", "vmic")

    def unplug_all(self) -> None:
        """Remove the microphone and the loudspeaker, so that no source is left."""
        self.unplug()
        self.tell("unload-module", "module-null-sink")

    def plug_all(self) -> None:
        """Put both back."""
        self.tell("load-module", *_SPEAKER.split(" ", 1))
        self.plug()

    def crowd(self) -> Callable[[], None]:
        """Connect as many listeners as the server allows; return a function that removes one."""
        library = cast("Any", importlib.import_module("pulsectl"))
        last = 0
        with library.Pulse("crowd", server=self.around["PULSE_SERVER"], connect=False) as server:
            server.connect()
            with contextlib.suppress(library.PulseError):
                for number in range(_MOST_LISTENERS):
                    order = f"source_name=other{number} master=vmic"
                    last = server.module_load("module-remap-source", order)
        return lambda: self.unload(last)

    def unload(self, module: int) -> None:
        """Unload a module of the server."""
        self.tell("unload-module", str(module))

    def freeze(self) -> None:
        """Stop the server's process, as if it hung."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Continue it."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill the server."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def play(self, path: Path) -> subprocess.Popen[bytes]:
        """Start playing a sound file into the microphone."""
        return subprocess.Popen(
            ["paplay", "--device=vspk", path], env=self.around, stderr=subprocess.DEVNULL
        )

    def _signal(self, number: int) -> None:
        assert self._server is not None
        self._server.send_signal(number)


@contextmanager
def virtual_microphone(*, is_up: bool = True) -> Generator[Microphone]:
    """Start a virtual microphone, or skip the test with the reason why that is impossible."""
    missing = [name for name in ("pulseaudio", "pactl", "paplay") if not shutil.which(name)]
    missing += ["PortAudio"] if ctypes.util.find_library("portaudio") is None else []
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with tempfile.TemporaryDirectory(prefix="vmic-") as folder:  # short: a socket's path must be
        microphone = Microphone(Path(folder))
        try:
            if is_up:
                microphone.start()
            yield microphone
        finally:
            microphone.kill()


def noise(seconds: float, *, channels: int = 1) -> NDArray[np.int16]:
    """Return noise that rises and falls like talk, int16 (frames, channels), never repeating."""
    dice = np.random.default_rng(5)
    made = np.empty((round(seconds * RATE), channels), np.int16)
    for first in range(0, len(made), 10 * RATE):  # ten minutes at once would be a gigabyte
        part = made[first : first + 10 * RATE]
        at_s = np.arange(first, first + len(part))[:, None] / RATE
        loudness = 4000 * np.abs(np.sin(2 * np.pi * 1.5 * at_s)) + 200
        part[:] = np.rint(dice.normal(0, 1, part.shape) * loudness)
    return made


def write(path: Path, samples: NDArray[np.int16]) -> Path:
    """Write samples, int16 (frames, channels), as WAV."""
    soundfile.write(path, samples, RATE, subtype="PCM_16")
    return path


def place(played: NDArray[np.int16], heard: NDArray[np.int16]) -> int | None:
    """Return at which frame of ``played`` the frames ``heard`` were played, None if nowhere."""
    needle = heard.tobytes()
    at = played.tobytes().find(needle)
    return at // 2 if at >= 0 else None
