"""Reading a small file of plain text that a person wrote for the study, or refusing it in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from study.errors import EarshotError

LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class PlainText:
    """What a kind of text may be, and what a person is told to do about one that is not.

    most_lines: counted by line ends. error: makes the error, from why the text is refused and
    what to do. shorten: what to do about one that is too long. save: about one that is no text.
    """

    most_bytes: int
    most_lines: int
    error: Callable[[str, str], EarshotError]
    shorten: str
    save: str

    def read(self, path: Path) -> bytes:
        """Return what a file holds, at most a byte more than it may.

        Raises:
            EarshotError: as ``error`` makes it; the file is not there or may not be read.
        """
        try:
            with path.open("rb") as file:
                return file.read(self.most_bytes + 1)
        except OSError as missing:
            raise self.error(
                "is not there, or may not be read", "Check its name and folder."
            ) from missing

    def decode(self, written: str | bytes) -> str:
        """Return the text without a byte order mark, its line ends as they are.

        Raises:
            EarshotError: as ``error`` makes it; this is no UTF-8 text, or far too long.
        """
        raw = written if isinstance(written, bytes) else written.encode("utf-8", "surrogatepass")
        if len(raw) > self.most_bytes:
            raise self.error("is far too long", self.shorten)
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as binary:
            raise self.error("is not plain text", self.save) from binary
        if "\0" in text:
            raise self.error("is not plain text", self.save)
        if len(LINE_END.findall(text)) > self.most_lines:
            raise self.error("is far too long", self.shorten)
        return text
