"""What stays of a text that is pasted: its words, without what steers a terminal."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from study import sanitise_text

_CONTROL: Final = "Cc"  # the category of control characters
_STEERING: Final = re.compile(  # colours, cursor, titles, as a terminal's own text has them
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]?"
)
_BREAKS: Final = re.compile(r"[ \t]*\n\s*")


def clean_pasted_text(text: str, *, is_line: bool) -> str:
    """Return the text without control characters; tabs become spaces.

    is_line: line breaks become a space too, several in a row become one; else they stay, written
    alike.
    """
    lines = "\n".join(_STEERING.sub("", text).expandtabs(1).splitlines())  # some send \r
    kept = "".join(c for c in lines if c == "\n" or unicodedata.category(c) != _CONTROL)
    return sanitise_text(_BREAKS.sub(" ", kept) if is_line else kept, keep_newlines=True)
