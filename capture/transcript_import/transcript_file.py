"""Recognise the format of a transcript file by its content, and read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from capture.transcript_import.html_pages import read_html_page
from capture.transcript_import.imported_turn import MOST_TRANSCRIPT_TURNS, ImportedTurn
from capture.transcript_import.labelled_lines import read_labelled_lines
from capture.transcript_import.subtitle_cues import CUE_ARROW, read_cues
from capture.transcript_import.word_document import read_word_document
from study import decode_document, split_lines
from study.errors import NotTranscript, TranscriptFlaw

MOST_TRANSCRIPT_SPEAKERS = 1_000
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
    if content.startswith(_OLD_WORD):
        raise NotTranscript(TranscriptFlaw.OLD_WORD)
    if content.startswith(_PDF):
        raise NotTranscript(TranscriptFlaw.PDF)
    if content.startswith(_ZIP):
        found = TranscriptFile("docx", read_word_document(content))
    else:
        found = _text(decode_document(content))
    if not found.said:
        raise NotTranscript(TranscriptFlaw.NO_WORDS)
    if len(found.said) > MOST_TRANSCRIPT_TURNS:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_TURNS, most_turns=MOST_TRANSCRIPT_TURNS)
    if len({turn.speaker for turn in found.said}) > MOST_TRANSCRIPT_SPEAKERS:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_SPEAKERS)
    return found


def _text(text: str) -> TranscriptFile:
    kinds: tuple[tuple[str, Callable[[str], bool], Callable[[str], list[ImportedTurn]]], ...] = (
        ("vtt", lambda text: text.startswith("WEBVTT"), read_cues),
        ("html", lambda text: _HTML.match(text) is not None, read_html_page),
        ("srt", lambda text: any(map(CUE_ARROW.match, split_lines(text))), read_cues),
        ("txt", lambda _: True, read_labelled_lines),
    )
    return next(TranscriptFile(kind, read(text)) for kind, fits, read in kinds if fits(text))
