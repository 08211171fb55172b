"""Reading a small file of plain text that a person wrote for the study, or refusing it in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from pathlib import Path

from study.errors import EarshotError

LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class PlainText:
    """What a kind of text may be, and the errors that refuse one that is not.

    most_lines: counted by line ends. not_there: the error of a file that cannot be read. not_text:
    of one that is no UTF-8 text. too_long: of one over either limit.
    """

    most_bytes: int
    most_lines: int
    _: KW_ONLY
    not_there: Callable[[], EarshotError]
    not_text: Callable[[], EarshotError]
    too_long: Callable[[], EarshotError]

    def read(self, path: Path) -> bytes:
        """Return what a file holds, at most a byte more than it may.

        Raises:
            EarshotError: ``not_there``.
        """
        try:
            with path.open("rb") as file:
                return file.read(self.most_bytes + 1)
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
