"""What the process that decodes a file may use: it is limited for good before a file is open.

Linux holds it to every limit. macOS has none for a process's memory. Windows has no limit against
writing files, and may refuse the others to a process that somebody else has limited already.
"""

from __future__ import annotations

import contextlib

from study import IS_WINDOWS, confine_to_job

_MEMORY_BYTES = 1 << 30  # PyAV and numpy reserve 0.27 GiB of addresses before any file is open
_SPARE_CPU_S = 120
_SLOWEST_BYTES_PER_CPU_S = 100_000  # Opus at 16 kbit/s, decoded at 50 times real time


def confine_process(size: int) -> None:
    """Limit this process for good: memory, CPU time for ``size`` bytes, no files, no core dump."""
    seconds = _SPARE_CPU_S + size // _SLOWEST_BYTES_PER_CPU_S
    if IS_WINDOWS:
        confine_to_job(_MEMORY_BYTES, seconds)
        return
    import resource

    for what, limit in (
        (resource.RLIMIT_CORE, 0),  # a core dump would hold somebody's voice unencrypted
        (resource.RLIMIT_FSIZE, 0),  # no unencrypted sound on any disk; pipes are exempt
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _MEMORY_BYTES),
    ):
        with contextlib.suppress(ValueError, OSError):  # a stricter limit is in force
            resource.setrlimit(what, (limit, limit))
