"""Text with times as transcription programs write them: MAXQDA's, and f4's.

Both are UTF-8 without a byte order mark, LF, one turn per paragraph, a blank line between, times
to the tenth of a second. MAXQDA: ``00:00:04.2P07: text``, the time first and no blank behind it, so
that the speaker stands where the program looks for one. f4: ``P07: text #00:00:04-2#``.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff.lines import Line


def maxqda(given: Iterable[Line]) -> bytes:
    """Return the transcript as MAXQDA's import of transcripts with time stamps takes it."""
    return _joined(f"{_tenths(line, '.')}{_spoken(line)}" for line in given)


def f4(given: Iterable[Line]) -> bytes:
    """Return the transcript as f4 writes it; ATLAS.ti and MAXQDA take this form too."""
    return _joined(f"{_spoken(line)} #{_tenths(line, '-')}#" for line in given)


def _joined(paragraphs: Iterable[str]) -> bytes:
    return "\n".join(f"{one}\n" for one in paragraphs).encode()


def _spoken(line: Line) -> str:
    return f"{line.speaker}: {line.text}" if line.speaker else line.text


def _tenths(line: Line, point: str) -> str:
    return f"{line.clock}{point}{int(line.start_s * 10 + 1e-6) % 10}"
