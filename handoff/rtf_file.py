"""RTF, for programs that take no Word file: a paragraph for each turn, A4, page numbers.

All that is not ASCII is written as its UTF-16 numbers, so the file holds ASCII alone.
"""

from __future__ import annotations

import re
import struct

from handoff.document_lines import ParagraphKind, describe_document, list_paragraphs
from handoff.export_input import ExportInput

_HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fswiss Calibri;}}"
    "\n"
    r"\paperw11906\paperh16838\margl1417\margr1417\margt1417\margb1417"
    "\n"
)
_LINE_NUMBERS = r"\sectd\linemod1\linex360\linecont" "\n"
_PAGE = r"{\footer\pard\noline\qc Page \chpgn\par}" "\n"
_LOOKS = {
    ParagraphKind.TITLE: r"\sa160\b\fs32 ",
    ParagraphKind.PEOPLE: r"\sa160\fs21 ",
    ParagraphKind.TOPIC: r"\sb160\sa40\keepn\b\fs26 ",
    ParagraphKind.TURN: r"\sa40\fs21 ",
    ParagraphKind.EVENT: r"\sa40\i\fs21 ",
}
_SIGN = re.compile(r"[\\{}]|[^ -~]")


def render_rtf(material: ExportInput, *, line_numbers: bool = False) -> bytes:
    """Return the transcript as RTF."""
    out = [_HEAD, _LINE_NUMBERS * line_numbers]
    out.append(rf"{{\header\pard\noline {_escape(describe_document(material))}\par}}" "\n" + _PAGE)
    for one in list_paragraphs(material):
        before = rf"{{\b {_escape(one.before)}}}" if one.before else ""
        out.append(rf"{{\pard{_LOOKS[one.kind]}{before}{_escape(one.text)}\par}}" "\n")
    return "".join([*out, "}\n"]).encode("ascii")


def read_rtf(text: str) -> str:
    """Return the words of what ``render_rtf`` writes, a paragraph on each line."""

    def plain(sign: re.Match[str]) -> str:
        if sign["codes"]:
            numbers = [int(n) for n in re.findall(r"-?\d+", sign["codes"])]
            return struct.pack(f"<{len(numbers)}h", *numbers).decode("utf-16-le", "replace")
        return sign["escaped"] or ("\n" if sign["word"] == "par" else "")

    return _CONTROL.sub(plain, text.replace("\n", "").partition(r"\margb1417")[2])


_CONTROL = re.compile(
    r"(?P<codes>(?:\\u-?\d+\?)+)|\\(?P<escaped>[\\{}])|\\(?P<word>[a-z]+)-?\d* ?|[{}]"
)


def _escape(text: str) -> str:
    return _SIGN.sub(lambda sign: _write_sign(sign.group()), text)


def _write_sign(sign: str) -> str:
    if sign.isascii():
        return f"\\{sign}" if sign.isprintable() else ""
    raw = sign.encode("utf-16-le", "replace")
    return "".join(f"\\u{number}?" for (number,) in struct.iter_unpack("<h", raw))
