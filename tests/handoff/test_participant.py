"""The participant's copy, and the corrections in a returned one."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from docx.shared import Pt
from docx.styles.style import ParagraphStyle

from handoff.export_input import ExportedCase, ExportInput
from handoff.formats import FORMATS_BY_NAME, FormatOptions
from handoff.gate import check_export
from handoff.participant_copy import CORRECTION_ROWS, COVER_SENTENCES
from handoff.participant_corrections import (
    ParticipantCorrection,
    Returned,
    enter_corrections,
    restore_originals,
)
from handoff.participant_page import render_participant_page
from handoff.participant_word import render_participant_word
from handoff.readable_text import extract_readable_text
from study import ArtefactKind, InterviewState
from study.errors import BadCorrections
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
    changed = enter_corrections(
        study.interview(approved),
        Returned(
            (ParticipantCorrection(2, "[Person 1] did. My number is [Phone number 1], yes."),)
        ),
    )

    assert changed == 1
    source = read_newest_transcript(study.interview(approved))
    assert source is not None
    assert source.ref.kind is ArtefactKind.CORRECTED
    assert source.turn_texts()[2] == "Rose O'Neill did. My number is 07700 900418, yes."
    assert study.find_interview(approved).state is InterviewState.SIGN_AGAIN


def test_a_line_that_is_not_there_changes_nothing(study: Study, approved: str) -> None:
    with pytest.raises(BadCorrections, match="names a line that is not there"):
        enter_corrections(
            study.interview(approved),
            Returned((ParticipantCorrection(2, "other"), ParticipantCorrection(99, "other"))),
        )

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
