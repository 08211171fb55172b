"""What a child process of ours may inherit, and when it ends.

A child decodes hostile sound, runs pip, or holds keys. It gets no passphrase, which stands in the
environment where somebody gave it so, and it ends with the process that started it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys

PASSPHRASE_VARIABLE = "EARSHOT_PASSPHRASE"  # noqa: S105 - a name
NEW_PASSPHRASE_VARIABLE = "EARSHOT_NEW_PASSPHRASE"  # noqa: S105 - a name
_SECRET = frozenset({PASSPHRASE_VARIABLE, NEW_PASSPHRASE_VARIABLE})
_PR_SET_PDEATHSIG = 1


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
    """Ask the kernel to kill this process when ``parent`` dies, however it dies (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we could ask
        os.kill(os.getpid(), signal.SIGKILL)
