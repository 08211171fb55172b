"""The participant's copy as a page to print: large print, its own drawings, nothing to download."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from handoff.export_input import ExportedCase, ExportInput
from handoff.participant_copy import (
    COPY_TITLE,
    CORRECTION_COLUMNS,
    CORRECTION_INSTRUCTION,
    CORRECTION_ROWS,
    CORRECTIONS_HEADING,
    COVER_BLANKS,
    NOBODY_CALLED,
    TICK_BOXES,
    build_participant_copy,
    list_cover,
)
from handoff.printed_sheet import PAGE_BEGINNING

_DRAWN = {
    "talk": '<path d="M4 8h40v24H20l-10 9v-9H4z"/>',
    "page": '<path d="M10 4h28v40H10zM16 14h16M16 22h16M16 30h16"/>',
    "lock": '<path d="M9 22h30v21H9zM15 22v-7a9 9 0 0 1 18 0v7M24 30v6"/>',
    "pencil": '<path d="M6 42l3-12L33 6l9 9-24 24zM29 10l9 9"/>',
    "cross": '<path d="M10 10l28 28M38 10L10 38"/>',
}
_PAGE = """\
<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{title}</title>
<style>
@page {{ size: A4; margin: 20mm; }}
body {{ font: 17pt/1.6 Arial, Helvetica, sans-serif; color: #000; background: #fff;
  max-width: 40em; margin: 1em auto; padding: 0 1em; }}
h1 {{ font-size: 1.8em; }}
.cover p {{ display: flex; gap: 1em; align-items: center; margin: .8em 0; font-size: 1.1em; }}
svg {{ width: 2.2em; height: 2.2em; flex: none; fill: none; stroke: #000; stroke-width: 3; }}
.asked b {{ display: inline-block; min-width: 12em; }}
.talk p {{ margin: .8em 0 .8em 3em; text-indent: -3em; break-inside: avoid; }}
.talk .number {{ display: inline-block; width: 3em; text-indent: 0; color: #444; }}
.theirs {{ font-weight: normal; }}
.other {{ color: #333; }}
table {{ width: 100%; border-collapse: collapse; }}
th, td {{ border: 2px solid #000; text-align: left; padding: .2em .5em; height: 1.9em; }}
th:first-child {{ width: 4em; }}
.cover, .talk {{ break-after: page; }}
.box {{ display: inline-block; width: 1em; height: 1em; border: 2px solid #000;
  margin-right: .6em; }}
</style></head>
<body>
{beginning}
<section class="cover"><h1>{title}</h1>
{cover}
</section>
<section class="talk">
{talk}
</section>
<section class="last"><h1>{last}</h1>
{ticks}
<p>{how}</p>
<table><tr><th>{line}</th><th>{should}</th></tr>
{rows}
</table>
</section>
</body>
</html>
"""


def render_participant_page(
    material: ExportInput, reader: ExportedCase, called: Mapping[str, str] = NOBODY_CALLED
) -> bytes:
    """Return the copy for one participant. called: as for ``build_participant_copy``."""
    return _PAGE.format(
        beginning=PAGE_BEGINNING,
        title=COPY_TITLE,
        cover="\n".join(_cover(material)),
        talk="\n".join(_talk(material, reader, called)),
        last=CORRECTIONS_HEADING,
        ticks="\n".join(f'<p><span class="box"></span>{tick}</p>' for tick in TICK_BOXES),
        how=CORRECTION_INSTRUCTION,
        line=CORRECTION_COLUMNS[0],
        should=CORRECTION_COLUMNS[1],
        rows="\n".join(["<tr><td></td><td></td></tr>"] * CORRECTION_ROWS),
    ).encode()


def _cover(material: ExportInput) -> Iterator[str]:
    for sign, sentence in list_cover(material):
        drawn = f'<svg viewBox="0 0 48 48" aria-hidden="true">{_DRAWN[sign]}</svg>'
        yield f"<p>{drawn}<span>{sentence}</span></p>"
    for asked in COVER_BLANKS:
        yield f'<p class="asked"><b>{asked}</b> {"_" * 20}</p>'


def _talk(material: ExportInput, reader: ExportedCase, called: Mapping[str, str]) -> Iterator[str]:
    for one in build_participant_copy(material, reader, called):
        if one.number:
            look = "theirs" if one.is_theirs else "other"
            yield (
                f'<p class="{look}"><span class="number">{one.number}</span>'
                f"<b>{escape(one.speaker)}:</b> {escape(one.text)}</p>"
            )
        else:
            yield f'<p><span class="number"></span><i>{escape(one.text)}</i></p>'
