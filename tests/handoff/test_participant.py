"""The participant's copy, and the corrections in a returned one."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from docx.shared import Pt
from docx.styles.style import ParagraphStyle

from handoff.export_input import ExportedCase, ExportInput
from handoff.formats import FORMATS_BY_NAME, FormatOptions
from handoff.gate import check_export
from handoff.participant_copy import CORRECTION_ROWS, COVER_SENTENCES, build_participant_copy
from handoff.participant_corrections import (
    enter_corrections,
    keep_returned,
    restore_originals,
    take_part,
)
from handoff.participant_page import render_participant_page
from handoff.participant_word import render_participant_word
from handoff.readable_text import extract_readable_text
from handoff.sign_off import require_exportable_sign_off
from handoff.transcript_lines import TranscriptLine
from study import (
    ArtefactKind,
    InterviewState,
    ReturnedChange,
    ReturnedCopy,
    ReturnedPart,
    ReturnedStanding,
)
from study.errors import BadCorrections, SignOffVoid
from study.store import Study, read_newest_transcript

P07 = ExportedCase("P07", {"role": "participant"}, is_interviewer=False)


class Text(HTMLParser):
    """The words of a page, and the tags that could fetch something."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.words, self.fetching = "", list[str]()
        self.feed(page.decode())

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "img", "iframe", "object"} or dict(attrs).keys() & {
            "src",
            "href",
        }:
            self.fetching.append(tag)


def test_it_begins_with_easy_words_and_calls_the_reader_you(material: ExportInput) -> None:
    words = Text(render_participant_page(material, P07)).words

    assert words.index("You talked with us.") < words.index("How did you hear of it?")
    assert "Interviewer: How did you hear of it?" in words
    assert "Supporter: =1+1 is what I say. Yes." in words
    assert "You: It was good." in words
    for _, sentence in COVER_SENTENCES:
        assert len(sentence.split()) <= 12
        assert sentence.count(".") + sentence.count("?") <= 2


def test_the_markers_of_the_interviewer_are_left_out(material: ExportInput) -> None:
    """Bare lines "(marker)" stood in it, and nothing said what they are."""
    marker = TranscriptLine(4.0, 4.0, "", "(marker)", is_marker=True)
    marked = replace(material, lines=[*material.lines, marker])

    assert render_participant_page(marked, P07) == render_participant_page(material, P07)
    assert "(marker)" not in [one.text for one in build_participant_copy(marked, P07)]


def test_the_word_copy_has_large_print_every_word_and_room_to_write(material: ExportInput) -> None:
    document = docx.Document(io.BytesIO(render_participant_word(material, P07)))

    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    assert normal.font.size == Pt(16)
    told = [p.text for p in document.paragraphs]
    assert "4  You: It was good." in told
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Line", "What it should say"]
    assert len(table.rows) == 1 + CORRECTION_ROWS


def test_lines_count_from_one_whatever_was_split_and_everybody_is_called_as_they_wish(
    material: ExportInput,
) -> None:
    split = [
        replace(line, turn=40 + n if line.speaker else 0) for n, line in enumerate(material.lines)
    ]

    copy = build_participant_copy(
        replace(material, lines=split), P07, {"P07": "Me", "INT01": "Ann"}
    )

    numbered = [one for one in copy if one.number]
    assert [one.number for one in numbered] == ["1", "2", "3", "4"]
    assert [one.turn for one in numbered] == [line.turn for line in split if line.speaker]
    assert [one.speaker for one in numbered] == ["Ann", "Me", "Supporter", "Me"]


def test_silences_and_events_are_explained_where_the_copy_has_them(material: ExportInput) -> None:
    turn, pause, silence = (
        next(line for line in material.lines if line.speaker),
        TranscriptLine(6.0, 6.0, "", "(paused, 40 s)"),
        TranscriptLine(8.0, 12.0, "", "(4 s)", is_silence=True),
    )
    shown = {
        name: Text(render_participant_page(replace(material, lines=[turn, *more]), P07)).words
        for name, more in {
            "none": [], "pause": [pause], "silence": [silence], "both": [pause, silence]
        }.items()
    }  # fmt: skip

    silent = {name for name, words in shown.items() if "nobody spoke for 4 seconds" in words}
    assert silent == {"silence", "both"}
    assert {name for name, words in shown.items() if "(round brackets)" in words} == {
        "pause", "both"
    }  # fmt: skip


