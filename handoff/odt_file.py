"""ODT for LibreOffice and others: a paragraph for each turn, A4, a header and page numbers."""

from __future__ import annotations

from xml.sax.saxutils import escape

from handoff.document_lines import ParagraphKind, describe_document, list_paragraphs
from handoff.export_input import ExportInput
from handoff.zip_files import build_zip

_TYPE = "application/vnd.oasis.opendocument.text"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in (
        ("office", "office"), ("text", "text"), ("style", "style"), ("meta", "meta"),
        ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST = (
    f'{_XML}<manifest:manifest manifest:version="1.2" xmlns:manifest='
    '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in ("content.xml", "styles.xml", "meta.xml")
    )
    + "</manifest:manifest>\n"
)
# The names of styles are codes, so that the gate takes none of them for a word.
_STYLES = {
    ParagraphKind.TITLE: ("P1", "0", "0.3cm", "16pt", 'fo:font-weight="bold"'),
    ParagraphKind.PEOPLE: ("P2", "0", "0.3cm", "10.5pt", ""),
    ParagraphKind.TOPIC: ("P3", "0.3cm", "0.07cm", "13pt", 'fo:font-weight="bold"'),
    ParagraphKind.TURN: ("P4", "0", "0.07cm", "10.5pt", ""),
    ParagraphKind.EVENT: ("P5", "0", "0.07cm", "10.5pt", 'fo:font-style="italic"'),
}
_BOLD = "T1"


def render_odt(material: ExportInput, *, line_numbers: bool = False) -> bytes:
    """Return the transcript as an OpenDocument text."""
    numbered = 'text:number-lines="true"' if line_numbers else ""
    styles = "".join(
        f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties'
        f' fo:margin-top="{above}" fo:margin-bottom="{below}" {numbered}/>'
        f'<style:text-properties fo:font-size="{size}" {look}/></style:style>'
        for name, above, below, size, look in _STYLES.values()
    )
    body = "\n".join(
        _paragraph(one.kind, one.before, one.text) for one in list_paragraphs(material)
    )
    content = (
        f'{_XML}<office:document-content {_SPACES} office:version="1.2"><office:automatic-styles>'
        f'{styles}<style:style style:name="{_BOLD}" style:family="text"><style:text-properties'
        ' fo:font-weight="bold"/></style:style></office:automatic-styles><office:body>'
        f"<office:text>\n{body}\n</office:text></office:body></office:document-content>\n"
    )
    meta = (
        f'{_XML}<office:document-meta {_SPACES} office:version="1.2"><office:meta>'
        f"<meta:creation-date>{material.xml_time.removesuffix('Z')}</meta:creation-date>"
        "</office:meta></office:document-meta>\n"
    )
    parts = {
        "mimetype": _TYPE,
        "META-INF/manifest.xml": _MANIFEST,
        "content.xml": content,
        "styles.xml": _page_styles(describe_document(material), line_numbers=line_numbers),
        "meta.xml": meta,
    }
    return build_zip({name: one.encode() for name, one in parts.items()}, stored=["mimetype"])


def _paragraph(kind: ParagraphKind, before: str, text: str) -> str:
    bold = f'<text:span text:style-name="{_BOLD}">{escape(before)}</text:span>' if before else ""
    tag = "text:h" if kind is ParagraphKind.TOPIC else "text:p"
    level = ' text:outline-level="1"' if kind is ParagraphKind.TOPIC else ""
    name = _STYLES[kind][0]
    return f'<{tag} text:style-name="{name}"{level}>{bold}{_keep_blanks(text)}</{tag}>'


def _keep_blanks(text: str) -> str:
    """Return text as XML; a reader would drop a blank at the start."""
    if text.startswith(" "):
        return f"<text:s/>{escape(text[1:])}"
    return escape(text)


def _page_styles(header: str, *, line_numbers: bool) -> str:
    lines = (
        '<text:linenumbering-configuration text:number-lines="true" text:offset="0.5cm"'
        ' style:num-format="1" text:number-position="left" text:increment="1"/>'
        if line_numbers
        else ""
    )
    return (
        f'{_XML}<office:document-styles {_SPACES} office:version="1.2"><office:styles>{lines}'
        "</office:styles><office:automatic-styles>"
        '<style:page-layout style:name="L1"><style:page-layout-properties fo:page-width="21cm"'
        ' fo:page-height="29.7cm" fo:margin-left="2.5cm" fo:margin-right="2.5cm"'
        ' fo:margin-top="1.5cm" fo:margin-bottom="1.5cm"/><style:header-style>'
        '<style:header-footer-properties fo:min-height="1cm" fo:margin-bottom="0.5cm"/>'
        "</style:header-style><style:footer-style><style:header-footer-properties"
        ' fo:min-height="1cm" fo:margin-top="0.5cm"/></style:footer-style></style:page-layout>'
        '<style:style style:name="P9" style:family="paragraph"><style:paragraph-properties'
        ' text:number-lines="false"/></style:style>'
        "</office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Standard" style:page-layout-name="L1"><style:header>'
        f'<text:p text:style-name="P9">{escape(header)}</text:p></style:header><style:footer>'
        '<text:p text:style-name="P9">Page '
        "<text:page-number/></text:p></style:footer></style:master-page>"
        "</office:master-styles></office:document-styles>\n"
    )
