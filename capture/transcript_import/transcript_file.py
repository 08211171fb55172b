"""Recognise the format of a transcript file by its content, and read it.

A file of another kind is refused as what it is, so that a person knows what to do with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from capture.transcript_import.html_pages import read_html_page
from capture.transcript_import.imported_turn import (
    MOST_TRANSCRIPT_TURNS,
    ImportedTurn,
    LeftPart,
    ReadTurns,
)
from capture.transcript_import.json_files import read_json
from capture.transcript_import.labelled_lines import read_labelled_lines
from capture.transcript_import.rich_text import read_rich_text
from capture.transcript_import.subtitle_cues import CUE_ARROW, read_cues
from capture.transcript_import.table_rows import is_table, read_table
from capture.transcript_import.turn_times import TimeRemark, order_turns
from capture.transcript_import.word_document import read_word_document
from study import decode_document, split_lines
from study.errors import NotTranscript, TranscriptFlaw

MOST_TRANSCRIPT_SPEAKERS = 1_000
_ZIP, _OLD_WORD, _PDF, _RTF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf"
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*\"|\{\s*\}|\[\s*[\[{\]])")
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<\?xml[^>]*>\s*<html|<p[\s>]|<body)", re.IGNORECASE)
_HEAD = 4096  # characters in which a file says what it is
_OTHERS: tuple[tuple[re.Pattern[str], TranscriptFlaw], ...] = tuple(
    (re.compile(form, re.IGNORECASE), flaw)
    for form, flaw in (
        (r"\s*(?:<\?xml[^>]*>\s*)?<ANNOTATION_DOCUMENT", TranscriptFlaw.ELAN),
        (r"File type = \"ooTextFile", TranscriptFlaw.TEXT_GRID),
        (r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,999}?-->\s*)?<basic-transcription",
         TranscriptFlaw.EXMARALDA),
        (r"\[Script Info\]|\s*(?:<\?xml[^>]*>\s*)?<(?:\w+:)?tt[\s>]",
         TranscriptFlaw.OTHER_SUBTITLES),
        (r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,999}?-->\s*)?<(?:\w+:)?Project[\s>]",
         TranscriptFlaw.PROJECT),
        (r"\s*<\?xml(?![^>]*>\s*(?:<!doctype )?html)", TranscriptFlaw.OTHER_XML),
    )
)  # fmt: skip
_SQLITE = b"SQLite format 3\x00"  # MAXQDA's projects
_IN_ZIP = (
    (b"xl/", TranscriptFlaw.WORKBOOK),
    (b"project.qde", TranscriptFlaw.PROJECT),
    (b"opendocument.text", TranscriptFlaw.OPEN_DOCUMENT),
)
_PLAIN = "txt"


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """The turns of a file, its format, and whatever of it is not in the turns as it stood there.

    is_cut: whether its end is missing.
    """

    kind: str
    said: list[ImportedTurn] = field(repr=False)
    left: tuple[LeftPart, ...] = ()
    remarks: tuple[TimeRemark, ...] = ()
    is_cut: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is text in which no speaker and no time was found."""
        return self.kind == _PLAIN and not any(
            turn.speaker or turn.start_s is not None for turn in self.said
        )


def read_transcript_file(content: bytes) -> TranscriptFile:
    """Return the turns of a transcript file, and its format.

    Raises:
        NotTranscript: it is not a transcript, empty, or unreasonably large.
    """
    kind, read = _read(content)
    if not read.said:
        raise NotTranscript(TranscriptFlaw.NO_WORDS)
    said, remarks = order_turns(read)
    if len(said) > MOST_TRANSCRIPT_TURNS:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_TURNS, most_turns=MOST_TRANSCRIPT_TURNS)
    if len({turn.speaker for turn in said}) > MOST_TRANSCRIPT_SPEAKERS:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_SPEAKERS)
    return TranscriptFile(kind, said, tuple(read.left), remarks, read.is_cut)


def _read(content: bytes) -> tuple[str, ReadTurns]:
    if content.startswith(_OLD_WORD):
        raise NotTranscript(TranscriptFlaw.OLD_WORD)
    if content.startswith(_PDF):
        raise NotTranscript(TranscriptFlaw.PDF)
    if content.startswith(_SQLITE):
        raise NotTranscript(TranscriptFlaw.PROJECT)
    if content.startswith(_ZIP):
        return "docx", _read_zip(content)
    if content.startswith(_RTF):
        text, left, is_cut = read_rich_text(content)
        read = read_labelled_lines(decode_document(text.encode()))
        return "rtf", ReadTurns(read.said, [*left, *read.left], is_cut=is_cut)
    if _JSON.match(content):
        return read_json(content)
    return _read_text(decode_document(content))


def _read_zip(content: bytes) -> ReadTurns:
    try:
        return read_word_document(content)
    except NotTranscript as refused:
        if refused.flaw is not TranscriptFlaw.NOT_WORD or b"word/document.xml" in content:
            raise
        other = next((flaw for name, flaw in _IN_ZIP if name in content), TranscriptFlaw.ARCHIVE)
        raise NotTranscript(other) from None


def _read_text(text: str) -> tuple[str, ReadTurns]:
    for form, flaw in _OTHERS:
        if form.match(text[:_HEAD]):
            raise NotTranscript(flaw)
    kinds: tuple[tuple[str, Callable[[str], bool], Callable[[str], ReadTurns]], ...] = (
        ("vtt", lambda text: text.startswith("WEBVTT"), read_cues),
        ("html", lambda text: _HTML.match(text) is not None, read_html_page),
        ("srt", lambda text: any(map(CUE_ARROW.match, split_lines(text))), read_cues),
        ("tsv", is_table, read_table),
        (_PLAIN, lambda _: True, read_labelled_lines),
    )
    return next((kind, read(text)) for kind, fits, read in kinds if fits(text))
