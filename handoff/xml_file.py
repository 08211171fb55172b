"""XML files: UTF-8 with its declaration, indented, and LF at the end."""

from __future__ import annotations

from xml.etree.ElementTree import Element, indent, tostring


def render_xml(root: Element) -> bytes:
    """Return a document as bytes; the tree is indented in place."""
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "utf-8") + b"\n"
