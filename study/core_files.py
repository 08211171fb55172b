"""Keeping keys and words out of core files, and out of other programs' reach.

A crash can write all of a process's memory to disk, where it outlives every erasure. Nothing
here can stop the system from swapping: that is what full-disk encryption is for.
"""

from __future__ import annotations

import contextlib
import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def forbid() -> None:
    """Let this process leave no core file; with Linux, let nobody attach to it either."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    if sys.platform == "linux":
        # The limit alone is not asked where cores are piped to a program (core(5)).
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
