"""RTF and ODT: the gate reads every word, and LibreOffice makes text of them."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false
# lxml annotates little.

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from handoff.export_input import ExportInput
from handoff.odt_file import render_odt
from handoff.plain_text import format_paragraph
from handoff.readable_text import extract_readable_text
from handoff.rtf_file import read_rtf, render_rtf
from handoff.transcript_lines import list_transcript_lines
from study import Provenance, Transcript, Turn

ON = date(2026, 11, 25)


def test_the_gate_reads_every_paragraph_of_both(material: ExportInput) -> None:
    read = read_rtf(render_rtf(material).decode("ascii")).split("\n")
    with zipfile.ZipFile(io.BytesIO(render_odt(material))) as archive:
        body = etree.fromstring(archive.read("content.xml")).iter("{*}p", "{*}h")
        in_odt = ["".join(one.xpath("string()")) for one in body]

    wanted = [line.text if line.is_topic else format_paragraph(line) for line in material.lines]
    assert read[2:4] == [
        "P07_i1", "Speakers: INT01 (interviewer), P07 (participant), FAM02 (supporter)",
    ]  # fmt: skip
    assert read[4:-1] == wanted
    assert [text.replace(" ", "") for text in in_odt[2:]] == [w.replace(" ", "") for w in wanted]


@given(st.text(max_size=60))
def test_rtf_is_ascii_and_gives_back_any_text(said: str) -> None:
    talk = Transcript((Turn(1, "P07", 0.0, 1.0, f"w{said}"),), Provenance("t", "e"))
    (line,) = list_transcript_lines(talk)
    material = ExportInput("00", "a", "P07_i1", ON, talk, [line], (), (), ())

    text = read_rtf(render_rtf(material).decode("ascii"))

    assert text.split("\n")[-2] == format_paragraph(line)


def test_odt_names_nobody_and_the_same_interview_gives_the_same_bytes(
    material: ExportInput,
) -> None:
    raw = render_odt(material)

    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert b"2026-11-25" in archive.read("meta.xml")
        assert b"creator" not in archive.read("meta.xml")
    assert raw == render_odt(material)
    seen = extract_readable_text({"a.odt": raw}, ON)
    assert b"First contact & <more>" in seen["a.odt/content.xml"]


def test_lines_are_numbered_where_asked(material: ExportInput) -> None:
    assert rb"\linemod1" in render_rtf(material, line_numbers=True)
    assert rb"\linemod1" not in render_rtf(material)
    for asked in (True, False):
        with zipfile.ZipFile(io.BytesIO(render_odt(material, line_numbers=asked))) as archive:
            assert (b"linenumbering" in archive.read("styles.xml")) is asked


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("soffice") and os.environ.get("EARSHOT_THOROUGH")),
    reason="LibreOffice is not installed, or EARSHOT_THOROUGH is not set",
)
def test_libreoffice_reads_every_word_of_both(material: ExportInput, tmp_path: Path) -> None:
    lines = [replace(line, text=line.text.replace("\u241b", "")) for line in material.lines]
    talk = replace(material, lines=lines)
    for name, raw in (("a.rtf", render_rtf(talk)), ("b.odt", render_odt(talk))):
        (tmp_path / name).write_bytes(raw)
        subprocess.run(
            [
                *("soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"),
                *("--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path)),
                str(tmp_path / name),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        text = (tmp_path / f"{name[0]}.txt").read_text(encoding="utf-8-sig")
        assert [line for line in text.split("\n") if line][2:] == [
            line.text if line.is_topic else format_paragraph(line) for line in lines
        ]
