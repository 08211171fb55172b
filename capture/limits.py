"""Limits to what counts as an interview recording, and to what decoding one may use.

The former are our choice: wide enough for any recorder, narrow enough that a hostile header
cannot ask for terabytes. libsndfile by itself accepts 12 MHz, 159 channels and 10^12 frames.
"""

from __future__ import annotations

import contextlib
import resource

from study.errors import SoundUnreasonable

LOWEST_RATE, HIGHEST_RATE = 8_000, 192_000
MOST_CHANNELS = 8
LONGEST_HOURS = 12

_MEMORY_BYTES = 1 << 30  # PyAV and numpy reserve 0.27 GiB of addresses before any file is open
_SPARE_CPU_S = 120
_SLOWEST_BYTES_PER_CPU_S = 100_000  # Opus at 16 kbit/s, decoded at 50 times real time


def check_reasonable(rate: int, channels: int, frames: int | None) -> None:
    """Refuse sound that cannot be an interview recording.

    Raises:
        SoundUnreasonable: the rate, the channels or the claimed length is beyond the limits.
    """
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise SoundUnreasonable(f"{rate:,} Hz")
    if not 1 <= channels <= MOST_CHANNELS:
        raise SoundUnreasonable(f"{channels} channels")
    if frames is not None and frames > compute_most_frames(rate):
        raise SoundUnreasonable(f"{frames / rate / 3600:,.0f} hours")


def compute_most_frames(rate: int) -> int:
    """Return how many frames the longest allowed recording has at ``rate``, in Hz."""
    return LONGEST_HOURS * 3600 * rate


def confine_process(size: int) -> None:
    """Limit this process for good: memory, CPU time for ``size`` bytes, no files, no core dump."""
    seconds = _SPARE_CPU_S + size // _SLOWEST_BYTES_PER_CPU_S
    for what, limit in (
        (resource.RLIMIT_CORE, 0),  # a core dump would hold somebody's voice unencrypted
        (resource.RLIMIT_FSIZE, 0),  # no unencrypted sound on any disk; pipes are exempt
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _MEMORY_BYTES),
    ):
        with contextlib.suppress(ValueError, OSError):  # a stricter limit is in force
            resource.setrlimit(what, (limit, limit))
