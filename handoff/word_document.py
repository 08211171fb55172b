"""A transcript as Word: topics as headings 1 and speakers as headings 2, or NVivo's table."""

from __future__ import annotations

from collections.abc import Iterator

from handoff.docx_file import build_document, build_paragraph, build_table
from handoff.export_input import ROLE_ATTRIBUTE, ExportInput
from handoff.transcript_lines import TranscriptLine

_COLUMNS = ("Timespan", "Speaker", "Content")  # NVivo finds them by these words
_WIDTHS = (65, 60, 325)


def render_word(material: ExportInput) -> bytes:
    """Return the transcript with the speaker of each turn as a heading above it."""
    turns = (xml for line in material.lines for xml in _line(line))
    return _document(material, turns)


def render_word_table(material: ExportInput) -> bytes:
    """Return the transcript as the table that NVivo imports as a transcript with times."""
    rows = [(line.begins_at, line.speaker, line.text) for line in material.lines]
    return _document(material, iter([build_table([_COLUMNS, *rows], _WIDTHS)]))


def _line(line: TranscriptLine) -> Iterator[str]:
    if line.is_topic:
        yield build_paragraph(line.text, "Heading1")
        return
    if line.speaker:
        yield build_paragraph(line.speaker, "Heading2")
    yield build_paragraph(f"{line.time_prefix}{line.text}", is_italic=not line.speaker)


def _document(material: ExportInput, body: Iterator[str]) -> bytes:
    header = f"{material.label}, anonymised. Exported {material.day.isoformat()}"
    return build_document([*_head(material), *body], header=header, day=material.day)


def _head(material: ExportInput) -> Iterator[str]:
    yield build_paragraph(material.label, "Title")
    if material.cases:
        who = ", ".join(
            f"{case.code} ({case.attributes[ROLE_ATTRIBUTE]})" for case in material.cases
        )
        yield build_paragraph(f"Speakers: {who}")
