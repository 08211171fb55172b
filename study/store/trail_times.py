"""Times as the trail writes them, and whether two of them belong to one act."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_SLOW_DISK = timedelta(minutes=10)


def is_trail_time(text: str) -> bool:
    """Whether a text is a time exactly as a study writes it: ISO 8601 in UTC, to the second."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="seconds") == text
    except (ValueError, OverflowError):
        return False


def is_soon_after(begun_at: str, created_at: str) -> bool:
    """Whether a row was written when its line was: a slow disk may take some time between."""
    try:
        passed = datetime.fromisoformat(created_at) - datetime.fromisoformat(begun_at)
    except (ValueError, TypeError):
        return False
    return abs(passed) < _SLOW_DISK
