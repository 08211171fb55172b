"""The export formats by name: the files that each one writes, and its source.

A new format is entered here and nowhere else: the command line, the manifest and the tests read
this table. A format loads its library when it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from handoff.archive_text import render_archive_text
from handoff.case_table import render_cases_csv, render_cases_xlsx
from handoff.chat_file import render_chat
from handoff.elan_file import render_eaf
from handoff.exmaralda_file import render_exb
from handoff.export_input import ExportedCase, ExportInput
from handoff.html_page import render_html_page
from handoff.json_file import render_json, render_json_schema
from handoff.log_table import render_log_csv
from handoff.odt_file import render_odt
from handoff.participant_copy import list_readers
from handoff.participant_page import render_participant_page
from handoff.participant_word import render_participant_word
from handoff.plain_text import render_plain_text
from handoff.praat_grid import render_text_grid
from handoff.refi_project import ProjectCode, render_refi_project
from handoff.rtf_file import render_rtf
from handoff.subrip import render_srt
from handoff.timestamped_text import render_f4, render_maxqda
from handoff.turn_table import render_turns_csv, render_turns_xlsx
from handoff.web_vtt import render_web_vtt
from handoff.word_document import render_compact_word, render_word, render_word_table
from handoff.words_file import render_words, render_words_schema

PROJECT_FORMAT, PROJECT_FILE = "qdpx", "project.qdpx"
PDF_FORMAT = "pdf"
COPY_FORMAT = "participant"
REPORT_FORMAT, REPORT_FILE = "report", "report.html"


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """Options that apply to every format.

    codes: what becomes a code in a project. sound: the ending of the
    sound files beside the export, "" where there are none. line_numbers: in the margins of
    documents. called: by code, what somebody wishes to be called in a participant's copy. reader:
    the code of the only one who gets a copy, "" for everybody. is_sound_inside: the project with
    sound holds it, and is written apart, because it is too large to be held in memory.
    """

    codes: frozenset[ProjectCode] = frozenset()
    sound: str = ""
    line_numbers: bool = False
    called: Mapping[str, str] = field(default_factory=dict[str, str])
    reader: str = ""
    is_sound_inside: bool = False


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format. ``render`` returns its files by name, for all interviews of a hand-over.

    is_on_request: not for every analysis, so it is written only where somebody names it.
    needs_times: it goes by times, and leaves out transcripts that were typed elsewhere without.
    """

    name: str
    summary: str
    render: Callable[[Sequence[ExportInput], FormatOptions], Mapping[str, bytes]]
    is_on_request: bool = False
    needs_times: bool = False

    def select(self, materials: Sequence[ExportInput], options: FormatOptions) -> list[ExportInput]:
        """Return the interviews of which it writes something."""
        suitable = [m for m in materials if m.clean.is_timed or not self.needs_times]
        if self.name != COPY_FORMAT:
            return suitable
        return [m for m in suitable if _list_copied(m, options)]


def _each(
    ending: str, write: Callable[[ExportInput], bytes]
) -> Callable[[Sequence[ExportInput], FormatOptions], Mapping[str, bytes]]:
    """Return a renderer that makes one file for each interview, named by its label."""

    def render(materials: Sequence[ExportInput], _: FormatOptions) -> dict[str, bytes]:
        return {f"{m.label}{ending}": write(m) for m in materials}

    return render


def _each_beside_sound(
    ending: str, write: Callable[[ExportInput, str], bytes]
) -> Callable[[Sequence[ExportInput], FormatOptions], Mapping[str, bytes]]:
    """As ``_each``; the files name the sound file beside them."""

    def render(materials: Sequence[ExportInput], options: FormatOptions) -> dict[str, bytes]:
        return {f"{m.label}{ending}": write(m, options.sound) for m in materials}

    return render


def _each_document(
    ending: str, write: Callable[..., bytes]
) -> Callable[[Sequence[ExportInput], FormatOptions], Mapping[str, bytes]]:
    """As ``_each``; lines are numbered where that is ordered."""

    def render(materials: Sequence[ExportInput], options: FormatOptions) -> dict[str, bytes]:
        return {
            f"{m.label}{ending}": write(m, line_numbers=options.line_numbers) for m in materials
        }

    return render


def _turns(materials: Sequence[ExportInput], _: FormatOptions) -> dict[str, bytes]:
    return {
        "turns-utf8.csv": render_turns_csv(materials),
        "turns-excel.csv": render_turns_csv(materials, for_excel=True),
        "turns.xlsx": render_turns_xlsx(materials),
    }


def _words(materials: Sequence[ExportInput], _: FormatOptions) -> dict[str, bytes]:
    files = {f"{m.label}-words.json": render_words(m) for m in materials}
    return files | {"words.schema.json": render_words_schema()}


def _json(materials: Sequence[ExportInput], _: FormatOptions) -> dict[str, bytes]:
    files = {f"{m.label}.json": render_json(m) for m in materials}
    return files | {"transcript.schema.json": render_json_schema()}


