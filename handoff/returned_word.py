"""Read a returned Word copy: the rows of its table, and every difference from the copy we sent.

A reader may write anywhere in a copy: into the talk, beside a box, into a comment. So the document
is compared with the copies of this interview, paragraph by paragraph, and the differences are
listed for a person to read; this file never guesses their meaning. A row of the table is a
correction only where it holds one whole number and a text.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

from handoff.export_input import ExportInput
from handoff.participant_copy import CORRECTION_COLUMNS, COVER_BLANKS, TICK_BOXES, list_readers
from handoff.participant_word import render_participant_word
from handoff.transcript_lines import list_transcript_lines
from study import ArtefactKind, Transcript, WordDocument
from study.errors import NotTranscript, TranscriptFlaw
from study.store import Interview

_DOCUMENT = "word/document.xml"
_AROUND = re.compile(r"word/(?:header|footer)\d*\.xml$")
# A day's talk has 15,000 turns. Up to these limits two texts are compared within seconds.
_MOST_PARAGRAPHS, _MOST_MATCHES = 20_000, 1_000_000
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
_ADDED = {f"{_W}{name}": kind for kind, names in _KINDS.items() for name in names.split()}
_CONTAINERS = frozenset(f"{_W}{name}" for name in ("tbl", "tr", "p"))
_PLAIN = frozenset({"0", "false", "off", "none", "auto", "000000"})  # no mark at all
_NUMBERED = re.compile(r"(\d+) \S.*?:")
_PAGES = re.compile(r"Page \d* ?of ?\d*")


@dataclass(frozen=True, slots=True)
class UnclearPart:
    """A part of a returned copy that a person has to read. ``words`` are the participant's own.

    where, kind: its place and what it is, in our own words. They may be logged; ``words`` may not.
    """

    where: str
    kind: str
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A row of the table that is not empty. ``place`` counts from 1 below the titles."""

    place: int
    cells: tuple[str, ...] = field(repr=False)

    @property
    def where(self) -> str:
        """The place of the row in words."""
        return f"row {self.place} of the table"


@dataclass(frozen=True, slots=True)
class _Copy:
    """The parts of a copy: paragraphs outside tables, rows, headers and footers, unclear parts."""

    paragraphs: list[str]
    rows: list[CorrectionRow]
    around: frozenset[str]
    added: list[UnclearPart]


def read_returned_word(
    interview: Interview, material: ExportInput, raw: bytes
) -> tuple[list[CorrectionRow], list[UnclearPart]]:
    """Return the rows that somebody filled in, and every other difference from our copy.

    Raises:
        NotTranscript: this is no Word document, or a hostile one.
    """
    theirs = _read(raw)
    if len(theirs.paragraphs) > _MOST_PARAGRAPHS:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_LINES)
    ours = _find_nearest_copy(interview, material, theirs)
    unclear = list(theirs.added)
    unclear += _differences(ours.paragraphs, theirs.paragraphs)
    unclear += [
        UnclearPart("the top or the foot of a page", "text that is not of the copy", text)
        for text in sorted(theirs.around - ours.around)
    ]
    return theirs.rows, unclear


def _find_nearest_copy(interview: Interview, material: ExportInput, theirs: _Copy) -> _Copy:
    """Return our copy that is most like theirs, for any reader and any clean transcript."""
    best, most = _Copy([], [], frozenset(), []), -1
    paragraphs = Counter(theirs.paragraphs)
    for version in range(interview.find_newest_version(ArtefactKind.CLEAN), 0, -1):
        clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript, version)
        if clean is None:
            continue
        then = replace(material, clean=clean, lines=list_transcript_lines(clean))
        for reader in list_readers(then):
            ours = _read(render_participant_word(then, reader))
            same = (paragraphs & Counter(ours.paragraphs)).total() + (ours.around == theirs.around)
            if same > most:
                best, most = ours, same
        if best.paragraphs == theirs.paragraphs:
            break
    return best


