"""Keeping keys and words out of core files.

A crash can write all of a process's memory to disk, where it outlives every erasure. Nothing
here can stop the system from swapping: that is what full-disk encryption is for.

The process stays dumpable (prctl(2)): a sound server may look at who asks for the microphone,
and refuses whom it cannot look at.
"""

from __future__ import annotations

import contextlib
import resource
from pathlib import Path

_FILTER = Path("/proc/self/coredump_filter")


def forbid() -> None:
    """Let this process, and those it starts, leave no core file with anything in it."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    # The limit is not asked where cores are piped to a program (core(5)); what they hold is.
    with contextlib.suppress(OSError):
        _FILTER.write_text("0", encoding="ascii")
