"""A transcript as Word: speakers as headings, a turn in each paragraph, or NVivo's table.

NVivo codes what stands under a heading as that speaker's, so events have a heading of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff.document_lines import (
    ParagraphKind,
    describe_document,
    describe_speakers,
    list_paragraphs,
)
from handoff.docx_file import build_document, build_paragraph, build_table
from handoff.export_input import ExportInput

_COLUMNS = ("Timespan", "Speaker", "Content")  # NVivo finds them by these words
_WIDTHS = (65, 60, 325)
_EVENTS = "Events"


def render_word(material: ExportInput, *, line_numbers: bool = False) -> bytes:
    """Return the transcript with topics as headings 1 and the speaker of each turn as heading 2."""
    return _document(material, _list_under_headings(material), line_numbers=line_numbers)


def render_compact_word(material: ExportInput, *, line_numbers: bool = False) -> bytes:
    """Return the transcript with a paragraph for each turn, for paper."""
    turns = (
        build_paragraph(
            one.text,
            "Heading1" if one.kind is ParagraphKind.TOPIC else "Normal",
            before=one.before,
            is_italic=one.kind is ParagraphKind.EVENT,
        )
        for one in list_paragraphs(material)
        if one.kind not in {ParagraphKind.TITLE, ParagraphKind.PEOPLE}
    )
    return _document(material, turns, line_numbers=line_numbers)


def render_word_table(material: ExportInput) -> bytes:
    """Return the transcript as the table that NVivo imports as a transcript with times."""
    rows = [(line.begins_at, line.speaker, line.text) for line in material.lines]
    table = iter([build_table([_COLUMNS, *rows], _WIDTHS)])
    return _document(material, table, compact=False)


def _list_under_headings(material: ExportInput) -> Iterator[str]:
    is_event = False
    for line in material.lines:
        if line.is_topic:
            yield build_paragraph(line.text, "Heading1")
        elif line.speaker or not is_event:
            yield build_paragraph(line.speaker or _EVENTS, "Heading2")
        is_event = not line.speaker and not line.is_topic
        if not line.is_topic:
            yield build_paragraph(f"{line.time_prefix}{line.text}", is_italic=is_event)


def _document(
    material: ExportInput,
    body: Iterator[str],
    *,
    compact: bool = True,
    line_numbers: bool = False,
) -> bytes:
    header = describe_document(material)
    return build_document(
        [*_head(material), *body],
        header=header,
        day=material.day,
        compact=compact,
        line_numbers=line_numbers,
    )


def _head(material: ExportInput) -> Iterator[str]:
    yield build_paragraph(material.label, "Title")
    if material.cases:
        yield build_paragraph(describe_speakers(material))
