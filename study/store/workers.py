"""What a child process of ours may inherit, how it yields to others, and when it ends.

A child decodes hostile sound, runs pip, or holds keys. It gets no passphrase, which stands in the
environment where somebody gave it so, and it ends with the process that started it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Final

from study.windows import IS_WINDOWS

PASSPHRASE_VARIABLE = "EARSHOT_PASSPHRASE"  # noqa: S105 - a name
NEW_PASSPHRASE_VARIABLE = "EARSHOT_NEW_PASSPHRASE"  # noqa: S105 - a name
_SECRET = frozenset({PASSPHRASE_VARIABLE, NEW_PASSPHRASE_VARIABLE})
_PR_SET_PDEATHSIG = 1
_NICENESS = 10
_LOOK_S = 0.5
# Linux kills processes that fill the memory, and our children first (see ``lower_priority``); a
# library that gets no memory for a thread aborts, or fails on the address that it did not get.
# Windows ends such a process with STATUS_ACCESS_VIOLATION, STATUS_NO_MEMORY or a fast fail.
HARD_ENDINGS: Final = frozenset(
    {0xC0000005, 0xC0000017, 0xC0000409}
    if IS_WINDOWS
    else {-signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV}
)
# Ctrl+C in the console reaches no child that has a group of its own (CREATE_NEW_PROCESS_GROUP);
# elsewhere `process_group` and `start_new_session` say the same.
OWN_GROUP: Final = 0x200 if IS_WINDOWS else 0


def take_variable(name: str) -> str:
    """Return a variable of the environment, and remove it; "" where there is none.

    What the system shows of a process (``/proc/PID/environ``) is the memory that it started with,
    which the removal does not touch. So the value is overwritten there too, where that is known.
    """
    value = os.environ.get(name, "")
    if value and sys.platform == "linux":
        find = ctypes.CDLL(None).getenv
        find.restype = ctypes.c_void_p
        place = find(os.fsencode(name))
        if place:
            ctypes.memset(place, 0, len(os.fsencode(value)))
    with contextlib.suppress(KeyError):
        del os.environ[name]
    return value


def build_worker_environment() -> dict[str, str]:
    """Return the environment for a child process: ours without a passphrase."""
    return {name: value for name, value in os.environ.items() if name not in _SECRET}


def die_with_parent(parent: int) -> None:
    """End this process at once when ``parent`` ends, however it ends.

    Linux kills it. Elsewhere a thread looks for the parent twice a second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we could ask
            _end_at_once()
    else:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """Wait for a process that is not ours to wait for, and end; at once where it is gone."""
    import psutil

    # Whether it is this process's parent is not asked: on Windows the python.exe of a virtual
    # environment starts the real one, and is its parent.
    with contextlib.suppress(psutil.Error):
        started_by = psutil.Process(parent)
        while started_by.is_running() and started_by.status() != psutil.STATUS_ZOMBIE:
            time.sleep(_LOOK_S)
    _end_at_once()


def _end_at_once() -> None:
    if IS_WINDOWS:
        os._exit(1)  # what else is running in it may hang
    os.kill(os.getpid(), signal.SIGKILL)


def lower_priority() -> None:
    """Let recorders and screens run first; where memory runs out, this process is killed first.

    Its children inherit both. Only Linux takes the second.
    """
    yield_to_others(os.getpid())
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def yield_to_others(process: int) -> None:
    """Let other processes run before one of ours."""
    if IS_WINDOWS:
        import psutil

        below = int(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 0x4000))  # of Windows alone
        with contextlib.suppress(psutil.Error):
            psutil.Process(process).nice(below)
        return
    with contextlib.suppress(OSError):
        least = os.getpriority(os.PRIO_PROCESS, process)
        os.setpriority(os.PRIO_PROCESS, process, max(least, _NICENESS))
