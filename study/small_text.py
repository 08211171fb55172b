"""Reading a small text file that a person wrote for the study: a topic guide, a word list.

A file that is too long or is not text is refused with an error of the caller's, never half read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from pathlib import Path

from study.errors import EarshotError
from study.plain_files import read_plain_file

LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class PlainText:
    """The limits of one kind of text file, and the errors that refuse other files.

    most_lines: counted by line ends. not_there, not_text, too_long: make the error for a file that
    cannot be read, is no UTF-8 text, or exceeds a limit.
    """

    most_bytes: int
    most_lines: int
    _: KW_ONLY
    not_there: Callable[[], EarshotError]
    not_text: Callable[[], EarshotError]
    too_long: Callable[[], EarshotError]

    def read(self, path: Path) -> bytes:
        """Return the bytes of a file, of one that is too long only one byte more than allowed.

        Raises:
            EarshotError: ``not_there``.
        """
        try:
            return read_plain_file(path, self.most_bytes)
        except OSError as missing:
            raise self.not_there() from missing

    def decode(self, written: str | bytes) -> str:
        """Return the text without a byte order mark, its line ends as they are.

        Raises:
            EarshotError: ``not_text`` or ``too_long``.
        """
        raw = written if isinstance(written, bytes) else written.encode("utf-8", "surrogatepass")
        if len(raw) > self.most_bytes:
            raise self.too_long()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as binary:
            raise self.not_text() from binary
        if "\0" in text:
            raise self.not_text()
        if len(LINE_END.findall(text)) > self.most_lines:
            raise self.too_long()
        return text
