"""Text with times in the formats of two transcription programs: MAXQDA's, and f4's.

Both are UTF-8 without a byte order mark, LF, one turn per paragraph, a blank line between, times
to the tenth of a second. MAXQDA: ``00:00:04.2P07: text``, without a blank behind the time, so that
the program finds the speaker. f4: ``P07: text #00:00:04-2#``.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff.transcript_lines import TranscriptLine


def render_maxqda(lines: Iterable[TranscriptLine]) -> bytes:
    """Return the transcript as MAXQDA imports transcripts with time stamps."""
    return _joined(f"{_tenths(line, '.')}{_spoken(line)}" for line in lines)


def render_f4(lines: Iterable[TranscriptLine]) -> bytes:
    """Return the transcript as f4 writes it, which ATLAS.ti and MAXQDA import, too."""
    return _joined(f"{_spoken(line)} #{_tenths(line, '-')}#" for line in lines)


def _joined(paragraphs: Iterable[str]) -> bytes:
    return "\n".join(f"{paragraph}\n" for paragraph in paragraphs).encode()


def _spoken(line: TranscriptLine) -> str:
    return f"{line.speaker}: {line.text}" if line.speaker else line.text


def _tenths(line: TranscriptLine, point: str) -> str:
    return f"{line.begins_at}{point}{int(line.start_s * 10 + 1e-6) % 10}"
