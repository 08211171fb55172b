"""JSON of every word with its time, and its schema.

The schema is part of a hand-over: it holds the names and docstrings of the types in this file.
"""

from __future__ import annotations

import msgspec

from handoff.export_input import ExportInput
from handoff.json_file import encode_json, encode_schema
from handoff.spoken_words import estimate_words
from handoff.transcript_lines import TranscriptLine

_FORMAT = "earshot words 1"


class _Word(msgspec.Struct, frozen=True):
    """A word as it stands in the text; a replacement in brackets is one word.

    Times are seconds. A replacement has the time of the passage that it replaced, rounded outwards
    to tenths. ``estimated``: nobody measured the time. It was shared out by letters, because a
    person typed the word, or because its turn has no times of words.
    """

    text: str
    start_s: float
    end_s: float
    estimated: bool


class _TimedTurn(msgspec.Struct, frozen=True):
    """What one speaker said; its words, joined by blanks, are ``text``.

    ``do_not_quote``: the speaker did not agree that their words are printed.
    """

    turn: int
    speaker: str
    start_s: float
    end_s: float
    text: str
    words: tuple[_Word, ...]
    do_not_quote: bool = False


class _Words(msgspec.Struct, frozen=True):
    """One interview."""

    format: str
    label: str
    turns: tuple[_TimedTurn, ...]


for _record in (_Word, _TimedTurn, _Words):
    _record.__name__ = _record.__name__.removeprefix("_")  # as the schema calls it


def render_words(material: ExportInput) -> bytes:
    """Return the words of a transcript with their times as JSON."""
    turns = tuple(_turn(line) for line in material.lines if line.speaker)
    return encode_json(_Words(_FORMAT, material.label, turns))


def render_words_schema() -> bytes:
    """Return the JSON Schema that fits what ``render_words`` returns."""
    return encode_schema(_Words)


def _turn(line: TranscriptLine) -> _TimedTurn:
    words = line.words or estimate_words(line.unmarked_text, line.start_s, line.end_s)
    return _TimedTurn(
        line.number,
        line.speaker,
        round(line.start_s, 3),
        round(line.end_s, 3),
        line.unmarked_text,
        tuple(
            _Word(word.text, round(word.start_s, 3), round(word.end_s, 3), word.is_estimated)
            for word in words
        ),
        do_not_quote=not line.is_quotable,
    )
