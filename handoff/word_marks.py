"""Take a Word document that somebody marked up apart: its paragraphs, tables, comments and marks.

Each paragraph is told twice: as it was before the changes that Word tracked, and as it is with
them. This file knows nothing of what was sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from study import WordDocument

_DOCUMENT, _COMMENTS = "word/document.xml", "word/comments.xml"
_NOTES = re.compile(r"word/(?:footnotes|endnotes)\.xml$")
_AROUND = re.compile(r"word/(?:header|footer)\d*\.xml$")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLANKS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}
_ADDED, _GONE = (frozenset(f"{_W}{name}" for name in names) for names in (
    ("ins", "moveTo"), ("del", "moveFrom"),
))  # fmt: skip
_CELLS = {f"{_W}{name}" for name in ("cellIns", "cellDel", "cellMerge")}
_PICTURES = {f"{_W}{name}" for name in ("drawing", "pict", "object")}
_MARKS = {"strike": "struck out", "dstrike": "struck out", "highlight": "marked",
          "u": "underlined", "color": "coloured", "shd": "marked"}  # fmt: skip
_PLAIN = frozenset(
    {"0", "false", "off", "none", "auto", "000000", "clear", "nil"}
)  # no mark at all
_PAGES = re.compile(r"Page \d* ?of ?\d*")
STRUCK = "struck out"


@dataclass(slots=True)
class MarkedText:
    """A paragraph or a cell. before, after: without and with the changes that were tracked.

    marked: by the kind of mark, the words that have it. kept: what is left without the words that
    are struck out. is_tracked: whether anything was changed with tracking on. comments: by id.
    """

    before: str = ""
    after: str = ""
    kept: str = ""
    is_tracked: bool = False
    is_deleted: bool = False  # its mark as well: the whole paragraph
    has_picture: bool = False
    marked: dict[str, str] = field(default_factory=dict[str, str])
    comments: list[str] = field(default_factory=list[str])
    commented: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_struck(self) -> bool:
        """Whether every word of it is struck out."""
        return bool(self.after) and not self.kept


@dataclass(frozen=True, slots=True)
class MarkedDocument:
    """A document. rows: of all tables, in order. around: texts of headers and footers.

    comments, notes: their texts, comments by id.
    """

    paragraphs: tuple[MarkedText, ...]
    rows: tuple[tuple[MarkedText, ...], ...]
    around: frozenset[str]
    comments: dict[str, str]
    notes: tuple[str, ...]


def read_marked_document(raw: bytes) -> MarkedDocument:
    """Return the parts of a Word document.

    Raises:
        NotTranscript: this is no Word document, or a hostile one.
    """
    packed = WordDocument(raw)
    body = packed.read_part(_DOCUMENT)
    reader = _Reader(body)
    comments: dict[str, str] = {}
    if _COMMENTS in packed.names:
        for one in packed.read_part(_COMMENTS).iter(f"{_W}comment"):
            comments[one.get(f"{_W}id", "")] = _plain(one)
    around = [_plain(packed.read_part(name)) for name in packed.names if _AROUND.match(name)]
    notes = [
        _plain(note)
        for name in packed.names
        if _NOTES.match(name)
        for tag in ("footnote", "endnote")
        for note in packed.read_part(name).iter(f"{_W}{tag}")
    ]
    return MarkedDocument(
        tuple(reader.paragraphs),
        tuple(tuple(row) for row in reader.rows),
        frozenset(text for one in around if (text := _PAGES.sub("", one).strip())),
        comments,
        tuple(note for note in notes if note),
    )


class _Reader:
    """Walks a body once, in the order of reading."""

    def __init__(self, body: ET.Element) -> None:
        self.paragraphs: list[MarkedText] = []
        self.rows: list[list[MarkedText]] = []
        self._ranges: set[str] = set()  # comments whose range is open
        self._nodes: dict[int, list[tuple[str, bool, bool, dict[str, bool]]]] = defaultdict(list)
        self._walk(body, None, added=False, gone=False)
        for one in [*self.paragraphs, *(cell for row in self.rows for cell in row)]:
            self._finish(one)
        self.paragraphs = [
            one
            for one in self.paragraphs
            if one.before or one.after or one.has_picture or one.comments
        ]

    def _walk(
        self, parent: ET.Element, here: MarkedText | None, *, added: bool, gone: bool
    ) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{_W}tr" and here is None:
                self.rows.append([])
                self._walk(child, None, added=added, gone=gone)
            elif tag == f"{_W}tc" and here is None and self.rows:
                cell = MarkedText()
                self.rows[-1].append(cell)
                self._walk(child, cell, added=added, gone=gone)
            elif tag == f"{_W}p":
                self._paragraph(child, here, added=added, gone=gone)
            elif tag in {f"{_W}commentRangeStart", f"{_W}commentRangeEnd"}:
                number = child.get(f"{_W}id", "")
                change = self._ranges.add if tag.endswith("Start") else self._ranges.discard
                change(number)
            elif tag == f"{_W}r":
                self._run(child, here, added=added, gone=gone)
            elif tag in _CELLS and here is not None:
                here.is_tracked = True
            else:
                self._walk(child, here, added=added or tag in _ADDED, gone=gone or tag in _GONE)

    def _paragraph(
        self, child: ET.Element, here: MarkedText | None, *, added: bool, gone: bool
    ) -> None:
        one = here
        if one is None:
            one = MarkedText()
            self.paragraphs.append(one)
        elif self._nodes[id(one)]:
            self._nodes[id(one)].append((" ", False, False, {}))  # the next line of a cell
        mark = child.find(f"{_W}pPr/{_W}rPr/{_W}del")
        if mark is not None:
            one.is_deleted = one.is_tracked = True
        self._walk(child, one, added=added, gone=gone)

    def _run(self, run: ET.Element, here: MarkedText | None, *, added: bool, gone: bool) -> None:
        if here is None:
            return
        looks = dict.fromkeys(_looks(run), True)
        for part in run.iter():
            tag = part.tag
            if tag in _PICTURES:
                here.has_picture = True
            if tag == f"{_W}commentReference":
                here.comments.append(part.get(f"{_W}id", ""))
            is_text = tag in {f"{_W}t", f"{_W}delText"}
            text = _BLANKS.get(tag) or ((part.text or "") if is_text else "")
            if text:
                is_gone = gone or tag == f"{_W}delText"
                here.is_tracked |= added or is_gone
                self._nodes[id(here)].append((text, added, is_gone, looks))
                for number in self._ranges:
                    here.commented[number] = here.commented.get(number, "") + text

    def _finish(self, one: MarkedText) -> None:
        nodes = self._nodes[id(one)]
        one.before = _tidy("".join(text for text, added, _, _ in nodes if not added))
        one.after = _tidy("".join(text for text, _, gone, _ in nodes if not gone))
        one.kept = _tidy(
            "".join(text for text, _, gone, looks in nodes if not gone and STRUCK not in looks)
        )
        for kind in dict.fromkeys(_MARKS.values()):
            words = _tidy("".join(t for t, _, gone, looks in nodes if kind in looks and not gone))
            if words:
                one.marked[kind] = words
        one.commented = {number: _tidy(text) for number, text in one.commented.items()}


def _looks(run: ET.Element) -> Iterator[str]:
    """Yield the marks of a run that somebody may have meant something by."""
    properties = run.find(f"{_W}rPr")
    for child in () if properties is None else properties:
        name = child.tag.removeprefix(_W)
        value = child.get(f"{_W}val", "")
        if name == "shd":
            value = child.get(f"{_W}fill", "auto").casefold().replace("ffffff", "auto")
        if name in _MARKS and value not in _PLAIN:
            yield _MARKS[name]


def _plain(one: ET.Element) -> str:
    parts = (
        _BLANKS.get(part.tag) or (part.text or "") * (part.tag == f"{_W}t") for part in one.iter()
    )
    return _tidy("".join(parts))


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