def _copies(materials: Sequence[ExportInput], options: FormatOptions) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for material in materials:
        for reader in _list_copied(material, options):
            name = f"{material.label}-for-{reader.code}"
            called = options.called
            files[f"{name}.docx"] = render_participant_word(material, reader, called)
            files[f"{name}.html"] = render_participant_page(material, reader, called)
    return files


def _list_copied(material: ExportInput, options: FormatOptions) -> list[ExportedCase]:
    return [one for one in list_readers(material) if options.reader in {"", one.code}]


def _project(materials: Sequence[ExportInput], options: FormatOptions) -> dict[str, bytes]:
    text_only = render_refi_project(materials, codes=options.codes)
    if not options.sound:
        return {PROJECT_FILE: text_only}
    if options.is_sound_inside:
        return {"project-text.qdpx": text_only}
    project = render_refi_project(materials, codes=options.codes, sound=options.sound)
    return {PROJECT_FILE: project, "project-text.qdpx": text_only}


def _cases(materials: Sequence[ExportInput], _: FormatOptions) -> dict[str, bytes]:
    return {
        "cases.csv": render_cases_csv(materials),
        "cases.xlsx": render_cases_xlsx(materials),
    }


def _written_apart(_: Sequence[ExportInput], __: FormatOptions) -> dict[str, bytes]:
    """Return nothing: it needs more than the interviews, and is written by who has that.

    The report needs what the study knows of the work, and PDF another program.
    """
    return {}


FORMATS: tuple[ExportFormat, ...] = (
    ExportFormat("txt", "plain text with times, for every program",
                 _each(".txt", lambda m: render_plain_text(m.lines))),
    ExportFormat("docx", "Word, speakers as headings (NVivo, ATLAS.ti, print)",
                 _each_document(".docx", render_word)),
    ExportFormat("docx-compact", "Word, a paragraph for each turn (paper)",
                 _each_document("-compact.docx", render_compact_word), is_on_request=True),
    ExportFormat(PDF_FORMAT, "PDF, a paragraph for each turn (print; made by LibreOffice)",
                 _written_apart, is_on_request=True),
    ExportFormat("rtf", "RTF, a paragraph for each turn (OpenQDA, old word processors)",
                 _each_document(".rtf", render_rtf), is_on_request=True),
    ExportFormat("odt", "OpenDocument text, a paragraph for each turn (LibreOffice)",
                 _each_document(".odt", render_odt), is_on_request=True),
    ExportFormat("docx-table", "Word, NVivo's table of times, speakers and words",
                 _each("-table.docx", render_word_table), needs_times=True),
    ExportFormat("vtt", "WebVTT with times to the millisecond (Taguette, players)",
                 _each(".vtt", lambda m: render_web_vtt(m.lines)), needs_times=True),
    ExportFormat("srt", "SubRip (MAXQDA, QualCoder, players)",
                 _each(".srt", lambda m: render_srt(m.lines)), needs_times=True),
    ExportFormat("html", "a bare page (Taguette, browsers)", _each(".html", render_html_page)),
    ExportFormat("maxqda", "text as MAXQDA takes transcripts with times",
                 _each("-maxqda.txt", lambda m: render_maxqda(m.lines)), needs_times=True),
    ExportFormat("f4", "text with times as f4 writes them",
                 _each("-f4.txt", lambda m: render_f4(m.lines)), needs_times=True),
    ExportFormat("json", "every turn as a record, for scripts", _json),
    ExportFormat("qdpx", "a REFI-QDA project: texts, cases, attributes", _project),
    ExportFormat("turns", "turns as CSV (R, pandas; Excel) and XLSX", _turns),
    ExportFormat("cases", "cases and attributes as CSV and XLSX", _cases),
    ExportFormat("log", "what was replaced, by which decision, without an original",
                 _each("-log.csv", lambda m: render_log_csv(
                     m.log, m.numbers, is_timed=m.clean.is_timed))),
    ExportFormat("words", "every word with its time as JSON, for scripts", _words,
                 is_on_request=True, needs_times=True),
    ExportFormat("eaf", "ELAN, a tier for each speaker and for their words",
                 _each_beside_sound(".eaf", render_eaf), is_on_request=True, needs_times=True),
    ExportFormat("textgrid", "Praat, the same tiers",
                 _each(".TextGrid", render_text_grid), is_on_request=True, needs_times=True),
    ExportFormat("exb", "EXMARaLDA, the same tiers",
                 _each_beside_sound(".exb", render_exb), is_on_request=True, needs_times=True),
    ExportFormat("chat", "CHAT with an utterance for each sentence (CLAN)",
                 _each_beside_sound(".cha", render_chat), is_on_request=True),
    ExportFormat(COPY_FORMAT, "the participant's own copy, in large print, to be corrected",
                 _copies, is_on_request=True),
    ExportFormat(REPORT_FORMAT, "a report for who leads the study: people, talk, topics, work",
                 _written_apart, is_on_request=True),
    ExportFormat("archive", "plain text under a header, as archives lay transcripts out",
                 _each("-archive.txt", render_archive_text), is_on_request=True),
)  # fmt: skip
FORMATS_BY_NAME = {one.name: one for one in FORMATS}
FORMAT_NAMES = tuple(FORMATS_BY_NAME)
