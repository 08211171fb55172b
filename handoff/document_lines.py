"""What a document for reading holds, paragraph by paragraph, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from handoff.export_input import ROLE_ATTRIBUTE, ExportInput


class ParagraphKind(StrEnum):
    """What a paragraph is."""

    TITLE = "title"
    PEOPLE = "people"
    TOPIC = "topic"
    TURN = "turn"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class DocumentParagraph:
    """A paragraph. before: the time and the speaker of a turn, in bold."""

    kind: ParagraphKind
    text: str
    before: str = ""


def list_paragraphs(material: ExportInput) -> Iterator[DocumentParagraph]:
    """Yield the title, who speaks, and a paragraph for each line."""
    yield DocumentParagraph(ParagraphKind.TITLE, material.label)
    if material.cases:
        yield DocumentParagraph(ParagraphKind.PEOPLE, describe_speakers(material))
    for line in material.lines:
        if line.is_topic:
            yield DocumentParagraph(ParagraphKind.TOPIC, line.text)
        elif line.speaker:
            before = f"{line.time_prefix}{line.speaker}:"
            yield DocumentParagraph(ParagraphKind.TURN, f" {line.text}", before)
        else:
            yield DocumentParagraph(ParagraphKind.EVENT, f"{line.time_prefix}{line.text}")


def describe_speakers(material: ExportInput) -> str:
    """Return who takes part, by code and role."""
    who = (f"{case.code} ({case.attributes[ROLE_ATTRIBUTE]})" for case in material.cases)
    return f"Speakers: {', '.join(who)}"


def describe_document(material: ExportInput) -> str:
    """Return the line on top of every page."""
    return f"{material.label}, anonymised. Exported {material.day.isoformat()}"
