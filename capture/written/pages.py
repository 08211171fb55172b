"""HTML: noScribe's own, with a time and a speaker in every anchor, or any page of paragraphs."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from capture.written.prose import read as read_prose
from capture.written.said import Said, joined, tidy

_ANCHOR = re.compile(r"ts_(\d+)_(\d+)_(.*)")
_MS = 1000
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3"})
_SILENT = frozenset({"head", "style", "script", "title"})
_CLOCK_INSIDE = re.compile(r"\s*\[\d\d:\d\d:\d\d\]\s*")


def read(text: str) -> list[Said]:
    """Return noScribe's turns, or those of the page's text."""
    page = _Page()
    page.feed(text)
    page.close()
    return joined(page.cues) if page.cues else read_prose("".join(page.lines))


class _Page(HTMLParser):
    """Gathers anchors that carry times, and all text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cues: list[Said] = []
        self.lines: list[str] = []
        self._anchor: re.Match[str] | None = None
        self._words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where an anchor or a block begins."""
        self._silent += tag in _SILENT
        if tag == "a":
            self._anchor = _ANCHOR.fullmatch(dict(attrs).get("name") or "")
            self._words = []
        if tag in _BLOCKS:
            self.lines.append("\n\n" if tag == "p" else "\n")

    def handle_endtag(self, tag: str) -> None:
        """Make a turn of an anchor that ends."""
        self._silent -= tag in _SILENT and self._silent > 0
        if tag != "a" or self._anchor is None:
            return
        start, end, speaker = self._anchor.groups()
        words = tidy("".join(self._words))
        words = words.removeprefix(f"{speaker}:") if speaker else words
        words = tidy(_CLOCK_INSIDE.sub(" ", words))
        if words:
            start_s, end_s = int(start) / _MS, int(end) / _MS
            self.cues.append(Said(speaker, words, start_s, max(start_s, end_s)))
        self._anchor = None

    def handle_data(self, data: str) -> None:
        """Take in text."""
        if self._silent:
            return
        self.lines.append(data)
        if self._anchor is not None:
            self._words.append(data)
