"""A page to print: a heading, sentences and tables, in one file without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from study import tidy_text

# LibreOffice leaves the first paragraph of a page out, and begins with a blank sheet, unless
# a table stands before it; browsers and screen readers pass over this one.
PAGE_BEGINNING = '<table hidden="hidden"><tr><td></td></tr></table>'
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 10pt/1.35 sans-serif; margin: 2em; color: #000; background: #fff; }}
h1 {{ font-size: 16pt; }} h2 {{ font-size: 12pt; margin-top: 1.5em; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border-bottom: 1px solid #999; padding: 2pt 6pt; text-align: left; vertical-align: top; }}
thead {{ display: table-header-group; }} tr {{ break-inside: avoid; }}
@page {{ margin: 15mm; }}
</style>
</head>
<body>
{beginning}
<h1>{title}</h1>
{body}
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One table under a heading; where there are no rows, it says so."""

    heading: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def render_printed_sheet(title: str, notes: Sequence[str], tables: Sequence[PrintedTable]) -> bytes:
    """Return the page as HTML in UTF-8."""
    parts = [f"<p>{_safe(note)}</p>" for note in notes]
    for table in tables:
        parts.append(f"<h2>{_safe(table.heading)}</h2>")
        parts.append(_table(table) if table.rows else "<p>Nothing.</p>")
    return _PAGE.format(
        beginning=PAGE_BEGINNING, title=_safe(title), body="\n".join(parts)
    ).encode()


def _table(table: PrintedTable) -> str:
    head = "".join(f"<th>{_safe(cell)}</th>" for cell in table.head)
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{_safe(cell)}</td>' for cell in row)}</tr>" for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"


def _safe(text: str) -> str:
    return escape(tidy_text(text))
