"""Extract the text that a person could read in files, for the gate to search.

Word, OpenDocument, Excel and REFI-QDA files are zip files of XML; they are opened, and their markup
is removed. Times, counters and scores are left out: a spoken "25" is not the minute of a turn.
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

from handoff.rtf_file import read_rtf

_ZIPPED = (".docx", ".odt", ".xlsx", ".qdpx")
# Earshot wrote these whole, apart from labels, which the names of the files show as well.
_OURS = frozenset({"README.txt", "transcript.schema.json", "words.schema.json"})
_LAID_OUT = ".pdf"  # compressed; the Word file that it is made of was read in its place
_GUID = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")
_CLOCKS = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|\+00:00)?"  # when something was done
    r"|(?<![\d:])\d{2,3}:\d\d:\d\d(?:[.,-]\d{1,3})?(?![\d:])"  # a time of the sound
    r"|(?m:^\d+$)"  # the number of a subtitle
)
# A day of this study, which names nobody: cells of a table, and the line of a header.
_DAY_CELL = re.compile(r"[\d.]+|\d{4}-\d\d|\d{4}s")
_DAY_LINE = re.compile(r"^Date of the interview: .*$", re.MULTILINE)
_TAG = re.compile(r"<[^>]*>")
_NAMED = re.compile(
    r"\b(?:name|title|creator|lastModifiedBy|description|display-name|url"
    r"|TIER_ID|PARTICIPANT|AUTHOR|(?:RELATIVE_)?MEDIA_URL)=\"([^\"]*)\""
)
_QUOTED = re.compile(r'^\s*(?:name|text) = "((?:[^"]|"")*)"$', re.MULTILINE)  # in a TextGrid
_REPLACED = re.compile(r"([^\s@]+?)('\w+)?@z:rep")  # a replacement in CHAT
_BULLET = re.compile(r"\x15\d+_\d+\x15")  # a time in CHAT
_TIME_COLUMNS = frozenset({"turn", "start_s", "end_s"})
# Parts that a library writes alike into every file, and sheets, whose cells name strings by number.
_LIBRARY_PARTS = re.compile(
    r"word/(?:styles|stylesWithEffects|fontTable|webSettings|settings|numbering|footer\d*)\.xml$"
    r"|xl/(?:styles|workbook|worksheets/\w+)\.xml$|/theme/\w+\.xml$|/mimetype$|META-INF/manifest\.xml$|\[Content_Types\]\.xml$|\.rels$"
)


def extract_readable_text(files: Mapping[str, bytes], export_day: date) -> dict[str, bytes]:
    """Return the readable text of all files by name, also of the files inside others.

    export_day: the day of the hand-over; it is left out, because it is no original.
    """
    day = export_day.isoformat()
    return {
        _GUID.sub("", name): _CLOCKS.sub("", text.replace(day, "")).encode()
        for name, text in _open(files)
    }


def _open(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, content in files.items():
        if name.endswith(_ZIPPED):
            yield name, ""  # its own name counts too
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inside = {f"{name}/{one}": archive.read(one) for one in archive.namelist()}
            yield from _open({n: c for n, c in inside.items() if not _LIBRARY_PARTS.search(n)})
        elif name in _OURS or name.endswith(_LAID_OUT):
            yield name, ""
        else:
            read = next((r for ending, r in _READERS.items() if name.endswith(ending)), str)
            yield name, read(content.decode(errors="replace"))


def _markup(text: str) -> str:
    """Return the words between tags, each on a line, and the names in attributes."""
    names = "\n".join(_NAMED.findall(text))
    return html.unescape(f"{_TAG.sub(chr(10), text)}\n{names}")


def _page(text: str) -> str:
    """Return the words of a page without tags; a bold word stays in its line."""
    return html.unescape(_TAG.sub("", text))


def _strings(text: str) -> str:
    """Return the strings of a JSON file, each on a line, without its numbers."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for name, item in value.items():  # pyright: ignore[reportUnknownVariableType] - any JSON
                yield str(name)  # pyright: ignore[reportUnknownArgumentType]
                yield from walk(item)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(value, list):
            for item in value:  # pyright: ignore[reportUnknownVariableType]
                yield from walk(item)  # pyright: ignore[reportUnknownArgumentType]

    return "\n".join(walk(msgspec.json.decode(text)))


