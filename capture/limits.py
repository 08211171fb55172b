"""Limits to what counts as an interview recording.

They are our choice: wide enough for any recorder, narrow enough that a hostile header
cannot ask for terabytes. libsndfile by itself accepts 12 MHz, 159 channels and 10^12 frames.
"""

from __future__ import annotations

from study.errors import SoundUnreasonable

LOWEST_RATE, HIGHEST_RATE = 8_000, 192_000
MOST_CHANNELS = 8
LONGEST_HOURS = 12


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
