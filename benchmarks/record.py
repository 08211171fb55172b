"""The recorder, through a microphone of software: what it costs, what it loses, how soon it shows.

Processor time is taken between two moments of a recording that is under way, so that starting
is not in it. "Busy" means two processes beside it that never rest, at normal priority.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.frame import Row, at_most
from study import InterviewDetails, Participant
from study.store import Argon2Cost, Study
from tests.microphone import RATE, Microphone, noise, virtual_microphone, write

_PASSPHRASE = "four unrelated small words"  # noqa: S105 - it guards noise
_CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
_EARSHOT = Path(sys.executable).with_name("earshot")
_LABEL = "Quiet07"  # what is looked for on the screen
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_SETTLE_S = 3.0  # after the first sound: caches, the first pictures
_PATIENCE_S = 60.0
_BUSY = 2
_MOST_GROWN_MB = 10.0

# What is waited for on the screen, and the keys then: take the interview up, begin, agree.
_QUESTION = b"y yes"
_BEGIN = ((_LABEL.encode(), b"g"), (b"Sound check", b"r"), (_QUESTION, b"y"))
_ENDED = b"sealed"

_SPIN = "while True: pass"

# Records as fast as the recorder takes it, and tells its memory after one minute and at the end.
_FED = """
import sys, time
from pathlib import Path
from capture.recording_session import Session
from study.store.study import Study
from study.records import SoundFormat

class Fed:
    form = SoundFormat(48_000, 1)
    is_alive = True
    overflows = 0
    def listens_to(self): return ""
    def start(self, push): self.push = push
    def stop(self): pass

def memory():
    (line,) = [s for s in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in s]
    return int(line.split()[1])

fed = Fed()
block = bytes(range(256)) * 375  # a second
with Study.open(Path(sys.argv[1]), sys.argv[2]) as study:
    session = Session(study, study.find("Quiet07").id, lambda: fed)
    session.start()
    for second in range(int(sys.argv[3])):
        while session.moment().queued_s > 5.0:
            time.sleep(0.005)
        fed.push(block)
        if second == 60:
            early = memory()
    print(early, memory(), flush=True)
    session.stop()
"""

# Plays nothing itself: tells the moment at which the level rose, on the clock all share.
_WATCH = """
import sys, time
from pathlib import Path
from capture.microphone import opener
from capture.recording_session import Session
from study.store.study import Study

with Study.open(Path(sys.argv[1]), sys.argv[2]) as study:
    session = Session(study, study.find("Quiet07").id, opener(None, 1))
    session.start()
    print("ready", flush=True)
    while max(session.moment().level_dbfs, default=-96.0) < -60.0:
        time.sleep(0.002)
    print(time.monotonic(), flush=True)
    session.stop()
"""


@dataclass(frozen=True, slots=True)
class _Place:
    """A study with one empty interview, the microphone's environment, and how long to record."""

    study: Path
    around: dict[str, str]
    seconds: float

    @property
    def sound(self) -> int:
        """How many bytes of sealed sound it has."""
        return sum(path.stat().st_size for path in self.study.glob("audio/*/*.sealed"))

    def kept(self) -> NDArray[np.int16]:
        """Return all sound of the interview."""
        with Study.open(self.study, _PASSPHRASE) as study:
            found = study.interview(study.find_interview(_LABEL).id).open_sound()
            assert found is not None
            with found:
                return np.frombuffer(found.read(0, found.frames), "<i2")


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes shorter recordings."""
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        place = Path(folder)
        rows = _memory(place, minutes=5 if quick else 60)
        try:
            with virtual_microphone() as microphone:
                return rows + _through(microphone, place, quick)
        except pytest.skip.Exception as missing:
            return [*rows, Row("through a microphone", None, "", note=str(missing))]


def _through(microphone: Microphone, place: Path, quick: bool) -> list[Row]:  # noqa: FBT001 - as above
    rows: list[Row] = []
    for busy, beside in ((0, ""), (_BUSY, ", machine busy")):
        for figure, way, most in _WAYS:
            here = _place(place, microphone.around, 5 if quick else 30)
            rows += _recorded(here, f"{figure}{beside}", way, busy, most)
    return rows + _latency(place, microphone.around, turns=3 if quick else 9)


def _place(folder: Path, around: dict[str, str], seconds: float) -> _Place:
    place = Path(tempfile.mkdtemp(dir=folder)) / "study"
    study, _ = Study.create(place, _PASSPHRASE, cost=_CHEAP)
    with study, study.change("entered") as change:
        change.add_interview(InterviewDetails(_LABEL, (Participant("P07"),)))
    return _Place(place, around | {"EARSHOT_PASSPHRASE": _PASSPHRASE}, seconds)


def _recorded(here: _Place, figure: str, way: _Way, busy: int, most: float) -> list[Row]:
    """Record in a process of its own while noise is played into the microphone."""
    played, path = noise(here.seconds), here.study.with_name("noise.wav")
    write(path, played)
    with _spinning(busy), way(here) as process:
        _wait_until(lambda: here.sound > RATE)
        time.sleep(_SETTLE_S)
        began_s, spent_s = time.monotonic(), _spent(process)
        subprocess.run(["paplay", path], env=here.around, check=True)  # noqa: S607 - as found
        share = (_spent(process) - spent_s) / (time.monotonic() - began_s)
        time.sleep(1.0)  # what is on its way through the sound server
    lost = _missing(here.kept(), played[:, 0])
    return [
        at_most(figure, share, most, "of a core"),
        at_most("  frames lost", lost, 0, "frames", compared_with=f"{len(played):,} played"),
    ]


@contextmanager
def _alone(here: _Place) -> Generator[int]:
    """Record without a screen; gives the process."""
    process = subprocess.Popen(
        [_EARSHOT, "record", here.study, "--interview", _LABEL],
        env=here.around,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(_PATIENCE_S)


@contextmanager
def _on_screen(here: _Place) -> Generator[int]:
    """Record in the interface, in a terminal of 80 x 24; gives the process."""
    process, terminal = pty.fork()
    if process == 0:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            around = here.around | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execve(_EARSHOT, [_EARSHOT, "open", here.study], around)  # noqa: S606 - no shell is wanted
        finally:
            os._exit(127)
    screen = _Screen(terminal)
    try:
        for wanted, keys in _BEGIN:
            screen.wait_for(wanted)
            os.write(terminal, keys)
        yield process
        os.write(terminal, b"s")
        screen.wait_for(_QUESTION)
        os.write(terminal, b"y")
        screen.wait_for(_ENDED)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        screen.close()


class _Screen:
    """Reads what is painted all the time, so that the painter never waits for us."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._painted = b""
        threading.Thread(target=self._read, daemon=True).start()

    def wait_for(self, wanted: bytes) -> None:
        """Wait until it is painted, and forget what was painted before."""
        _wait_until(lambda: wanted in self._painted)
        self._painted = b""

    def close(self) -> None:
        """Let go of the terminal."""
        os.close(self._terminal)

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # the other end is gone
            while True:
                self._painted += os.read(self._terminal, 65536)


