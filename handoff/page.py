"""HTML that Taguette and browsers read: headings for topics, a paragraph for each turn."""

from __future__ import annotations

from html import escape

from handoff.material import Material

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


def page(material: Material) -> bytes:
    """Return the transcript as a bare page, without styles: an analysis program drops them."""
    body = "\n".join(
        f"<h2>{escape(line.text)}</h2>"
        if line.is_topic
        else f"<p>{line.stamp}<b>{escape(line.speaker)}:</b> {escape(line.text)}</p>"
        if line.speaker
        else f"<p>{line.stamp}{escape(line.text)}</p>"
        for line in material.lines
    )
    return _PAGE.format(label=escape(material.label), body=body).encode()
