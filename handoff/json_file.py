"""JSON for scripts: every turn a record, and a schema made from the very types that write it."""

from __future__ import annotations

import msgspec

from handoff.material import Material

FORMAT = "earshot transcript 1"


class Turn(msgspec.Struct, frozen=True):
    """What one speaker said. Times are seconds; ``doubts`` are reasons to doubt the words."""

    turn: int
    speaker: str
    start_s: float
    end_s: float
    text: str
    doubts: tuple[str, ...]


class Event(msgspec.Struct, frozen=True):
    """What happened between turns: a topic of the guide, a pause, a marker."""

    at_s: float
    text: str
    is_topic: bool


class Person(msgspec.Struct, frozen=True):
    """A speaker by code, with attributes that tell nobody who they are."""

    code: str
    attributes: dict[str, str]


class Interview(msgspec.Struct, frozen=True):
    """One interview."""

    format: str
    label: str
    people: tuple[Person, ...]
    turns: tuple[Turn, ...]
    events: tuple[Event, ...]


def json_file(material: Material) -> bytes:
    """Return the transcript as JSON."""
    spoken = [line for line in material.lines if line.speaker]
    made = Interview(
        format=FORMAT,
        label=material.label,
        people=tuple(Person(c.code, c.attributes) for c in material.cases),
        turns=tuple(
            Turn(x.turn, x.speaker, round(x.start_s, 3), round(x.end_s, 3), x.text, x.doubts)
            for x in spoken
        ),
        events=tuple(
            Event(round(x.start_s, 3), x.text, x.is_topic) for x in material.lines if not x.speaker
        ),
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"


def json_schema() -> bytes:
    """Return the JSON Schema of what ``json_file`` writes."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= msgspec.json.schema(Interview)
    return msgspec.json.format(msgspec.json.encode(schema), indent=1) + b"\n"
