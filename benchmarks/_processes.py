"""Running what is compared, each in a process of its own: how long it took and what it held."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_MB = 1e6
_TOLD = 2000  # characters of what a process that failed has said


@dataclass(frozen=True, slots=True)
class Ran:
    """How a process went.

    lines: what it printed, each with the seconds since its start. peak_mb: of its resident memory
    and of its children's, whichever had most. is_whole: False where the limit ended it.
    """

    seconds: float
    peak_mb: float
    lines: tuple[tuple[float, str], ...]
    is_whole: bool

    @property
    def last(self) -> str:
        """The last line that it printed."""
        return self.lines[-1][1]

    def first(self, sign: str) -> float | None:
        """Return when it first printed a line with that in it."""
        return next((at_s for at_s, line in self.lines if sign in line), None)


def ran(
    command: Sequence[str | Path], around: Mapping[str, str], *, limit_s: float | None = None
) -> Ran:
    """Run a command, at most so long.

    Raises:
        RuntimeError: it failed; with the end of what it said.
    """
    with tempfile.TemporaryFile("w+") as said:
        began_s = time.monotonic()
        process = subprocess.Popen(
            command,
            env=dict(around),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        )
        ended = threading.Event()
        killer = threading.Timer(limit_s or 0, _kill, (process.pid, ended))
        if limit_s is not None:
            killer.start()
        assert process.stdout is not None
        with process.stdout as output:
            lines = tuple((time.monotonic() - began_s, line.rstrip("\n")) for line in output)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began_s
        killer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and not ended.is_set():
            said.seek(0)
            raise RuntimeError(f"{Path(command[0]).name} failed: {said.read()[-_TOLD:]}")
    return Ran(seconds, used.ru_maxrss * 1024 / _MB, lines, not ended.is_set())


def _kill(process: int, ended: threading.Event) -> None:
    ended.set()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)


def own_peak_mb() -> float:
    """Return the most memory that this process ever held."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = [one for one in status if one.startswith("VmHWM")]
    return int(line.split()[1]) * 1024 / _MB
