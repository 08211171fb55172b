"""Plain text, the one format that every program imports.

UTF-8 without a byte order mark, LF, one turn per paragraph, a blank line between,
``[hh:mm:ss] P07: text``; events between turns are ``[hh:mm:ss] (marker)``. A transcript without
times leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff.transcript_lines import TranscriptLine


def render_plain_text(lines: Iterable[TranscriptLine]) -> bytes:
    """Return the transcript as plain text with times."""
    return "\n".join(f"{format_paragraph(line)}\n" for line in lines).encode()


def format_paragraph(line: TranscriptLine) -> str:
    """Return one paragraph of it."""
    spoken = f"{line.speaker}: {line.text}" if line.speaker else line.text
    return f"{line.time_prefix}{spoken}"
