"""A Word copy that came back: the rows of its table, and everything else that is not as we sent it.

Whoever reads a copy may write anywhere in it: into the talk, beside a box, into a comment. So the
document is compared with the copies that were made of this interview, paragraph by paragraph, and
what differs is listed, for a person to read; nothing of it is guessed at. A row of the table is a
correction only where it holds one whole number and a text.
"""

from __future__ import annotations

import difflib
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

from handoff.lines import lines
from handoff.material import Material
from handoff.participant import ASKED, COLUMNS, TICKS, readers
from handoff.participant_word import participant_word
from study.artefacts import Kind
from study.store import Study
from study.terms import Transcript

_DOCUMENT = "word/document.xml"
_AROUND = re.compile(r"word/(?:header|footer)\d*\.xml$")
_MOST_BYTES = 100 << 20  # of XML in one part, so that a small file cannot swell
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORDS = f"{_W}t"
_BLANKS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}
_KINDS = {
    "a tracked change": "ins del moveFrom moveTo cellIns cellDel cellMerge",
    "a comment": "commentReference",
    "a note": "footnoteReference endnoteReference",
    "a picture or a text box": "drawing pict object",
    "words struck out or marked": "strike dstrike highlight u color",
}
_STRANGE = {f"{_W}{name}": kind for kind, names in _KINDS.items() for name in names.split()}
_PLAIN = frozenset({"0", "false", "off", "none", "auto", "000000"})  # no mark at all
_NUMBERED = re.compile(r"(\d+) \S.*?:")
_PAGES = re.compile(r"Page \d* ?of ?\d*")


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something that nobody could enter without a person. ``words`` are the participant's own.

    where, kind: say where it stands and what it is, in our words alone. They may be logged, and
    ``words`` may not.
    """

    where: str
    kind: str
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table that has something in it."""

    place: int
    cells: tuple[str, ...] = field(repr=False)

    @property
    def where(self) -> str:
        """Its place, from 1, below the row with the titles."""
        return f"row {self.place} of the table"


@dataclass(frozen=True, slots=True)
class _Copy:
    """What a document says: paragraphs beside its tables, rows, what stands around each page."""

    paragraphs: list[str]
    rows: list[Row]
    around: frozenset[str]
    strange: list[Unclear]


def read_word(study: Study, material: Material, raw: bytes) -> tuple[list[Row], list[Unclear]]:
    """Return the rows that somebody filled in, and what else is not as it was sent.

    Raises:
        ValueError, KeyError, zipfile.BadZipFile: it is no Word document, or a hostile one.
    """
    theirs = _read(raw)
    ours = _nearest(study, material, theirs)
    unclear = list(theirs.strange)
    unclear += _differences(ours.paragraphs, theirs.paragraphs)
    unclear += [
        Unclear("the top or the foot of a page", "text that is not of the copy", text)
        for text in sorted(theirs.around - ours.around)
    ]
    return theirs.rows, unclear


def _nearest(study: Study, material: Material, theirs: _Copy) -> _Copy:
    """Return the copy that this one was: of some reader, and of any clean text that there was."""
    best, most = _Copy([], [], frozenset(), []), -1
    found = Counter(theirs.paragraphs)
    for version in range(study.version(material.interview, Kind.CLEAN), 0, -1):
        clean = study.get(material.interview, Kind.CLEAN, Transcript, version)
        if clean is None:
            continue
        then = replace(material, clean=clean, lines=lines(clean))
        for reader in readers(then):
            ours = _read(participant_word(then, reader))
            same = (found & Counter(ours.paragraphs)).total() + (ours.around == theirs.around)
            if same > most:
                best, most = ours, same
        if best.paragraphs == theirs.paragraphs:
            break
    return best


def _differences(ours: list[str], theirs: list[str]) -> Iterator[Unclear]:
    matched = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for _, begin, end, start, stop in (o for o in matched.get_opcodes() if o[0] != "equal"):
        for text in theirs[start:stop]:
            is_tick = any(text.endswith(tick) for tick in TICKS)
            kind = "a ticked box" if is_tick else "text that is not of the copy"
            yield Unclear(_place(text), kind, text)
        for text in ours[begin + stop - start : end]:
            yield Unclear(_place(text), "taken out of the copy", text)


def _place(paragraph: str) -> str:
    numbered = _NUMBERED.match(paragraph)
    return f"line {numbered[1]} of the talk" if numbered else "beside the table"


def _read(raw: bytes) -> _Copy:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        body = _Tree(_xml(packed, _DOCUMENT))
        around = [_Tree(_xml(packed, name)) for name in packed.namelist() if _AROUND.match(name)]
    beside = [_text(p) for p in body.each("p") if body.above(p, "tbl") is None]
    return _Copy(
        [_without_answers(text) for text in beside if text],
        list(_rows(body)),
        frozenset(text for one in around if (text := _PAGES.sub("", _text(one.root)).strip())),
        list(_strange(body)),
    )


def _xml(packed: zipfile.ZipFile, name: str) -> ET.Element:
    with packed.open(name) as part:
        xml = part.read(_MOST_BYTES + 1)
    if len(xml) > _MOST_BYTES or b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml:
        raise ValueError
    return ET.fromstring(xml)  # noqa: S314 - no document type, so no entities


class _Tree:
    """The elements of a part, each with those that it stands in."""

    def __init__(self, root: ET.Element) -> None:
        self.root = root
        self._parents = {child: parent for parent in root.iter() for child in parent}

    def each(self, name: str) -> Iterator[ET.Element]:
        """Yield every element of a name, in the order of the document."""
        return self.root.iter(f"{_W}{name}")

    def above(self, one: ET.Element, name: str) -> ET.Element | None:
        """Return the nearest element of this name that an element stands in."""
        while (parent := self._parents.get(one)) is not None:
            if parent.tag == f"{_W}{name}":
                return parent
            one = parent
        return None


def _without_answers(text: str) -> str:
    """Leave out what the sender wrote behind their own questions, or the line to write it on."""
    return next((asked for asked in ASKED if text.startswith(asked)), text)


def _rows(body: _Tree) -> Iterator[Row]:
    place = 0
    for row in body.each("tr"):
        if body.above(row, "tr") is not None:
            continue  # of a table in a cell, whose words it is part of
        cells = tuple(_text(cell) for cell in row.iter(f"{_W}tc") if body.above(cell, "tr") is row)
        if cells == COLUMNS:
            continue
        place += 1
        if any(cells):
            yield Row(place, cells)


def _strange(body: _Tree) -> Iterator[Unclear]:
    """Yield what a reader's program adds to the words, each kind once for each place."""
    seen: set[tuple[str, str]] = set()
    for one in body.root.iter():
        kind = _STRANGE.get(one.tag)
        if kind is None or one.get(f"{_W}val", "") in _PLAIN:
            continue
        paragraph = body.above(one, "p")
        text = "" if paragraph is None else _text(paragraph)
        where = _place(text) if body.above(one, "tbl") is None else "the table"
        if (where, kind) not in seen:
            seen.add((where, kind))
            yield Unclear(where, kind, text)


def _text(one: ET.Element) -> str:
    """Return the words in it, those that a tracked change adds too, on one line."""
    parts = [
        _BLANKS.get(part.tag) or (part.text or "") * (part.tag == _WORDS) for part in one.iter()
    ]
    return unicodedata.normalize("NFC", " ".join("".join(parts).split()))
