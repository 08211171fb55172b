"""What a person could read in files: the gate looks at words, not at packed bytes or at clocks.

Word, Excel and REFI-QDA files are zip files of XML, and a name in them is a name all the same; so
they are opened, and markup is taken for what it shows. What a clock or a counter wrote (the time of
a turn, the number of a subtitle, a score) is left out: "25" that somebody said is not the minute.
"""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date

import msgspec

_ZIPPED = (".docx", ".xlsx", ".qdpx")
# Ours from beginning to end, but for a label, which the names of the files show as well.
_OURS = frozenset({"README.txt", "transcript.schema.json"})
_GUID = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")
_CLOCKS = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|\+00:00)?"  # when something was done
    r"|(?<![\d:])\d{2,3}:\d\d:\d\d(?:[.,-]\d{1,3})?(?![\d:])"  # where in the sound
    r"|(?m:^\d+$)"  # the number of a subtitle
)
_TAG = re.compile(r"<[^>]*>")
_NAMED = re.compile(r"\b(?:name|title|creator|lastModifiedBy|description)=\"([^\"]*)\"")
# Parts that are a library's own and the same in every file that it makes, and cells by number.
_FURNITURE = re.compile(
    r"word/(?:styles|stylesWithEffects|fontTable|webSettings|settings|numbering|footer\d*)\.xml$"
    r"|xl/(?:styles|workbook|worksheets/\w+)\.xml$|/theme/\w+\.xml$|\[Content_Types\]\.xml$|\.rels$"
)


def readable(files: Mapping[str, bytes], on: date) -> dict[str, bytes]:
    """Return all files by name, those inside others as well, as a person could read them.

    on: the day of the hand-over, which stands in them and is nobody's.
    """
    day = on.isoformat()
    return {
        _GUID.sub("", name): _CLOCKS.sub("", text.replace(day, "")).encode()
        for name, text in _opened(files)
    }


def _opened(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, content in files.items():
        if name.endswith(_ZIPPED):
            yield name, ""  # its own name counts too
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inside = {f"{name}/{one}": archive.read(one) for one in archive.namelist()}
            yield from _opened({n: c for n, c in inside.items() if not _FURNITURE.search(n)})
        elif name in _OURS:
            yield name, ""
        else:
            reading = next((r for ending, r in _READINGS.items() if name.endswith(ending)), str)
            yield name, reading(content.decode(errors="replace"))


def _markup(text: str) -> str:
    """Return the words between tags, a line each, and the names that tags carry."""
    names = "\n".join(_NAMED.findall(text))
    return html.unescape(f"{_TAG.sub(chr(10), text)}\n{names}")


def _page(text: str) -> str:
    """Return the words of a page, its lines kept: what is bold inside one is part of it."""
    return html.unescape(_TAG.sub("", text))


def _strings(text: str) -> str:
    """Return the strings of a JSON file, a line each; its numbers are times and counts."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for name, held in value.items():  # pyright: ignore[reportUnknownVariableType] - any JSON
                yield str(name)  # pyright: ignore[reportUnknownArgumentType]
                yield from walk(held)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(value, list):
            for held in value:  # pyright: ignore[reportUnknownVariableType]
                yield from walk(held)  # pyright: ignore[reportUnknownArgumentType]

    return "\n".join(walk(msgspec.json.decode(text)))


def _log(text: str) -> str:
    """Return the cells of the log that hold words; turns, times and scores are numbers."""
    cells = (cell for row in csv.reader(io.StringIO(text)) for cell in row)
    return "\n".join(cell for cell in cells if not re.fullmatch(r"[\d.]+", cell))


def _counted(text: str) -> str:
    """Return our own sentences without the figures in them."""
    return re.sub(r"(?<!\w)\d[\d.:]*(?!\w)", "", text)


_READINGS: dict[str, Callable[[str], str]] = {
    ".xml": _markup,
    ".qde": _markup,
    ".html": _page,
    ".vtt": html.unescape,
    ".json": _strings,
    "-log.csv": _log,
    "methods.txt": _counted,
}
