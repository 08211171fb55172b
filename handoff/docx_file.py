"""Build a Word document: A4, a header, page numbers, and no author.

python-docx makes the package, styles, header and footer. The paragraphs are inserted as XML,
because its own way of adding one takes a hundred times as long. The author, program, picture and
custom parts of its template are removed, and no time of day is written.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from handoff.zip_files import build_zip

if TYPE_CHECKING:
    from docx.document import Document

_MAKERS = ("/thumbnail", "/extended-properties", "/customXml")
_HERE, _PAGES = "EARSHOT BODY", "EARSHOT PAGES"
_NUMBERED_LINES = '<w:lnNumType w:countBy="1" w:restart="continuous"/>'
_COMPACT_PT, _AFTER_PT = 10.5, 2  # 45 short turns on a page
_FIELD = '<w:fldSimple w:instr="{}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
_WORDS = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
_NUMBERED = "".join((
    _WORDS.format("Page "), _FIELD.format("PAGE"),
    _WORDS.format(" of "), _FIELD.format("NUMPAGES"),
))  # fmt: skip


def build_document(
    body: Iterable[str],
    *,
    header: str,
    day: date,
    larger: bool = False,
    compact: bool = False,
    line_numbers: bool = False,
) -> bytes:
    """Return a document.

    body: paragraphs and tables from the functions below, as XML. header: text on top of every
    page. day: the one date in the properties. larger: large print, 16 points. compact: little room
    between paragraphs. line_numbers: in the margin, counted through the document; Word counts no
    lines of tables.
    """
    import docx
    from docx.shared import Mm

    document = docx.Document()
    package = document.part.package
    assert package is not None
    for rels in (package.rels, document.part.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(_MAKERS)]:
            del rels[key]
    properties = document.core_properties
    for name in ("author", "last_modified_by", "comments", "title", "keywords"):
        setattr(properties, name, "")
    properties.created = properties.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.header.paragraphs[0].text = header
    section.footer.paragraphs[0].text = _PAGES
    if larger:
        _set_styles(document, (("Normal", 16), ("Heading 1", 22)), font="Arial")
    if compact:
        sizes = (("Normal", _COMPACT_PT), ("Heading 1", 13), ("Heading 2", _COMPACT_PT))
        _set_styles(document, sizes, after_pt=_AFTER_PT)
    document.add_paragraph(_HERE)
    out = io.BytesIO()
    document.save(out)
    return _insert_body(out.getvalue(), "".join(body), _NUMBERED_LINES * line_numbers)


def _set_styles(
    document: Document,
    points: Iterable[tuple[str, float]],
    *,
    font: str = "",
    after_pt: int | None = None,
) -> None:
    """Set the size of styles by name and, where they are given, their font and spacing."""
    from docx.shared import Pt
    from docx.styles.style import ParagraphStyle

    for name, size in points:
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.size = Pt(size)
        if font:
            style.font.name = font
        if after_pt is not None:
            is_speaker = name == "Heading 2"  # its text follows at once
            style.paragraph_format.space_before = Pt(0 if name == "Normal" else after_pt)
            style.paragraph_format.space_after = Pt(0 if is_speaker else after_pt)
            style.paragraph_format.line_spacing = 1.0


def build_paragraph(
    text: str, style: str = "Normal", *, before: str = "", is_italic: bool = False
) -> str:
    """Return a paragraph as XML. before: bold text in front of it."""
    runs = (_run(before, "<w:b/>") if before else "") + _run(text, "<w:i/>" if is_italic else "")
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def build_table(
    rows: Iterable[Sequence[str]], widths: Sequence[int], *, row_height: int = 0
) -> str:
    """Return a table with lines around its cells.

    widths: of the columns, in points. row_height: the least height of a row in points, so that
    people can write into it; 0 for no such limit.
    """
    tall = f'<w:trPr><w:trHeight w:val="{20 * row_height}"/></w:trPr>' if row_height else ""
    twentieths = [20 * width for width in widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twentieths)
    lines = "".join(
        f"<w:tr>{tall}"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{build_paragraph(cell)}</w:tc>"
            for cell, width in zip(row, twentieths, strict=True)
        )
        + "</w:tr>"
        for row in rows
    )
    style = '<w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr>'
    return f"<w:tbl>{style}<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"


def build_page_break() -> str:
    """Return a paragraph that ends the page."""
    return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def _run(text: str, look: str) -> str:
    dressed = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{dressed}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _insert_body(archive: bytes, body: str, numbered: str) -> bytes:
    """Insert the body and the numbers of pages and lines; like input gives identical bytes."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as made:
        for name in made.namelist():
            xml = made.read(name)
            if name == "word/document.xml":
                xml = xml.replace(
                    f"<w:p><w:r><w:t>{_HERE}</w:t></w:r></w:p>".encode(), body.encode()
                )
                xml = xml.replace(b"<w:cols ", f"{numbered}<w:cols ".encode())
            elif name.startswith("word/footer"):
                xml = xml.replace(f"<w:r><w:t>{_PAGES}</w:t></w:r>".encode(), _NUMBERED.encode())
            parts[name] = xml
    return build_zip(parts)
