"""HTML for Taguette and browsers: a heading for each topic, a paragraph for each turn."""

from __future__ import annotations

from html import escape

from handoff.export_input import ExportInput

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{label}</title></head>
<body>
<h1>{label}</h1>
{body}
</body>
</html>
"""


def render_html_page(material: ExportInput) -> bytes:
    """Return the transcript as a bare page: analysis programs drop styles."""
    body = "\n".join(
        f"<h2>{escape(line.text)}</h2>"
        if line.is_topic
        else f"<p>{line.time_prefix}<b>{escape(line.speaker)}:</b> {escape(line.text)}</p>"
        if line.speaker
        else f"<p>{line.time_prefix}{escape(line.text)}</p>"
        for line in material.lines
    )
    return _PAGE.format(label=escape(material.label), body=body).encode()
