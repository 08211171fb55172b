"""Recognise the format of a transcript file by its content, and read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from capture.transcript_import.html_pages import read_html_page
from capture.transcript_import.imported_turn import ImportedTurn
from capture.transcript_import.labelled_lines import read_labelled_lines
from capture.transcript_import.subtitle_cues import CUE_ARROW, read_cues
from capture.transcript_import.word_document import read_word_document
from study.errors import NotTranscript, TranscriptFlaw

MOST_TRANSCRIPT_BYTES = 50 << 20
MOST_TRANSCRIPT_TURNS = 100_000
_ZIP, _OLD_WORD, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<\?xml[^>]*>\s*<html|<p[\s>]|<body)", re.IGNORECASE)


class TranscriptFile(NamedTuple):
    """The turns of a file, and its format."""

    kind: str
    said: list[ImportedTurn]


def read_transcript_file(content: bytes) -> TranscriptFile:
    """Return the turns of a transcript file, and its format.

    Raises:
        NotTranscript: it is not a transcript, empty, or unreasonably large.
    """
    if len(content) > MOST_TRANSCRIPT_BYTES:
        raise NotTranscript(TranscriptFlaw.TOO_LARGE)
    if content.startswith(_OLD_WORD):
        raise NotTranscript(TranscriptFlaw.OLD_WORD)
    if content.startswith(_PDF):
        raise NotTranscript(TranscriptFlaw.PDF)
    if content.startswith(_ZIP):
        try:
            found = TranscriptFile("docx", read_word_document(content))
        except ValueError as bad:
            raise NotTranscript(TranscriptFlaw.NOT_WORD) from bad
    else:
        found = _text(_decoded(content))
    if not found.said:
        raise NotTranscript(TranscriptFlaw.NO_WORDS)
    if len(found.said) > MOST_TRANSCRIPT_TURNS:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_TURNS, most_turns=MOST_TRANSCRIPT_TURNS)
    return found


def _text(text: str) -> TranscriptFile:
    kinds: tuple[tuple[str, bool, Callable[[str], list[ImportedTurn]]], ...] = (
        ("vtt", text.startswith("WEBVTT"), read_cues),
        ("html", bool(_HTML.match(text)), read_html_page),
        ("srt", any(CUE_ARROW.match(line) for line in text.splitlines()), read_cues),
        ("txt", True, read_labelled_lines),
    )
    return next(TranscriptFile(kind, read(text)) for kind, fits, read in kinds if fits)


def _decoded(content: bytes) -> str:
    """Return the text of a file, with plain line feeds; refuse a file that is not text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    elif b"\x00" in content:
        raise NotTranscript(TranscriptFlaw.NOT_TEXT)
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")  # an old Windows editor's
    return text.replace("\r\n", "\n").replace("\r", "\n")
