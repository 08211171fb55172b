"""Whether there is a terminal, and which letters it can show. It draws nothing and reads no key."""

from __future__ import annotations

import sys
from typing import TextIO


def has_terminal() -> bool:
    """Whether there is somebody to draw for and to read keys from."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def has_utf8_terminal() -> bool:
    """Whether every letter can be written to the terminal: Textual writes to the error stream."""
    return read_encoding(sys.stderr) == "utf8"


def read_encoding(stream: TextIO | None) -> str:
    """Return the encoding of a stream in one spelling, such as ``utf8``; "" where it has none."""
    encoding = getattr(stream, "encoding", None) or ""
    return str(encoding).lower().replace("-", "").replace("_", "")
