"""Tell what a transcript file is by its content, and read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from capture.written import cues, pages, prose, word
from capture.written.said import Said
from study.errors import NotTranscript, TranscriptFlaw

MOST_BYTES = 50 << 20
MOST_TURNS = 100_000
_ZIP, _OLD_WORD, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<\?xml[^>]*>\s*<html|<p[\s>]|<body)", re.IGNORECASE)


class Written(NamedTuple):
    """What a file says, and what kind of file it was."""

    kind: str
    said: list[Said]


def read(content: bytes) -> Written:
    """Return what a transcript file says.

    Raises:
        NotTranscript: it is something else, empty, or unreasonably large.
    """
    if len(content) > MOST_BYTES:
        raise NotTranscript(TranscriptFlaw.TOO_LARGE)
    if content.startswith(_OLD_WORD):
        raise NotTranscript(TranscriptFlaw.OLD_WORD)
    if content.startswith(_PDF):
        raise NotTranscript(TranscriptFlaw.PDF)
    if content.startswith(_ZIP):
        try:
            found = Written("docx", word.read(content))
        except ValueError as bad:
            raise NotTranscript(TranscriptFlaw.NOT_WORD) from bad
    else:
        found = _text(_decoded(content))
    if not found.said:
        raise NotTranscript(TranscriptFlaw.NO_WORDS)
    if len(found.said) > MOST_TURNS:
        raise NotTranscript(TranscriptFlaw.TOO_MANY_TURNS, most_turns=MOST_TURNS)
    return found


def _text(text: str) -> Written:
    kinds: tuple[tuple[str, bool, Callable[[str], list[Said]]], ...] = (
        ("vtt", text.startswith("WEBVTT"), cues.read),
        ("html", bool(_HTML.match(text)), pages.read),
        ("srt", any(cues.ARROW.match(line) for line in text.splitlines()), cues.read),
        ("txt", True, prose.read),
    )
    return next(Written(kind, read(text)) for kind, fits, read in kinds if fits)


def _decoded(content: bytes) -> str:
    """Return the text of a file, line ends made one; what is no text at all is refused."""
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