def _log(text: str) -> str:
    """Return the cells of the log, each on a line, without its numbers."""
    return _list_cells(text, re.compile(r"[\d.]+"))


def _archive_table(text: str) -> str:
    """Return the cells of a table for an archive, each on a line, without numbers and days."""
    return _list_cells(text, _DAY_CELL)


def _turn_table(text: str) -> str:
    """Return the cells of the table of turns, each on a line, without its times and numbers."""
    titles, *rows = csv.reader(io.StringIO(text))
    told = [number for number, title in enumerate(titles) if title not in _TIME_COLUMNS]
    return "\n".join([*titles, *(row[number] for row in rows for number in told)])


def _words(text: str) -> str:
    """Return the texts of a file of words, and the words of each turn as a text again."""

    def walk() -> Iterator[str]:
        file = msgspec.json.decode(text)
        yield file["label"]
        for turn in file["turns"]:
            yield from (turn["speaker"], turn["text"])
            if (words := " ".join(word["text"] for word in turn["words"])) != turn["text"]:
                yield words

    return "\n".join(walk())


def _text_grid(text: str) -> str:
    """Return the names and texts of a TextGrid, each on a line."""
    return "\n".join(found.replace('""', '"') for found in _QUOTED.findall(text))


def _chat(text: str) -> str:
    """Return a transcript in CHAT without its times, and with its replacements in brackets."""

    def restore(word: re.Match[str]) -> str:
        return f"[{word[1].replace('__', ', ').replace('_', ' ')}]{word[2] or ''}"

    return re.sub(r" +([,.?!])", r"\1", _REPLACED.sub(restore, _BULLET.sub("", text)))


def _srt(text: str) -> str:
    """Return what is said in subtitles: a line for each speaker, whatever the cues are.

    A number that is torn over two cues is one again.
    """
    lines: list[tuple[str, str]] = []
    for block in re.split(r"\n\n+", text.replace("\r\n", "\n").removeprefix("\ufeff")):
        rows = [row for row in block.strip("\n").split("\n") if not row.isdecimal()]
        is_cue = any("-->" in row for row in rows)
        said = " ".join(row for row in rows if "-->" not in row)
        speaker, colon, words = said.partition(": ") if is_cue else ("", "", said)
        if is_cue and colon and lines and lines[-1][0] == speaker:
            lines[-1] = speaker, f"{lines[-1][1]} {words}"
        else:
            lines.append((speaker if colon else "", said))
    return "\n".join(said for _, said in lines)


def _web_vtt(text: str) -> str:
    return html.unescape(_srt(text))


def _list_cells(text: str, left_out: re.Pattern[str]) -> str:
    cells = (cell for row in csv.reader(io.StringIO(text)) for cell in row)
    return "\n".join(cell for cell in cells if not left_out.fullmatch(cell))


def _archive_readme(text: str) -> str:
    """Return the study's title, which a person typed; it is wrapped, so its lines are joined.

    The methods paragraph below it is that of methods.txt, which is searched.
    """
    _, _, title = text.partition("\n\n")[0].partition("\n")
    return " ".join(title.split())


def _archive_text(text: str) -> str:
    """Return a transcript without the day in its header, which stands before anybody's words."""
    return _DAY_LINE.sub("", text, count=1)


def _sentences(text: str) -> str:
    """Return Earshot's own sentences without their figures."""
    return re.sub(r"(?<!\w)\d[\d.:]*(?!\w)", "", text)


_READERS: dict[str, Callable[[str], str]] = {
    ".xml": _markup,
    ".qde": _markup,
    ".eaf": _markup,
    ".exb": _markup,
    ".TextGrid": _text_grid,
    ".cha": _chat,
    "turns-utf8.csv": _turn_table,
    "turns-excel.csv": _turn_table,
    "-words.json": _words,
    ".html": _page,
    ".vtt": _web_vtt,
    ".srt": _srt,
    ".rtf": read_rtf,
    ".json": _strings,
    "-log.csv": _log,
    "README-archive.txt": _archive_readme,
    "-archive.txt": _archive_text,
    "consent.csv": _archive_table,
    "data-list.csv": _archive_table,
    "methods.txt": _sentences,
}
