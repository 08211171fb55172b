"""Read Word documents: their paragraphs and tables, nothing else.

The turns are those of ``word/document.xml``. Text deleted under tracked changes stays deleted; it,
footnotes, comments and the heads of pages are told as left out. A table in a cell belongs to the
words of that cell.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from capture.transcript_import.imported_turn import LeftOut, LeftPart, ReadTurns, tidy_line
from capture.transcript_import.labelled_lines import read_labelled_lines
from study import WordDocument

_END, _END_RECORD = b"PK\x05\x06", struct.Struct("<12xIIH")  # of a zip file's list of contents
_PADDING = b"\0\t\r\n "
_DOCUMENT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc"))
_WORDS = f"{_W}t"
_BLANKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n"}
_DELETED = f"{_W}delText"
_ASIDES = (
    (re.compile(r"word/(?:foot|end)notes\.xml"), LeftOut.FOOTNOTE),
    (re.compile(r"word/comments\.xml"), LeftOut.COMMENT),
    (re.compile(r"word/(?:header|footer)\d{0,3}\.xml"), LeftOut.PAGE_HEAD),
)
_SPEAKER_AND_WORDS, _TIME_SPEAKER_WORDS = 2, 3


def read_word_document(content: bytes) -> ReadTurns:
    """Return the turns in the paragraphs and the rows of tables.

    Raises:
        NotTranscript: it is not a Word document, or a hostile one.
    """
    end = _find_end(content)
    document = WordDocument(content[:end])
    root = document.read_part(_DOCUMENT)
    read = read_labelled_lines("\n".join(_lines(root)))
    left = [LeftPart(part.what, part.words) for part in read.left]
    if content[end:].strip(_PADDING):
        left.append(LeftPart(LeftOut.TAIL, ""))
    left += _collect(LeftOut.DELETED, root, _DELETED)
    for name in document.names:
        for form, what in _ASIDES:
            if form.fullmatch(name):
                left += _collect(what, document.read_part(name), _WORDS)
    return ReadTurns(read.said, left)


def _find_end(content: bytes) -> int:
    """Return where the document ends by its own account, which a file joined to it lies behind."""
    at = content.find(_END)
    while at >= 0:
        record = content[at : at + _END_RECORD.size].ljust(_END_RECORD.size, b"\0")
        size, start, comment = _END_RECORD.unpack(record)
        if at == start + size:
            return at + _END_RECORD.size + int(comment)
        at = content.find(_END, at + 1)
    return len(content)


def _collect(what: LeftOut, root: ET.Element, tag: str) -> Iterator[LeftPart]:
    """Yield one part with all words of a kind, if there are any."""
    if words := tidy_line(" ".join(node.text or "" for node in root.iter(tag))):
        yield LeftPart(what, words)


def _lines(root: ET.Element) -> Iterator[str]:
    """Yield paragraphs with a blank line between, and a line for each row of a table."""
    for block in _outermost(root, {_PARAGRAPH, _TABLE}):
        if block.tag == _PARAGRAPH:
            yield from (_text(block), "")
            continue
        for row in _outermost(block, {_ROW}):
            cells = [" ".join(_cell(cell).split()) for cell in _outermost(row, {_CELL})]
            yield from (_read_row(cells), "")


def _outermost(parent: ET.Element, tags: set[str]) -> Iterator[ET.Element]:
    """Yield, in the order of the document, what bears one of the tags and lies in none that does.

    Content controls and tracked insertions around them are passed through. So every element is
    met once, however deeply a document puts them into each other.
    """
    open_ones = [iter(parent)]
    while open_ones:
        child = next(open_ones[-1], None)
        if child is None:
            open_ones.pop()
        elif child.tag in tags:
            yield child
        else:
            open_ones.append(iter(child))


def _cell(cell: ET.Element) -> str:
    return "".join(" " if node.tag == _PARAGRAPH else _written(node) for node in cell.iter())


def _read_row(cells: list[str]) -> str:
    """Read a row as a turn: speaker and words, with a time before or between."""
    if len(cells) == _SPEAKER_AND_WORDS and cells[0]:
        return f"{cells[0].rstrip(':')}: {cells[1]}"
    if len(cells) >= _TIME_SPEAKER_WORDS and cells[1]:
        time, speaker, words = cells[0], cells[1].rstrip(":"), " ".join(cells[2:])
        return f"[{time.strip('[]')}] {speaker}: {words}" if time else f"{speaker}: {words}"
    return " ".join(cells)


def _text(paragraph: ET.Element) -> str:
    return "".join(map(_written, paragraph.iter()))


def _written(node: ET.Element) -> str:
    return (node.text or "") if node.tag == _WORDS else _BLANKS.get(node.tag, "")