@contextmanager
def _spinning(count: int) -> Generator[None]:
    """Keep ``count`` cores busy at normal priority."""
    processes = [subprocess.Popen([sys.executable, "-c", _SPIN]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _latency(folder: Path, around: dict[str, str], turns: int) -> list[Row]:
    """From a sound that an ordinary recorder has, to the meter that shows it."""
    late_s = [_shown_late_s(_place(folder, around, 0)) for _ in range(turns)]
    return [at_most("sound to meter", median(late_s), 0.5, "s", compared_with="parec, 10 ms")]


def _shown_late_s(here: _Place) -> float:
    path = here.study.with_name("burst.wav")
    write(path, noise(1.0))
    watching = subprocess.Popen(
        [sys.executable, "-c", _WATCH, here.study, _PASSPHRASE],
        env=here.around,
        stdout=subprocess.PIPE,
        text=True,
    )
    peer = subprocess.Popen(
        ["parec", "--latency-msec=10", "--raw", "--format=s16le", "--channels=1"],  # noqa: S607
        env=here.around,
        stdout=subprocess.PIPE,
    )
    assert watching.stdout is not None
    assert peer.stdout is not None
    try:
        assert watching.stdout.readline() == "ready\n"
        time.sleep(1.0)
        playing = subprocess.Popen(["paplay", path], env=here.around)  # noqa: S607 - as found
        while not any(peer.stdout.read(96)):  # a millisecond
            pass
        heard_s = time.monotonic()
        shown_s = float(watching.stdout.readline())
        playing.wait()
    finally:
        peer.kill()
        peer.communicate()
        watching.communicate()
    return shown_s - heard_s


def _memory(folder: Path, minutes: int) -> list[Row]:
    """Memory of a recorder that is fed faster than real time, after one minute and after many."""
    here = _place(folder, dict(os.environ), 0)
    done = subprocess.run(
        [sys.executable, "-c", _FED, here.study, _PASSPHRASE, str(60 * minutes)],
        capture_output=True,
        text=True,
        check=True,
    )
    early_mb, late_mb = (int(kib) * 1024 / 1e6 for kib in done.stdout.split())
    grown = late_mb - early_mb
    return [
        Row("memory after 1 min of 48 kHz", early_mb, "MB"),
        at_most(f"  grown after {minutes} min", grown, _MOST_GROWN_MB, "MB"),
    ]


def _missing(found: NDArray[np.int16], played: NDArray[np.int16]) -> int:
    """Return how many frames of ``played`` are not there, in one piece and bit for bit."""
    loud = np.flatnonzero(found)
    if not loud.size:
        return played.size
    start = int(loud[0]) - int(np.flatnonzero(played)[0])
    piece = found[max(0, start) : start + played.size]
    return int(played.size - (piece == played[: piece.size]).sum())


def _spent(process: int) -> float:
    """Processor seconds that a living process has used, all its threads together."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def _wait_until(claim: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not claim():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.02)


_Way = Callable[[_Place], AbstractContextManager[int]]
# Our own limits: a laptop on battery should not notice the one, nor its fan the other.
_WAYS: tuple[tuple[str, _Way, float], ...] = (
    ("recording alone", _alone, 0.05),
    ("recording with the interface", _on_screen, 0.15),
)
