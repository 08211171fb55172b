"""A returned copy: its corrections are entered, and every unclear part is reported."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from handoff.export_input import read_export_input
from handoff.participant_copy import list_readers
from handoff.participant_corrections import (
    ParticipantCorrection,
    Returned,
    enter_corrections,
    read_returned,
)
from handoff.participant_word import render_participant_word
from study import ArtefactKind, InterviewState, Transcript
from study.errors import BadCorrections
from study.store import Study, read_trail_head

Fill = Callable[[Document], None]
GOOD = ("2", "I said  nothing")


@pytest.fixture
def copy(study: Study, approved: str) -> bytes:
    """The Word copy of the approved interview for P07."""
    made = read_export_input(study.interview(approved), date(2026, 11, 25))
    return render_participant_word(made, list_readers(made)[0])


def rows(*filled: tuple[str, str]) -> Fill:
    """Write into the last table, as somebody would in Word."""

    def fill(document: Document) -> None:
        for row, (number, text) in zip(document.tables[-1].rows[1:], filled, strict=False):
            row.cells[0].text, row.cells[1].text = number, text

    return fill


def send_back(study: Study, interview: str, copy: bytes, path: Path, *fills: Fill) -> Returned:
    document = docx.Document(io.BytesIO(copy))
    for fill in fills:
        fill(document)
    document.save(str(path))
    return read_returned(study.interview(interview), path)


def test_what_was_written_into_the_table_is_read_back(
    study: Study, approved: str, copy: bytes, tmp_path: Path
) -> None:
    found = send_back(
        study, approved, copy, tmp_path / "back.docx", rows(GOOD, ("", ""), ("1", "Take out."))
    )

    assert found == Returned(
        (ParticipantCorrection(2, "I said nothing"), ParticipantCorrection(1, ""))
    )


def test_what_the_sender_wrote_on_the_cover_and_new_runs_are_no_wishes(
    study: Study, approved: str, copy: bytes, tmp_path: Path
) -> None:
    def send(document: Document) -> None:
        asked = next(p for p in document.paragraphs if p.text.startswith("Phone:"))
        asked.runs[-1].text = " 01632 960123"
        talk = next(p for p in document.paragraphs if p.text.startswith("2  "))
        whole = talk.runs[-1].text
        talk.runs[-1].text = whole[:5]  # Word parts runs as it likes
        talk.add_run(whole[5:])
        document.add_paragraph("")

    found = send_back(study, approved, copy, tmp_path / "back.docx", send, rows(GOOD))

    assert found.unclear == ()


def test_a_copy_of_an_earlier_clean_text_is_still_known(
    study: Study, approved: str, copy: bytes, tmp_path: Path
) -> None:
    with study.interview(approved).change("made for a test") as change:
        clean = study.interview(approved).read_artefact(ArtefactKind.CLEAN, Transcript)
        assert clean is not None
        turns = tuple(replace(turn, text=f"{turn.text} Later.") for turn in clean.turns)
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=turns))

    found = send_back(study, approved, copy, tmp_path / "back.docx", rows(GOOD))

    assert found == Returned((ParticipantCorrection(2, "I said nothing"),))


def typed_into_the_talk(document: Document) -> None:
    next(p for p in document.paragraphs if p.text.startswith("2  ")).add_run(" No, it was Sue.")


def a_line_deleted(document: Document) -> None:
    one = next(p for p in document.paragraphs if p.text.startswith("2  "))._p
    one.getparent().remove(one)  # pyright: ignore[reportUnknownMemberType] - lxml


def a_new_paragraph(document: Document) -> None:
    document.add_paragraph("Please do not use the part about Sue.")


def ticked(document: Document) -> None:
    one = next(p for p in document.paragraphs if p.text.endswith("I want to take something out."))
    one.runs[0].text = "\u2612"


def tracked(document: Document) -> None:
    one = next(p for p in document.paragraphs if p.text.startswith("2  "))._p
    made = parse_xml(f'<w:ins {nsdecls("w")} w:id="1"><w:r><w:t> Sue</w:t></w:r></w:ins>')
    one.append(made)  # pyright: ignore[reportUnknownMemberType] - lxml


def tracked_out(document: Document) -> None:
    one = next(p for p in document.paragraphs if p.text.startswith("2  "))._p
    run = one.r_lst[-1]
    gone = parse_xml(f'<w:del {nsdecls("w")} w:id="1"/>')
    run.addprevious(gone)  # pyright: ignore[reportUnknownMemberType] - lxml
    gone.append(run)  # pyright: ignore[reportUnknownMemberType] - lxml


def commented(document: Document) -> None:
    one = next(p for p in document.paragraphs if p.text.startswith("2  "))
    document.add_comment(one.runs, "It was Sue.", author="a reader")


def marked(document: Document) -> None:
    one = next(p for p in document.paragraphs if p.text.startswith("2  "))
    one.runs[-1].font.highlight_color = WD_COLOR_INDEX.YELLOW


def struck_out(document: Document) -> None:
    next(p for p in document.paragraphs if p.text.startswith("2  ")).runs[-1].font.strike = True


def in_the_header(document: Document) -> None:
    document.sections[0].header.paragraphs[0].add_run(" It was Sue.")


def a_row_of_three(document: Document) -> None:
    made = parse_xml(f"<w:tc {nsdecls('w')}><w:p><w:r><w:t>Sue</w:t></w:r></w:p></w:tc>")
    document.tables[-1].rows[3]._tr.append(made)  # pyright: ignore[reportUnknownMemberType] - lxml


def another_table(document: Document) -> None:
    document.add_table(1, 1).rows[0].cells[0].text = "It was Sue."


STRANGE: dict[str, tuple[Fill, str, str]] = {
    "typed into the talk": (typed_into_the_talk, "line 2 of the talk", "text that is not"),
    "a line deleted": (a_line_deleted, "line 2 of the talk", "taken out of the copy"),
    "a new paragraph": (a_new_paragraph, "beside the table", "text that is not"),
    "a ticked box": (ticked, "beside the table", "a ticked box"),
    "a tracked insertion": (tracked, "line 2 of the talk", "a tracked change"),
    "a tracked deletion": (tracked_out, "line 2 of the talk", "a tracked change"),
    "a comment": (commented, "line 2 of the talk", "a comment"),
    "words marked": (marked, "line 2 of the talk", "words struck out or marked"),
    "words struck out": (struck_out, "line 2 of the talk", "words struck out or marked"),
    "the header": (in_the_header, "the top or the foot of a page", "text that is not"),
    "a third column": (a_row_of_three, "row 3 of the table", "a row with other columns"),
    "another table": (another_table, "row 11 of the table", "a row with other columns"),
    "7.": (rows(GOOD, ("7.", "Sue")), "row 2 of the table", "not the number of one line"),
    "4-5": (rows(GOOD, ("4-5", "Sue")), "row 2 of the table", "not the number of one line"),
    "Line 7": (rows(GOOD, ("Line 7", "Sue")), "row 2 of the table", "not the number of one"),
    "free text": (rows(GOOD, ("", "It was Sue")), "row 2 of the table", "not the number of one"),
    "no text": (rows(GOOD, ("1", "")), "row 2 of the table", "a number without what"),
    "said twice": (rows(GOOD, ("2", "Sue")), "row 2 of the table", "named before"),
    "nearly": (rows(GOOD, ("1", "Please take this out!")), "row 2 of the table", "perhaps meant"),
}


@pytest.mark.parametrize(("fill", "where", "kind"), STRANGE.values(), ids=STRANGE)
def test_a_copy_with_anything_that_is_not_understood_is_refused_and_that_is_listed(
    study: Study, approved: str, copy: bytes, tmp_path: Path, fill: Fill, where: str, kind: str
) -> None:
    before = read_trail_head(study.db)

    found = send_back(study, approved, copy, tmp_path / "back.docx", rows(GOOD), fill)

    assert any(one.where == where and kind in one.kind for one in found.unclear)
    with pytest.raises(BadCorrections, match=r"holds .* not understood") as refused:
        enter_corrections(study.interview(approved), found)
    assert "Sue" not in f"{refused.value!r}{found!r}"
    assert read_trail_head(study.db) == before
    assert study.find_interview(approved).state is InterviewState.SIGNED


def test_lines_of_text_are_read_as_well(study: Study, approved: str, tmp_path: Path) -> None:
    (tmp_path / "back.txt").write_text(
        "2: I said nothing\n\n 3. take out\n4\t12 people\n5:Yes\n", encoding="utf-8-sig"
    )

    assert read_returned(study.interview(approved), tmp_path / "back.txt") == Returned(
        (
            ParticipantCorrection(2, "I said nothing"),
            ParticipantCorrection(3, ""),
            ParticipantCorrection(4, "12 people"),
            ParticipantCorrection(5, "Yes"),
        )
    )


@pytest.mark.parametrize(
    "line",
    ["Dear all,", "4-5: Sue", "Line 7: Sue", "7", "7:", "7.", "12.30 was too late",
     "7: take it out", "2: Sue", "no number"],
)  # fmt: skip
def test_a_text_with_a_line_that_is_not_understood_is_refused(
    study: Study, approved: str, tmp_path: Path, line: str
) -> None:
    (tmp_path / "back.txt").write_text(f"2: I said nothing\n{line}\n")

    found = read_returned(study.interview(approved), tmp_path / "back.txt")

    assert [one.where for one in found.unclear] == ["line 2 of the file"]
    with pytest.raises(BadCorrections, match="1 thing that was not understood"):
        enter_corrections(study.interview(approved), found)


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", "<a>" + " " * (101 << 20) + "</a>")
    return out.getvalue()


def zip_document(document: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", document)
    return out.getvalue()


UNREADABLE: dict[str, Callable[[], bytes]] = {
    "broken zip": lambda: b"PK\x03\x04 no zip",
    "no document": lambda: re.sub(rb"document\.xml", b"somebody.xml", zip_document(b"<a/>")),
    "broken document": lambda: zip_document(b"<a>"),
    "entities": lambda: zip_document(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "swollen": zip_bomb,
    "no text": lambda: b"\xff\xfe\x00 no text",
    "empty": lambda: b" \n",
    "far too large": lambda: b"1: x\n" + bytes(17 << 20),
}


@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_one_sentence(
    study: Study, approved: str, tmp_path: Path, raw: Callable[[], bytes]
) -> None:
    (tmp_path / "back").write_bytes(raw())

    with pytest.raises(BadCorrections):
        read_returned(study.interview(approved), tmp_path / "back")


def test_a_folder_or_nothing_at_all_is_one_sentence(
    study: Study, approved: str, copy: bytes, tmp_path: Path
) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(BadCorrections):
            read_returned(study.interview(approved), path)
    with pytest.raises(BadCorrections, match="is not there"):
        read_returned(study.interview(approved), tmp_path / "nothing")
    with pytest.raises(BadCorrections):  # it came back as it was sent
        send_back(study, approved, copy, tmp_path / "back.docx")
