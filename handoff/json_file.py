"""JSON for scripts: a record for each turn, and a schema made from the types that write it.

The schema is part of a hand-over: it holds the names and docstrings of the types in this file.
"""

from __future__ import annotations

import msgspec

from handoff.export_input import ExportInput
from handoff.transcript_lines import TranscriptLine

_FORMAT = "earshot transcript 1"


class _Turn(msgspec.Struct, frozen=True):
    """What one speaker said. ``doubts`` are reasons to doubt the words.

    Times are seconds, null in a transcript that was typed without times.

    ``do_not_quote``: the speaker did not agree that their words are printed.
    """

    turn: int
    speaker: str
    start_s: float | None
    end_s: float | None
    text: str
    doubts: tuple[str, ...]
    do_not_quote: bool = False


class _Event(msgspec.Struct, frozen=True):
    """What happened between turns: a topic of the guide, a pause, a marker. Times as in a turn."""

    at_s: float | None
    text: str
    is_topic: bool


class _Person(msgspec.Struct, frozen=True):
    """A speaker by code, with attributes that tell nobody who they are."""

    code: str
    attributes: dict[str, str]


class _Interview(msgspec.Struct, frozen=True):
    """One interview."""

    format: str
    label: str
    people: tuple[_Person, ...]
    turns: tuple[_Turn, ...]
    events: tuple[_Event, ...]


for _record in (_Turn, _Event, _Person, _Interview):
    _record.__name__ = _record.__name__.removeprefix("_")  # as the schema calls it


def render_json(material: ExportInput) -> bytes:
    """Return the transcript as JSON."""
    spoken = [line for line in material.lines if line.speaker]
    transcript = _Interview(
        format=_FORMAT,
        label=material.label,
        people=tuple(_Person(c.code, c.attributes) for c in material.cases),
        turns=tuple(
            _Turn(
                line.number,
                line.speaker,
                _round(line, line.start_s),
                _round(line, line.end_s),
                line.unmarked_text,
                line.doubts,
                do_not_quote=not line.is_quotable,
            )
            for line in spoken
        ),
        events=tuple(
            _Event(_round(line, line.start_s), line.text, line.is_topic)
            for line in material.lines
            if not line.speaker
        ),
    )
    return encode_json(transcript)


def _round(line: TranscriptLine, time_s: float) -> float | None:
    return round(time_s, 3) if line.is_timed else None


def render_json_schema() -> bytes:
    """Return the JSON Schema that fits what ``render_json`` returns."""
    return encode_schema(_Interview)


def encode_json(record: object) -> bytes:
    """Return a record as JSON, a field on each line."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def encode_schema(of: type) -> bytes:
    """Return the JSON Schema of a type of record."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return encode_json(schema | msgspec.json.schema(of))
