"""Read Word documents: their paragraphs and tables, nothing else.

Only ``word/document.xml`` is read, and no more of it than a long interview takes, because a small
file may unpack to a huge one. Text deleted under tracked changes stays deleted; comments, headers
and properties are not read.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from capture.transcript_import.imported_turn import ImportedTurn
from capture.transcript_import.labelled_lines import read_labelled_lines

_DOCUMENT = "word/document.xml"
_MOST_BYTES = 100 << 20  # of XML: 200,000 words take 20 MB with Word's mark-up
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPEAKER_AND_WORDS, _TIME_SPEAKER_WORDS = 2, 3


def read_word_document(content: bytes) -> list[ImportedTurn]:
    """Return the turns in the paragraphs and the rows of tables.

    Raises:
        ValueError: it is not a Word document, or a hostile one.
    """
    return read_labelled_lines("\n".join(_lines(_body(content))))


def _body(content: bytes) -> ET.Element:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open(_DOCUMENT) as part:
            xml = part.read(_MOST_BYTES + 1)
    except (zipfile.BadZipFile, KeyError, OSError, zlib.error, RuntimeError, EOFError) as bad:
        raise ValueError from bad
    if len(xml) > _MOST_BYTES or b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml:
        raise ValueError
    try:
        return ET.fromstring(xml)  # noqa: S314 - no document type, so no entities
    except ET.ParseError as bad:
        raise ValueError from bad


def _lines(body: ET.Element) -> Iterator[str]:
    """Yield paragraphs with a blank line between, and a line for each row of a table."""
    for block in body.iter():
        if block.tag == f"{_W}body":
            yield from _blocks(block)


def _blocks(parent: ET.Element) -> Iterator[str]:
    for block in parent:
        if block.tag == f"{_W}p":
            yield from (_text(block), "")
        elif block.tag == f"{_W}tbl":
            for row in block.iter(f"{_W}tr"):
                cells = [" ".join(_text(p) for p in c.iter(f"{_W}p")) for c in row.iter(f"{_W}tc")]
                yield from (_row([" ".join(cell.split()) for cell in cells]), "")
        elif block.tag == f"{_W}sdt":
            for content in block.iter(f"{_W}sdtContent"):
                yield from _blocks(content)


def _row(cells: list[str]) -> str:
    """Read a row as a turn: speaker and words, with a time before or between."""
    if len(cells) == _SPEAKER_AND_WORDS and cells[0]:
        return f"{cells[0].rstrip(':')}: {cells[1]}"
    if len(cells) >= _TIME_SPEAKER_WORDS and cells[1]:
        time, speaker, words = cells[0], cells[1].rstrip(":"), " ".join(cells[2:])
        return f"[{time.strip('[]')}] {speaker}: {words}" if time else f"{speaker}: {words}"
    return " ".join(cells)


def _text(paragraph: ET.Element) -> str:
    parts: list[str] = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}tab":
            parts.append(" ")
        elif node.tag in {f"{_W}br", f"{_W}cr"}:
            parts.append("\n")
    return "".join(parts)
