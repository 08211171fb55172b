"""Keeping keys and words out of core files and error reports.

A crash can write all of a process's memory to disk, where it outlives every erasure. Nothing
here can stop the system from swapping: that is what full-disk encryption is for.

The process stays dumpable (prctl(2)): a sound server may inspect the process that asks for
the microphone, and refuses one that it cannot inspect.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from study.windows import IS_WINDOWS, keep_out_of_error_reports

_FILTER = Path("/proc/self/coredump_filter")


def disable_core_files() -> None:
    """Keep this process, and on POSIX those it starts, from writing its memory to a disk."""
    if IS_WINDOWS:
        keep_out_of_error_reports()
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    # Where cores are piped to a program, the limit does not apply, but the filter does (core(5)).
    with contextlib.suppress(OSError):
        _FILTER.write_text("0", encoding="ascii")
