"""Plain text, the one form that all programs take in.

UTF-8 without a byte order mark, LF, one turn per paragraph, a blank line between,
``[hh:mm:ss] P07: text``; what happened as ``[hh:mm:ss] (marker)``. A
transcript without times has none.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff.lines import Line


def plain_text(given: Iterable[Line]) -> bytes:
    """Return the transcript as plain text with times."""
    return "\n".join(f"{paragraph(line)}\n" for line in given).encode()


def paragraph(line: Line) -> str:
    """Return one line as it stands there."""
    spoken = f"{line.speaker}: {line.text}" if line.speaker else line.text
    return f"{line.stamp}{spoken}"
