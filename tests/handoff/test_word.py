"""Word documents, read back by python-docx and turned into pages by LibreOffice."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest

from handoff.export_input import ExportInput
from handoff.plain_text import format_paragraph
from handoff.transcript_lines import list_transcript_lines, tidy_text
from handoff.word_document import render_compact_word, render_word, render_word_table
from study import Mark, MarkKind


def test_topics_and_speakers_are_headings_and_every_word_is_there(material: ExportInput) -> None:
    document = docx.Document(io.BytesIO(render_word(material)))

    read = [(p.style.name if p.style else "", p.text) for p in document.paragraphs]
    assert read[:5] == [
        ("Title", "P07_i1"),
        ("Normal", "Speakers: INT01 (interviewer), P07 (participant), FAM02 (supporter)"),
        ("Heading 1", "Topic: First contact & <more>"),
        ("Heading 2", "INT01"),
        ("Normal", "[00:00:01] How did you hear of it?"),
    ]
    spoken = [text for _, text in read]
    for turn in material.clean.turns:
        assert sum(text.endswith(f"] {tidy_text(turn.text)}") for text in spoken) == 1
    assert "[00:00:06] (recording paused, 40 s)" in spoken
    assert "secret" not in "".join(spoken)


def test_no_silence_stands_under_the_heading_of_a_speaker(material: ExportInput) -> None:
    """NVivo makes codes of headings, and what stands under one gets its code."""
    events = (*material.clean.events, Mark(3726.0, MarkKind.SILENCE, length_s=4.0))
    clean = replace(material.clean, events=events)
    talk = replace(material, clean=clean, lines=list_transcript_lines(clean))
    document = docx.Document(io.BytesIO(render_word(talk)))

    under, found = "", list[tuple[str, str]]()
    for paragraph in document.paragraphs[2:]:
        if paragraph.style and paragraph.style.name == "Heading 2":
            under = paragraph.text
        elif paragraph.style and paragraph.style.name == "Normal":
            found.append((under, paragraph.text.partition("] ")[2]))

    assert found == [
        (line.speaker or "Events", line.text) for line in talk.lines if not line.is_topic
    ]


def test_the_compact_form_has_a_paragraph_for_each_turn(material: ExportInput) -> None:
    document = docx.Document(io.BytesIO(render_compact_word(material)))

    read = [p.text for p in document.paragraphs]
    assert read[2:] == [
        line.text if line.is_topic else format_paragraph(line) for line in material.lines
    ]


@pytest.mark.parametrize("write", [render_word, render_compact_word])
def test_lines_are_numbered_through_the_document_where_asked(
    material: ExportInput, write: Callable[..., bytes]
) -> None:
    for asked in (True, False):
        raw = write(material, line_numbers=asked)

        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            section = archive.read("word/document.xml").decode().partition("<w:sectPr")[2]
        names = re.findall(r"<w:(pgSz|pgMar|lnNumType|cols)\b", section)
        assert names == ["pgSz", "pgMar", *["lnNumType"] * asked, "cols"]  # as the schema orders


def test_the_table_has_the_columns_that_nvivo_looks_for(material: ExportInput) -> None:
    (table,) = docx.Document(io.BytesIO(render_word_table(material))).tables

    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["Timespan", "Speaker", "Content"]
    assert rows[2] == ["00:00:01", "INT01", "How did you hear of it?"]
    assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])


def test_pages_are_numbered_and_headed_by_code_and_day(material: ExportInput) -> None:
    document = docx.Document(io.BytesIO(render_word(material)))

    section = document.sections[0]
    assert section.header.paragraphs[0].text == "P07_i1, anonymised. Exported 2026-11-25"
    footer = section.footer.part.blob.decode()
    assert 'w:instr="PAGE"' in footer
    assert 'w:instr="NUMPAGES"' in footer


def test_nobody_and_no_program_is_named_and_no_clock_stands_in_it(material: ExportInput) -> None:
    raw = render_word(material)

    told = docx.Document(io.BytesIO(raw)).core_properties
    assert {told.author, told.last_modified_by, told.comments, told.title, told.keywords} == {""}
    assert told.created is not None
    assert told.created.date() == date(2026, 11, 25)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = archive.namelist()
        everything = b"".join(map(archive.read, names))
    assert not [n for n in names if "custom" in n or "thumbnail" in n or "app.xml" in n]
    assert b"python-docx" not in everything
    assert b"Macintosh" not in everything


@pytest.mark.parametrize("write", [render_word, render_word_table])
def test_the_same_interview_gives_the_same_bytes(material: ExportInput, write: object) -> None:
    assert callable(write)
    assert write(material) == write(material)
    assert write(material) != write(replace(material, day=date(2026, 11, 26)))


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("soffice") and os.environ.get("EARSHOT_THOROUGH")),
    reason="LibreOffice is not installed, or EARSHOT_THOROUGH is not set",
)
def test_libreoffice_makes_pages_of_it(material: ExportInput, tmp_path: Path) -> None:
    for name, write in (
        ("headings", render_word), ("compact", render_compact_word), ("table", render_word_table),
    ):  # fmt: skip
        (tmp_path / f"{name}.docx").write_bytes(write(material))
        subprocess.run(
            [
                *("soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"),
                *("--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / f"{name}.docx")),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF")