def test_no_print_of_it_is_smaller_than_sixteen_points(material: ExportInput) -> None:
    page = render_participant_page(material, P07).decode()
    assert {float(size) for size in re.findall(r"([\d.]+)pt", page)} == {17.0}
    assert all(float(em) >= 1 for em in re.findall(r"font-size: ([\d.]+)em", page))

    document = docx.Document(io.BytesIO(render_participant_word(material, P07)))
    parts = zipfile.ZipFile(io.BytesIO(render_participant_word(material, P07)))
    names = [n for n in parts.namelist() if re.match(r"word/(document|header|footer)\d*\.xml", n)]
    used = {
        style
        for name in names
        for style in re.findall(r'<w:pStyle w:val="(\w+)"', parts.read(name).decode())
    }
    assert used >= {"Normal", "Title", "Heading1"}
    for style in document.styles:
        if isinstance(style, ParagraphStyle) and style.style_id in used:
            size, above = style.font.size, style.base_style
            while size is None and isinstance(above, ParagraphStyle):
                size, above = above.font.size, above.base_style
            assert size is not None
            assert size >= Pt(16), style.name


def test_the_page_fetches_nothing_and_runs_nothing(material: ExportInput) -> None:
    page = render_participant_page(material, P07)

    assert Text(page).fetching == []
    assert b"http" not in page
    assert b"url(" not in page


def test_there_is_a_copy_for_each_participant_and_it_is_the_same_each_time(
    material: ExportInput,
) -> None:
    files = FORMATS_BY_NAME["participant"].render([material], FormatOptions())

    assert sorted(files) == [
        *("P07_i1-for-FAM02.docx", "P07_i1-for-FAM02.html"),
        *("P07_i1-for-P07.docx", "P07_i1-for-P07.html"),
    ]
    assert files == FORMATS_BY_NAME["participant"].render([material], FormatOptions())


def test_our_own_words_in_it_are_nobodys_name(
    study: Study, decided: str, material: ExportInput
) -> None:
    seen = extract_readable_text(
        FORMATS_BY_NAME["participant"].render([material], FormatOptions()), material.day
    )

    check_export(study.interview(decided), seen)


def test_replacements_are_put_back_into_what_was_said() -> None:
    replaced = [("[Person 1]", "Rose"), ("[Place 1]", "Leeds"), ("[Person 1]", "she")]

    assert restore_originals("[Person 1] met [Person 1] there.", replaced) == "Rose met she there."
    assert restore_originals("Nobody, in [Place 1].", replaced) == "Nobody, in Leeds."
    assert restore_originals("It was [Person 2].", replaced) == "It was [Person 2]."


def test_corrections_become_a_new_version_and_void_the_sign_off(
    study: Study, approved: str
) -> None:
    interview = study.interview(approved)
    change = ReturnedChange(2, 2, "[Person 1] did. My number is [Phone number 1], yes.")
    part = ReturnedPart("row 1 of the table", "", ReturnedStanding.READ, changes=(change,), line=2)
    keep_returned(interview, ReturnedCopy("2026-11-20", 1, (1, 2), (part,)))
    take_part(interview, 1)

    changed = enter_corrections(interview)

    assert changed == 1
    source = read_newest_transcript(interview)
    assert source is not None
    assert source.ref.kind is ArtefactKind.CORRECTED
    assert source.turn_texts()[2] == "Rose O'Neill did. My number is 07700 900418, yes."
    assert study.find_interview(approved).state is InterviewState.CORRECTED
    with pytest.raises(SignOffVoid):
        require_exportable_sign_off(interview)


def test_a_line_that_is_not_there_any_more_changes_nothing(study: Study, approved: str) -> None:
    interview = study.interview(approved)
    changes = (ReturnedChange(2, 2, "other"), ReturnedChange(99, 3, "other"))
    part = ReturnedPart("row 1 of the table", "", ReturnedStanding.READ, changes=changes)
    keep_returned(interview, ReturnedCopy("2026-11-20", 1, (1, 2, 99), (part,)))
    take_part(interview, 1)

    with pytest.raises(BadCorrections, match="names a line that is no longer there"):
        enter_corrections(interview)

    assert study.find_interview(approved).state is InterviewState.SIGNED


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("chromium") and os.environ.get("EARSHOT_THOROUGH")),
    reason="Chromium is not installed, or EARSHOT_THOROUGH is not set",
)
def test_chromium_prints_it_with_the_network_blocked(material: ExportInput, tmp_path: Path) -> None:
    (tmp_path / "copy.html").write_bytes(render_participant_page(material, P07))
    subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"),
            *("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path}/profile"),
            *(f"--print-to-pdf={tmp_path}/copy.pdf", f"file://{tmp_path}/copy.html"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "copy.pdf").read_bytes())
    assert len(pages) >= 3  # the cover, the talk, the last page
