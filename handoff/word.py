"""Word: topics as first headings and speakers as second ones, or NVivo's table."""

from __future__ import annotations

from collections.abc import Iterator

from handoff.docx_file import document, paragraph, table
from handoff.lines import Line
from handoff.material import ROLE, Material

_COLUMNS = ("Timespan", "Speaker", "Content")  # NVivo finds them by these words
_WIDTHS = (65, 60, 325)


def word(material: Material) -> bytes:
    """Return the transcript with each speaker as a paragraph in a heading style."""
    turns = (xml for line in material.lines for xml in _line(line))
    return _document(material, turns)


def word_table(material: Material) -> bytes:
    """Return the transcript as the table that NVivo takes for a transcript with times."""
    rows = [(line.clock, line.speaker, line.text) for line in material.lines]
    return _document(material, iter([table([_COLUMNS, *rows], _WIDTHS)]))


def _line(line: Line) -> Iterator[str]:
    if line.is_topic:
        yield paragraph(line.text, "Heading1")
        return
    if line.speaker:
        yield paragraph(line.speaker, "Heading2")
    yield paragraph(f"{line.stamp}{line.text}", is_italic=not line.speaker)


def _document(material: Material, body: Iterator[str]) -> bytes:
    header = f"{material.label}, anonymised. Exported {material.on.isoformat()}"
    return document([*_head(material), *body], header=header, on=material.on)


def _head(material: Material) -> Iterator[str]:
    yield paragraph(material.label, "Title")
    if material.cases:
        who = ", ".join(f"{case.code} ({case.attributes[ROLE]})" for case in material.cases)
        yield paragraph(f"Speakers: {who}")
