"""Read HTML: noScribe's, with a time and a speaker in every anchor, oTranscribe's, or any page.

oTranscribe writes a time as ``<span class="timestamp" data-timestamp="1.2">00:01</span>``.

A parser of our own, because the standard library's takes the square of the time for a file of
tags that are begun and not ended. Here every character is passed once.
"""

from __future__ import annotations

import re

from capture.transcript_import.imported_turn import (
    ImportedTurn,
    LeftOut,
    LeftPart,
    ReadTurns,
    tidy_line,
)
from capture.transcript_import.labelled_lines import read_labelled_lines
from study import unescape_html

_ANCHOR = re.compile(r"ts_(\d{1,9})_(\d{1,9})_(.*)")
_MS = 1000
_MOST_MS = 999 * 3_600_000
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3"})
_CLOSED = frozenset({"html", "body"})  # what programs close where they write it
_SILENT = frozenset({"head", "style", "script", "title"})
_CLOCK_INSIDE = re.compile(r"\s*\[\d\d:\d\d:\d\d\]\s*")
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_RAW_END = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
_STAMP = re.compile(r"""\sdata-timestamp\s{0,9}=\s{0,9}["']?(\d{1,7}(?:\.\d{1,12})?)(?![\d.])""")
_NAME = re.compile(r"""\sname\s{0,9}=\s{0,9}(?:"([^"]*)|'([^']*)|([^\s"'>]+))""", re.IGNORECASE)


def read_html_page(text: str) -> ReadTurns:
    """Return noScribe's turns, or the turns in the text of another page."""
    page = _Page()
    page.read(text)
    if page.cues:
        page.end_loose()
        return ReadTurns(page.cues, page.left, by_time=True, is_cut=page.is_cut)
    read = read_labelled_lines("".join(page.lines))
    left = [*page.left, *(LeftPart(p.what, p.words) for p in read.left)]
    return ReadTurns(read.said, left, is_cut=page.is_cut)


class _Page:
    """Collects anchors that carry times, and all text.

    Text between two anchors, which somebody typed in, follows the one above it.
    """

    def __init__(self) -> None:
        self.cues: list[ImportedTurn] = []
        self.lines: list[str] = []
        self.left: list[LeftPart] = []
        self._anchor: re.Match[str] | None = None
        self._words: list[str] = []
        self._loose: list[str] = []
        self._silent = 0
        self._in_stamp = False
        self._begun: set[str] = set()
        self.is_cut = False

    def read(self, text: str) -> None:
        """Read a page; a tag that never ends, or a page, is the sign of a missing end."""
        at = 0
        while (start := text.find("<", at)) >= 0:
            self._add_text(text[at:start])
            at = self._read_mark(text, start)
        self._add_text(text[at:])
        self._end_anchor()
        self.is_cut |= bool(self._begun)

    def _read_mark(self, text: str, start: int) -> int:
        """Read the tag or the comment at ``start`` and return where what follows it begins."""
        if text.startswith("<!--", start):
            end = _after(text, "-->", start + 4)
            self.is_cut |= not text.endswith("-->", 0, end)
            self._leave(LeftOut.NOTE, text[start + 4 : end].removesuffix("-->"))
            return end
        if text.startswith(("<!", "<?"), start):
            return _after(text, ">", start)
        tag = _TAG.match(text, start + 1)
        if tag is None:
            self._add_text("<")
            return start + 1
        return self._read_tag(text, start, tag)

    def _read_tag(self, text: str, start: int, tag: re.Match[str]) -> int:
        end = text.find(">", tag.end())
        if end < 0:
            self._leave(LeftOut.STYLE, text[start:])
            self.is_cut = True
            return len(text)
        name = tag[2].lower()
        if tag[1]:
            self._end(name)
            return end + 1
        self._begin(name, text[tag.end() : end])
        if name not in _RAW_END:
            return end + 1
        over = _RAW_END[name].search(text, end)
        until = over.start() if over else len(text)
        self._leave(LeftOut.STYLE, text[end + 1 : until])
        return until

    def _begin(self, tag: str, attributes: str) -> None:
        """Note the beginning of an anchor or a block."""
        self._silent += tag in _SILENT
        self._begun |= {tag} & _CLOSED
        if tag == "a":
            name = _NAME.search(attributes)
            value = next((part for part in name.groups() if part), "") if name else ""
            self._anchor = _ANCHOR.fullmatch(unescape_html(value))
            self._words = []
            if self._anchor is not None:
                self.end_loose()
        if tag == "span" and (stamp := _STAMP.search(attributes)) is not None:
            self._in_stamp = True
            self.lines.append(f"\n[{_clock(float(stamp[1]))}] ")
        if tag in _BLOCKS:
            self.lines.append("\n\n" if tag == "p" else "\n")
            self._loose.append("\n")

    def _end(self, tag: str) -> None:
        """Note the end of an element."""
        self._silent -= tag in _SILENT and self._silent > 0
        self._in_stamp = self._in_stamp and tag != "span"
        if tag in _CLOSED:
            self._begun.clear()  # nothing that is said stands behind either
        if tag == "a":
            self._end_anchor()

    def _end_anchor(self) -> None:
        """Turn an anchor with times into a turn, also where the file ends inside it."""
        if self._anchor is None:
            return
        start, end, speaker = self._anchor.groups()
        words = tidy_line("".join(self._words))
        words = words.removeprefix(f"{speaker}:") if speaker else words
        words = tidy_line(_CLOCK_INSIDE.sub(" ", words))
        if words:
            start_s, end_s = int(start) / _MS, int(end) / _MS
            self.cues.append(ImportedTurn(speaker, words, start_s, max(start_s, end_s)))
        self._anchor = None

    def _add_text(self, data: str) -> None:
        """Add text to the page, and to the anchor it is in."""
        if not data or self._in_stamp:
            return
        words = unescape_html(data)
        if self._silent:
            self._leave(LeftOut.STYLE, words)
            return
        self.lines.append(words)
        (self._loose if self._anchor is None else self._words).append(words)

    def _leave(self, what: LeftOut, words: str) -> None:
        if bare := tidy_line(words):
            self.left.append(LeftPart(what, bare))

    def end_loose(self) -> None:
        """Give text outside anchors to the turn above; above the first, a program wrote it."""
        words, self._loose = tidy_line("".join(self._loose)), []
        if not words:
            return
        if not self.cues:
            self.left.append(LeftPart(LeftOut.HEAD, words))
            return
        last = self.cues[-1]
        self.cues.append(ImportedTurn(last.speaker, words, last.end_s, last.end_s))


def _clock(seconds: float) -> str:
    """Return a time as the readers of lines take it."""
    ms = min(round(seconds * _MS), _MOST_MS)
    return f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // _MS % 60:02}.{ms % _MS:03}"


def _after(text: str, end: str, start: int) -> int:
    """Return the place behind the next ``end``; the whole rest belongs to a mark without one."""
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)
