"""Read HTML: noScribe's, with a time and a speaker in every anchor, or any page of text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from capture.transcript_import.imported_turn import ImportedTurn, join_cues, tidy_line
from capture.transcript_import.labelled_lines import read_labelled_lines

_ANCHOR = re.compile(r"ts_(\d+)_(\d+)_(.*)")
_MS = 1000
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3"})
_SILENT = frozenset({"head", "style", "script", "title"})
_CLOCK_INSIDE = re.compile(r"\s*\[\d\d:\d\d:\d\d\]\s*")


def read_html_page(text: str) -> list[ImportedTurn]:
    """Return noScribe's turns, or the turns in the text of another page."""
    page = _Page()
    page.feed(text)
    page.close()
    return join_cues(page.cues) if page.cues else read_labelled_lines("".join(page.lines))


class _Page(HTMLParser):
    """Collects anchors that carry times, and all text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cues: list[ImportedTurn] = []
        self.lines: list[str] = []
        self._anchor: re.Match[str] | None = None
        self._words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the beginning of an anchor or a block."""
        self._silent += tag in _SILENT
        if tag == "a":
            self._anchor = _ANCHOR.fullmatch(dict(attrs).get("name") or "")
            self._words = []
        if tag in _BLOCKS:
            self.lines.append("\n\n" if tag == "p" else "\n")

    def handle_endtag(self, tag: str) -> None:
        """Turn a finished anchor into a turn."""
        self._silent -= tag in _SILENT and self._silent > 0
        if tag != "a" or self._anchor is None:
            return
        start, end, speaker = self._anchor.groups()
        words = tidy_line("".join(self._words))
        words = words.removeprefix(f"{speaker}:") if speaker else words
        words = tidy_line(_CLOCK_INSIDE.sub(" ", words))
        if words:
            start_s, end_s = int(start) / _MS, int(end) / _MS
            self.cues.append(ImportedTurn(speaker, words, start_s, max(start_s, end_s)))
        self._anchor = None

    def handle_data(self, data: str) -> None:
        """Add text to the page, and to the anchor it is in."""
        if self._silent:
            return
        self.lines.append(data)
        if self._anchor is not None:
            self._words.append(data)
