"""What starting costs: processor seconds of the command line, first paint of the interface."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.frame import Row, at_most
from study import InterviewDetails
from study.store import Argon2Cost, Study

_PASSPHRASE = "four unrelated small words"  # noqa: S105 - it guards nothing
_LABEL = "Quiet07"  # what is looked for on the screen
_EARSHOT = Path(sys.executable).with_name("earshot")
_PATIENCE_S = 30.0
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")

_BARE = f"""
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("{_LABEL}")

Bare().run()
"""


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes fewer turns."""
    turns = 3 if quick else 9
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as place:
        folder = Path(place) / "study"
        # The passphrase's own cost is on purpose and measured in benchmarks/store.py.
        cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
        study, _ = Study.create(folder, _PASSPHRASE, cost=cheap)
        with study, study.change("entered") as change:
            change.add_interview(InterviewDetails(_LABEL))
        return _command_line(folder, turns) + _interface(folder, turns)


def _command_line(folder: Path, turns: int) -> list[Row]:
    python = _cpu([sys.executable, "-c", "pass"], turns)
    assert python is not None
    rows = [Row("python -c pass", python, "CPU s")]
    for figure, command, more_s in (
        ("earshot --help", [str(_EARSHOT), "--help"], 0.2),
        ("earshot status", [str(_EARSHOT), "status", str(folder)], 0.4),
    ):
        rows += _against(figure, _cpu(command, turns), python, more_s, "python -c pass")
    return rows


def _interface(folder: Path, turns: int) -> list[Row]:
    bare = _first_paint([sys.executable, "-c", _BARE], turns)
    ours = _first_paint([str(_EARSHOT), "open", str(folder)], turns)
    if bare is None:
        return [Row("first paint of a bare Textual app", None, "CPU s", note="did not paint")]
    rows = [Row("first paint of a bare Textual app", bare[0], "CPU s")]
    cpu_s = ours[0] if ours else None
    rows += _against("first paint of the interface", cpu_s, bare[0], 0.5, "a bare Textual app")
    if ours:
        rows.append(Row("the same, on the clock", ours[1], "s", f"a bare one: {bare[1]:.2f} s"))
    return rows


def _against(
    figure: str, value: float | None, base: float, more: float, compared_with: str
) -> list[Row]:
    if value is None:
        return [Row(figure, None, "CPU s", compared_with, note="does not run (yet)")]
    over = at_most(f"{figure}, above", value - base, more, "CPU s", compared_with=compared_with)
    return [Row(figure, value, "CPU s"), over]


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "EARSHOT_PASSPHRASE": _PASSPHRASE,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }


def _cpu(command: Sequence[str], turns: int) -> float | None:
    """Processor seconds of a command, the median; None where it fails."""
    spent: list[float] = []
    for _ in range(turns + 1):
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        except OSError:
            return None
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            return None
        spent.append(used.ru_utime + used.ru_stime)
    return median(spent[1:])  # the first one filled the caches


def _first_paint(command: Sequence[str], turns: int) -> tuple[float, float] | None:
    """Processor seconds and seconds until the label is on the screen, the medians."""
    seen = [_paint_once(command) for _ in range(turns + 1)][1:]
    whole = [one for one in seen if one is not None]
    if not whole:
        return None
    return median(cpu_s for cpu_s, _ in whole), median(wall_s for _, wall_s in whole)


def _paint_once(command: Sequence[str]) -> tuple[float, float] | None:
    start = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execve(command[0], list(command), _environment())  # noqa: S606 - no shell is wanted
        finally:
            os._exit(127)
    try:
        painted = _wait_for(terminal, _LABEL.encode())
        return (_spent(process), time.perf_counter() - start) if painted else None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)


def _wait_for(terminal: int, wanted: bytes) -> bool:
    """Read what is painted until ``wanted`` is among it."""
    until, painted = time.monotonic() + _PATIENCE_S, b""
    while wanted not in painted:
        ready, _, _ = select.select([terminal], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return False
        try:
            painted += os.read(terminal, 65536)
        except OSError:  # the other end is gone
            return False
    return True


def _spent(process: int) -> float:
    """Processor seconds that a living process has used, all its threads together."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S
