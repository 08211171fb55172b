"""What stays of a text that is pasted: its words, without what steers a terminal."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from study import sanitise_text

PASTE_BEGINS: Final = "\x1b[200~"
PASTE_ENDS: Final = "\x1b[201~"
_ESCAPE: Final = "\x1b"
_STANDS_FOR_ESCAPE: Final = "\x1a"  # "substitute": no terminal acts on it
_CONTROL: Final = "Cc"  # the category of control characters
_STEERING: Final = re.compile(  # colours, cursor, titles, as a terminal's own text has them
    r"[\x1a\x1b](?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1a\x1b]*(?:\x07|[\x1a\x1b]\\)|[()][0AB])?"
)
_BREAKS: Final = re.compile(r"[ \t]*\n\s*")


class PasteFilter:
    """Takes the escape characters out of pasted texts before a parser of keys reads them.

    Textual's parser takes one inside a pasted text for the beginning of a key: what follows it was
    typed before the text, and an Esc, or a letter, was a command. Another character stands for it
    until ``clean_pasted_text``, also where a text or a mark comes in several pieces.
    """

    def __init__(self) -> None:
        self._is_pasting = False
        self._last = ""  # of what was handed on outside a paste, as much as may begin a mark
        self._held = ""  # of a paste: what may begin the mark of its end

    def filter_input(self, data: str) -> str:
        """Return what the terminal sent as the parser may read it.

        A text that holds the mark of its end cannot be told from one that ends there. If another
        such mark follows in the same piece, and no beginning, the text goes on to that one.
        """
        passed: list[str] = []
        while data:
            take = self._take_paste if self._is_pasting else self._take_keys
            kept, data = take(data)
            passed.append(kept)
        return "".join(passed)

    def _take_keys(self, data: str) -> tuple[str, str]:
        """Return what comes before a paste, with the mark of its beginning, and what is left."""
        seen = self._last + data
        at = seen.find(PASTE_BEGINS)
        if at < 0:
            self._last = seen[-len(PASTE_BEGINS) + 1 :]
            return data, ""
        end = at + len(PASTE_BEGINS) - len(self._last)
        self._is_pasting, self._last = True, ""
        return data[:end], data[end:]

    def _take_paste(self, data: str) -> tuple[str, str]:
        """Return pasted text, with the mark of its end where that has come, and what is left."""
        data, self._held = self._held + data, ""
        begins = data.find(PASTE_BEGINS)
        at = data.rfind(PASTE_ENDS, 0, begins if begins > data.find(PASTE_ENDS) >= 0 else None)
        if at < 0:
            self._held = _find_begun_end(data)
            return _stand_in(data[: len(data) - len(self._held)]), ""
        self._is_pasting = False
        return _stand_in(data[:at]) + PASTE_ENDS, data[at + len(PASTE_ENDS) :]


def _find_begun_end(text: str) -> str:
    """Return how much of the mark of an end a text ends with."""
    sizes = range(len(PASTE_ENDS) - 1, 0, -1)
    return next((PASTE_ENDS[:n] for n in sizes if text.endswith(PASTE_ENDS[:n])), "")


def _stand_in(text: str) -> str:
    return text.replace(PASTE_ENDS, "").replace(_ESCAPE, _STANDS_FOR_ESCAPE)


def clean_pasted_text(text: str, *, is_line: bool) -> str:
    """Return the text without control characters; tabs become spaces.

    is_line: line breaks become a space too, several in a row become one; else they stay, written
    alike.
    """
    lines = "\n".join(_STEERING.sub("", text).expandtabs(1).splitlines())  # some send \r
    kept = "".join(c for c in lines if c == "\n" or unicodedata.category(c) != _CONTROL)
    return sanitise_text(_BREAKS.sub(" ", kept) if is_line else kept, keep_newlines=True)
