"""The terminal is closed, or the connection to it breaks, while the interface records."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from study.store import Study, rescue_recordings
from tests.keys import sign_of
from tests.microphone import Microphone, virtual_microphone

_PATIENCE_S = 120.0

pytestmark = pytest.mark.slow


@pytest.fixture
def microphone() -> Iterator[Microphone]:
    with virtual_microphone() as made:
        yield made


def strip(painted: bytes) -> str:
    """Return what was painted without the commands to the terminal."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", painted.decode(errors="replace"))[-2000:]


class Terminal:
    """A terminal in which the interface runs, as the leader of its session."""

    def __init__(self, folder: Path, around: dict[str, str]) -> None:
        self.process, self.line = pty.fork()
        if self.process == 0:
            try:
                # Whoever started the tests may ignore it, as nohup does, and Earshot respects that.
                signal.signal(signal.SIGHUP, signal.SIG_DFL)
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
                command = [sys.executable, "-P", "-m", "cli.command_line", "open", str(folder)]
                os.execve(command[0], command, around)  # noqa: S606 - no shell is wanted
            finally:
                os._exit(127)
        self._painted = b""

    def wait_for(self, wanted: str) -> None:
        """Wait until something is painted that was not before the last key."""
        until_s = time.monotonic() + _PATIENCE_S
        while wanted.encode() not in self._painted:
            left_s = until_s - time.monotonic()
            assert left_s > 0, f"never painted: {wanted}: {strip(self._painted)}"
            if select.select([self.line], [], [], left_s)[0]:
                self._painted += os.read(self.line, 65536)

    def press(self, keys: str) -> None:
        time.sleep(0.7)  # what is painted first may not hear keys yet
        self._painted = b""
        os.write(self.line, keys.encode())

    def record(self, seconds: float) -> None:
        self.wait_for("New")
        self.press(sign_of("home.new"))
        self.wait_for("label")
        self.press("P07_i1\r")
        self.wait_for("Sound check")
        self.press("r")
        self.wait_for("do they want to be recorded")
        self.press("y")
        self.wait_for("Off the record")
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:  # a screen that nobody reads from would stop
            if select.select([self.line], [], [], 0.1)[0]:
                os.read(self.line, 65536)


def hang_up(terminal: Terminal) -> None:
    os.close(terminal.line)


def signal_twice(terminal: Terminal) -> None:
    """As a shell that ends does after the kernel."""
    os.kill(terminal.process, signal.SIGHUP)
    os.kill(terminal.process, signal.SIGHUP)
    os.close(terminal.line)


@pytest.mark.parametrize("end", [hang_up, signal_twice])
def test_a_terminal_that_is_closed_seals_the_recording(
    study: Study,
    passphrase: str,
    microphone: Microphone,
    tmp_path: Path,
    end: Callable[[Terminal], None],
) -> None:
    told = {"EARSHOT_PASSPHRASE": passphrase, "TERM": "xterm-256color",
            "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}  # fmt: skip
    terminal = Terminal(study.folder, microphone.around | told)
    try:
        terminal.record(4.0)
        end(terminal)
        deadline_s = time.monotonic() + 90
        while os.waitpid(terminal.process, os.WNOHANG) == (0, 0):
            assert time.monotonic() < deadline_s, "it went on without a terminal"
            time.sleep(0.05)
        terminal.process = 0
    finally:
        if terminal.process:
            os.kill(terminal.process, signal.SIGKILL)
            os.waitpid(terminal.process, 0)

    assert rescue_recordings(study) == []  # there is nothing left to rescue: it was sealed
    assert study.find_interview("P07_i1").sound_s > 2.0


def test_a_terminal_that_is_closed_leaves_no_program_behind(
    study: Study, passphrase: str, tmp_path: Path
) -> None:
    told = {"EARSHOT_PASSPHRASE": passphrase, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
            "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}  # fmt: skip
    terminal = Terminal(study.folder, told)
    try:
        terminal.wait_for("No interviews yet")
        time.sleep(0.3)  # it waits for keys
        os.kill(terminal.process, signal.SIGHUP)
        os.close(terminal.line)
        deadline_s = time.monotonic() + 20
        while os.waitpid(terminal.process, os.WNOHANG) == (0, 0):
            assert time.monotonic() < deadline_s, "it went on without a terminal"
            os.kill(terminal.process, signal.SIGCONT)  # as the kernel sends behind it, some time
            time.sleep(0.01)
        terminal.process = 0
    finally:
        if terminal.process:
            os.kill(terminal.process, signal.SIGKILL)
            os.waitpid(terminal.process, 0)
