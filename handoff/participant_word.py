"""The participant's copy as a Word document: large print, and a table for corrections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handoff.docx_file import build_document, build_page_break, build_paragraph, build_table
from handoff.export_input import ExportedCase, ExportInput
from handoff.participant_copy import (
    COPY_TITLE,
    CORRECTION_COLUMNS,
    CORRECTION_INSTRUCTION,
    CORRECTION_ROWS,
    CORRECTIONS_HEADING,
    COVER_BLANKS,
    COVER_SENTENCES,
    EARLIER_SENTENCES,
    EMPTY_BOX,
    EVENT_SENTENCE,
    NOBODY_CALLED,
    SILENCE_SENTENCE,
    TICK_BOXES,
    build_participant_copy,
    list_cover,
)

_SIGNS = {
    "talk": "\u275d",
    "page": "\u25a4",
    "lock": "\u25c6",
    "pencil": "\u270e",
    "cross": "\u2717",
}


def render_participant_word(
    material: ExportInput, reader: ExportedCase, called: Mapping[str, str] = NOBODY_CALLED
) -> bytes:
    """Return the copy for one participant. called: as for ``build_participant_copy``."""
    header = f"{material.label}, for {reader.code}"
    talk = _talk(material, reader, called)
    body = [*_cover(material), build_page_break(), *talk, build_page_break(), *_last()]
    return build_document(body, header=header, day=material.day, larger=True)


def list_fixed_paragraphs() -> list[str]:
    """Return the paragraphs outside the table that every copy may have, as they are read back.

    Without the boxes to tick and the blanks of the cover, into which somebody writes.
    """
    every = (*COVER_SENTENCES, *EARLIER_SENTENCES, SILENCE_SENTENCE, EVENT_SENTENCE)
    cover = [f"{_SIGNS[sign]} {sentence}" for sign, sentence in every]
    return [COPY_TITLE, *cover, CORRECTIONS_HEADING, CORRECTION_INSTRUCTION]


def _cover(material: ExportInput) -> Iterator[str]:
    yield build_paragraph(COPY_TITLE, "Title")
    for sign, sentence in list_cover(material):
        yield build_paragraph(f"  {sentence}", before=_SIGNS[sign])
    for asked in COVER_BLANKS:
        yield build_paragraph(f" {'_' * 24}", before=asked)


def _talk(material: ExportInput, reader: ExportedCase, called: Mapping[str, str]) -> Iterator[str]:
    for one in build_participant_copy(material, reader, called):
        if one.number:
            yield build_paragraph(f" {one.text}", before=f"{one.number}  {one.speaker}:")
        else:
            yield build_paragraph(one.text, is_italic=True)


def _last() -> Iterator[str]:
    yield build_paragraph(CORRECTIONS_HEADING, "Heading1")
    for tick in TICK_BOXES:
        yield build_paragraph(f"  {tick}", before=EMPTY_BOX)
    yield build_paragraph(CORRECTION_INSTRUCTION)
    yield build_table([CORRECTION_COLUMNS, *[("", "")] * CORRECTION_ROWS], (70, 380), row_height=34)
