"""Reading a document that somebody else made: a file, its text, the parts of a Word document.

Any of them may be hostile, so each limit is checked before the time and the memory are spent. The
limits are several times what a day of talk takes: twelve hours are 110,000 words, 700 kB of text,
and 10 MB of Word's mark-up in 250,000 elements.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree as ET

from study.errors import NotTranscript, TranscriptFlaw
from study.plain_files import NoPlainFileError, read_plain_file

MOST_DOCUMENT_BYTES = 50 << 20  # of a file, pictures in it too
_MOST_CHARACTERS = 16_000_000
_MOST_LINES = 250_000  # of text, or tags: 60,000 subtitles of four lines
_LONGEST_LINE = 1_000_000
_MOST_XML_BYTES = 50 << 20  # of all parts together that are read
_MOST_ELEMENTS = 500_000
_MOST_TAGS = 2 * _MOST_ELEMENTS  # each element has an opening and a closing one
_MOST_PARTS = 2_000  # a document with a picture on each of many pages has hundreds
_DEEPEST = 64  # a paragraph in a table in a table lies about fifteen deep

_LINE_ENDS = "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # where str.splitlines parts lines
_ENDLESS_NUMBER = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{8,});?")
_T = TypeVar("_T")
_ENTRY = b"PK\x01\x02"  # begins an entry of a zip file's list of contents
_BROKEN = (
    zipfile.BadZipFile, KeyError, OSError, zlib.error, RuntimeError, EOFError, ValueError,
    SyntaxError,
)  # fmt: skip


def read_document(path: Path) -> bytes:
    """Return the content of a plain file; a pipe or a device is neither waited for nor read.

    Raises:
        OSError: there is no such file, or it cannot be read.
        NotTranscript: it is no plain file, or larger than any document.
    """
    try:
        content = read_plain_file(path, MOST_DOCUMENT_BYTES)
    except NoPlainFileError as other:
        raise NotTranscript(TranscriptFlaw.NO_PLAIN_FILE) from other
    if len(content) > MOST_DOCUMENT_BYTES:
        raise NotTranscript(TranscriptFlaw.TOO_LARGE)
    return content


def decode_document(content: bytes) -> str:
    """Return the text of a file with plain line feeds.

    Raises:
        NotTranscript: it is not text, or more of it than any transcript has.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    elif b"\x00" in content:
        raise NotTranscript(TranscriptFlaw.NOT_TEXT)
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")  # an old Windows editor's
    if len(text) > _MOST_CHARACTERS:
        raise NotTranscript(TranscriptFlaw.TOO_LONG)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if sum(map(text.count, _LINE_ENDS)) > _MOST_LINES or text.count("<") > _MOST_LINES:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_LINES)
    return text


def split_lines(text: str) -> list[str]:
    """Return the lines of a document's text.

    Raises:
        NotTranscript: a line is longer than anybody speaks.
    """
    lines = text.splitlines()
    if any(len(line) > _LONGEST_LINE for line in lines):
        raise NotTranscript(TranscriptFlaw.LONG_LINE)
    return lines


def unescape_html(text: str) -> str:
    """Return text with HTML's character references resolved; a number without end stays away."""
    return html.unescape(_ENDLESS_NUMBER.sub("\ufffd", text))


class WordDocument:
    """The parts of a Word document, read within the limits for all of them together."""

    def __init__(self, content: bytes) -> None:
        """Look at the list of contents.

        Raises:
            NotTranscript: it is no Word document, or holds more parts than any.
        """
        if content.count(_ENTRY) > _MOST_PARTS:
            raise NotTranscript(TranscriptFlaw.SWOLLEN_WORD)
        self._bytes_left, self._tags_left = _MOST_XML_BYTES, _MOST_TAGS
        self._packed = _try(lambda: zipfile.ZipFile(io.BytesIO(content)))
        self.names = tuple(dict.fromkeys(self._packed.namelist()))

    def read_part(self, name: str) -> ET.Element:
        """Return the root of a part.

        Raises:
            NotTranscript: there is no such part, it is broken, or larger, deeper or of more
                elements than a document's.
        """
        member = _try(lambda: self._packed.getinfo(name))
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise NotTranscript(TranscriptFlaw.NOT_WORD)  # others unpack without a limit
        if member.file_size > self._bytes_left:
            raise NotTranscript(TranscriptFlaw.SWOLLEN_WORD)
        xml = _try(lambda: self._unpack(member))
        self._bytes_left -= len(xml)
        self._tags_left -= xml.count(b"<")
        if self._bytes_left < 0 or self._tags_left < 0:
            raise NotTranscript(TranscriptFlaw.SWOLLEN_WORD)
        if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
            raise NotTranscript(TranscriptFlaw.NOT_WORD)
        root = _try(lambda: _parse(xml))
        _check_depth(root)
        return root

    def _unpack(self, member: zipfile.ZipInfo) -> bytes:
        with self._packed.open(member) as part:
            xml = part.read(self._bytes_left + 1)
        # In UTF-8 the marks above are what they seem; what is declared inside does not count.
        return xml.decode("utf-16").encode() if xml.startswith((b"\xff\xfe", b"\xfe\xff")) else xml


def _parse(xml: bytes) -> ET.Element:
    parser = ET.XMLParser(encoding="utf-8")  # noqa: S314 - no document type, so no entities
    parser.feed(xml)
    return parser.close()


def _check_depth(root: ET.Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise NotTranscript(TranscriptFlaw.SWOLLEN_WORD)
        level = [child for parent in level for child in parent]


def _try(read: Callable[[], _T]) -> _T:
    try:
        return read()
    except _BROKEN as bad:
        raise NotTranscript(TranscriptFlaw.NOT_WORD) from bad
