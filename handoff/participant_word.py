"""The participant's copy as a Word document: large print, and a table for corrections."""

from __future__ import annotations

from collections.abc import Iterator

from handoff import participant
from handoff.docx_file import document, new_page, paragraph, table
from handoff.material import Case, Material

_SIGNS = {
    "talk": "\u275d",
    "page": "\u25a4",
    "lock": "\u25c6",
    "pencil": "\u270e",
    "cross": "\u2717",
}


def participant_word(material: Material, reader: Case) -> bytes:
    """Return the copy for one participant."""
    header = f"{material.label}, for {reader.code}"
    body = [*_cover(), new_page(), *_talk(material, reader), new_page(), *_last()]
    return document(body, header=header, on=material.on, larger=True)


def _cover() -> Iterator[str]:
    yield paragraph(participant.TITLE, "Title")
    for sign, sentence in participant.COVER:
        yield paragraph(f"  {sentence}", before=_SIGNS[sign])
    for asked in participant.ASKED:
        yield paragraph(f" {'_' * 24}", before=asked)


def _talk(material: Material, reader: Case) -> Iterator[str]:
    for one in participant.copy(material, reader):
        if one.number:
            yield paragraph(f" {one.text}", before=f"{one.number}  {one.who}:")
        else:
            yield paragraph(one.text, is_italic=True)


def _last() -> Iterator[str]:
    yield paragraph(participant.LAST, "Heading1")
    for tick in participant.TICKS:
        yield paragraph(f"  {tick}", before="\u2610")
    yield paragraph(participant.HOW)
    yield table([participant.COLUMNS, *[("", "")] * participant.ROWS], (70, 380), row_height=34)
