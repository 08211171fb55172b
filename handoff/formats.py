"""The formats by name: which file each makes, and of what. The libraries load when one is written.

A format is added here and nowhere else: the command line, the manifest and the tests read this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from handoff import (
    cases,
    json_file,
    page,
    participant,
    plain_text,
    refi,
    srt,
    timestamped,
    web_vtt,
    word,
)
from handoff.log_table import log_csv
from handoff.material import Material
from handoff.participant_page import participant_page
from handoff.participant_word import participant_word


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may choose.

    topics: each topic of the guide becomes a code in a project. sound: the ending of the files
    with sound that lie beside it, "" where there are none.
    """

    topics: bool = False
    sound: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``made`` gives its files by name, of all interviews of a hand-over.

    is_asked_for: it is for somebody else than the analysis, so only whoever names it gets it.
    """

    name: str
    summary: str
    made: Callable[[Sequence[Material], Options], Mapping[str, bytes]]
    is_asked_for: bool = False


def _each(
    ending: str, write: Callable[[Material], bytes], *, by_time: bool = False
) -> Callable[[Sequence[Material], Options], Mapping[str, bytes]]:
    """Make one file of each interview, named by its label.

    by_time: not of a transcript that was typed elsewhere without times.
    """

    def made(materials: Sequence[Material], _: Options) -> dict[str, bytes]:
        fit = (m for m in materials if m.clean.is_timed or not by_time)
        return {f"{m.label}{ending}": write(m) for m in fit}

    return made


def _json(materials: Sequence[Material], _: Options) -> dict[str, bytes]:
    files = {f"{m.label}.json": json_file.json_file(m) for m in materials}
    return files | {"transcript.schema.json": json_file.json_schema()}


def _copies(materials: Sequence[Material], _: Options) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for material in materials:
        for reader in participant.readers(material):
            name = f"{material.label}-for-{reader.code}"
            files[f"{name}.docx"] = participant_word(material, reader)
            files[f"{name}.html"] = participant_page(material, reader)
    return files


FORMATS: tuple[Format, ...] = (
    Format("txt", "plain text with times, for every program",
           _each(".txt", lambda m: plain_text.plain_text(m.lines))),
    Format("docx", "Word, speakers as headings (NVivo, ATLAS.ti, print)",
           _each(".docx", word.word)),
    Format("docx-table", "Word, NVivo's table of times, speakers and words",
           _each("-table.docx", word.word_table, by_time=True)),
    Format("vtt", "WebVTT with times to the millisecond (Taguette, players)",
           _each(".vtt", lambda m: web_vtt.web_vtt(m.lines), by_time=True)),
    Format("srt", "SubRip (MAXQDA, QualCoder, players)",
           _each(".srt", lambda m: srt.srt(m.lines), by_time=True)),
    Format("html", "a bare page (Taguette, browsers)", _each(".html", page.page)),
    Format("maxqda", "text as MAXQDA takes transcripts with times",
           _each("-maxqda.txt", lambda m: timestamped.maxqda(m.lines), by_time=True)),
    Format("f4", "text with times as f4 writes them",
           _each("-f4.txt", lambda m: timestamped.f4(m.lines), by_time=True)),
    Format("json", "every turn as a record, for scripts", _json),
    Format("qdpx", "a REFI-QDA project: texts, cases, attributes",
           lambda ms, o: {"project.qdpx": refi.refi(ms, with_topics=o.topics, sound=o.sound)}),
    Format("cases", "cases and attributes as CSV and XLSX",
           lambda ms, _: {"cases.csv": cases.cases_csv(ms), "cases.xlsx": cases.cases_xlsx(ms)}),
    Format("log", "what was replaced, by which decision, without an original",
           _each("-log.csv", lambda m: log_csv(m.log))),
    Format("participant", "the participant's own copy, in large print, to be corrected",
           _copies, is_asked_for=True),
)  # fmt: skip
BY_NAME = {one.name: one for one in FORMATS}
FORMAT_NAMES = tuple(BY_NAME)