def _differences(ours: list[str], theirs: list[str]) -> Iterator[UnclearPart]:
    counted = Counter(ours)
    if sum(counted[text] for text in theirs) > _MOST_MATCHES:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_LINES)  # one paragraph, over and over
    matched = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for _, begin, end, start, stop in (o for o in matched.get_opcodes() if o[0] != "equal"):
        for text in theirs[start:stop]:
            is_tick = any(text.endswith(tick) for tick in TICK_BOXES)
            kind = "a ticked box" if is_tick else "text that is not of the copy"
            yield UnclearPart(_place(text), kind, text)
        for text in ours[begin + stop - start : end]:
            yield UnclearPart(_place(text), "taken out of the copy", text)


def _place(paragraph: str) -> str:
    numbered = _NUMBERED.match(paragraph)
    return f"line {numbered[1]} of the talk" if numbered else "beside the table"


def _read(raw: bytes) -> _Copy:
    packed = WordDocument(raw)
    body = _Tree(packed.read_part(_DOCUMENT))
    around = [_Tree(packed.read_part(name)) for name in packed.names if _AROUND.match(name)]
    beside = [_text(p) for p in body.each("p") if body.above(p, "tbl") is None]
    return _Copy(
        [_without_answers(text) for text in beside if text],
        list(_rows(body)),
        frozenset(text for one in around if (text := _PAGES.sub("", _text(one.root)).strip())),
        list(_list_added(body)),
    )


class _Tree:
    """The elements of a part, with the nearest table, row and paragraph that each lies in."""

    def __init__(self, root: ET.Element) -> None:
        self.root = root
        self._above: dict[ET.Element, dict[str, ET.Element]] = {root: {}}
        for parent in root.iter():
            here = self._above[parent]
            if parent.tag in _CONTAINERS:
                here = {**here, parent.tag: parent}
            for child in parent:
                self._above[child] = here

    def each(self, name: str) -> Iterator[ET.Element]:
        """Yield every element of a name, in the order of the document."""
        return self.root.iter(f"{_W}{name}")

    def above(self, one: ET.Element, name: str) -> ET.Element | None:
        """Return the nearest ancestor of this name, None where there is none."""
        return self._above[one].get(f"{_W}{name}")


def _without_answers(text: str) -> str:
    """Return the text without the sender's answer to a blank of the cover."""
    return next((asked for asked in COVER_BLANKS if text.startswith(asked)), text)


def _rows(body: _Tree) -> Iterator[CorrectionRow]:
    place = 0
    cells_of: dict[ET.Element | None, list[ET.Element]] = defaultdict(list)
    for cell in body.each("tc"):
        cells_of[body.above(cell, "tr")].append(cell)
    for row in body.each("tr"):
        if body.above(row, "tr") is not None:
            continue  # of a table inside a cell: its words belong to that cell
        cells = tuple(_text(cell) for cell in cells_of.get(row, ()))
        if cells == CORRECTION_COLUMNS:
            continue
        place += 1
        if any(cells):
            yield CorrectionRow(place, cells)


def _list_added(body: _Tree) -> Iterator[UnclearPart]:
    """Yield the marks that a reader's program added, each kind once for each place."""
    seen: set[tuple[str, str]] = set()
    for one in body.root.iter():
        kind = _ADDED.get(one.tag)
        if kind is None or one.get(f"{_W}val", "") in _PLAIN:
            continue
        paragraph = body.above(one, "p")
        text = "" if paragraph is None else _text(paragraph)
        where = _place(text) if body.above(one, "tbl") is None else "the table"
        if (where, kind) not in seen:
            seen.add((where, kind))
            yield UnclearPart(where, kind, text)


def _text(one: ET.Element) -> str:
    """Return the words of an element on one line, with those that a tracked change adds."""
    parts = [
        _BLANKS.get(part.tag) or (part.text or "") * (part.tag == _WORDS) for part in one.iter()
    ]
    return unicodedata.normalize("NFC", " ".join("".join(parts).split()))
