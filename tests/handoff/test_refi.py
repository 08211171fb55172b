"""A REFI-QDA project: valid by the schema, and by every rule that real programs taught."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false
# lxml annotates little.

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from handoff.export_input import ExportedCase, ExportInput
from handoff.formats import FORMATS, FormatOptions
from handoff.plain_text import format_paragraph
from handoff.refi_project import ProjectCode, render_refi_project
from handoff.transcript_lines import list_transcript_lines
from study import Mark, MarkKind

SCHEMA = Path(__file__).parents[3] / "shared" / "data" / "refi-qda" / "Project.xsd"
Q = "{urn:QDA-XML:project:1.0}"


def open_project(raw: bytes) -> tuple[Any, dict[str, bytes]]:
    """The project's XML, and the other files by name."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return etree.fromstring(files.pop("project.qde")), files


@pytest.fixture(params=[(), (*ProjectCode,)], ids=["plain", "codes"])
def project(request: pytest.FixtureRequest, material: ExportInput) -> tuple[Any, dict[str, bytes]]:
    return open_project(render_refi_project([material], codes=request.param))


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema of REFI-QDA is not beside it")
def test_it_is_valid_by_the_schema(project: tuple[Any, dict[str, bytes]]) -> None:
    schema: Any = etree.XMLSchema(etree.parse(SCHEMA))

    schema.assertValid(project[0])


def test_the_text_is_a_file_of_its_own_and_never_inline(
    project: tuple[Any, dict[str, bytes]],
) -> None:
    root, files = project

    (source,) = root.iter(f"{Q}TextSource")
    assert source.get("plainTextPath").removeprefix("internal://") in {
        name.removeprefix("sources/") for name in files
    }
    assert not list(root.iter(f"{Q}PlainTextContent"))
    assert not list(root.iter(f"{Q}AudioSource"))  # qualitative-coding breaks on one


def test_the_text_has_line_feeds_no_byte_order_mark_and_is_nfc(
    project: tuple[Any, dict[str, bytes]],
) -> None:
    (raw,) = project[1].values()

    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert unicodedata.is_normalized("NFC", raw.decode())
    assert re.match(r"\[\d\d:\d\d:\d\d\] ", raw.decode())  # QualCoder drops sync points


def test_folders_and_files_have_the_names_that_every_program_finds(
    project: tuple[Any, dict[str, bytes]],
) -> None:
    root, files = project

    assert all(re.fullmatch(r"sources/[0-9A-F-]{36}\.txt", name) for name in files)
    for named in root.iter(f"{Q}TextSource", f"{Q}Case"):
        assert re.fullmatch(r"[A-Za-z0-9_-]+", named.get("name"))


def passages(project: tuple[Any, dict[str, bytes]]) -> list[tuple[str, str]]:
    """The name of each coding's code, and the text that it covers, by code points."""
    root, files = project
    (raw,) = files.values()
    names = {code.get("guid"): code.get("name") for code in root.iter(f"{Q}Code")}
    return [
        (
            names[selection.find(f"{Q}Coding/{Q}CodeRef").get("targetGUID")],
            raw.decode()[int(selection.get("startPosition")) : int(selection.get("endPosition"))],
        )
        for selection in root.iter(f"{Q}PlainTextSelection")
    ]


def test_each_case_is_also_a_code_over_the_turns_of_that_person(material: ExportInput) -> None:
    root, files = open_project(render_refi_project([material]))

    cases = {case.get("guid"): case.get("name") for case in root.iter(f"{Q}Case")}
    codes = {code.get("guid"): code.get("name") for code in root.iter(f"{Q}Code")}
    assert cases == codes
    assert sorted(cases.values()) == ["FAM02", "P07"]  # the interviewer is no case
    assert passages((root, files)) == [
        (line.speaker, format_paragraph(line))
        for code in ("P07", "FAM02")
        for line in material.lines
        if line.speaker == code
    ]
    (source,) = root.iter(f"{Q}TextSource")
    for case in root.iter(f"{Q}Case"):
        assert [ref.get("targetGUID") for ref in case.iter(f"{Q}SourceRef")] == [source.get("guid")]


def test_a_case_without_a_turn_is_a_code_over_the_whole_document(material: ExportInput) -> None:
    """As where voices were not told apart: the link to the document must not be lost."""
    root, files = open_project(render_refi_project([replace(material, cases=(extra(),))]))

    (raw,) = files.values()
    assert passages((root, files)) == [("STAFF01", raw.decode())]


def test_speakers_and_pauses_are_codes_where_asked(material: ExportInput) -> None:
    events = (*material.clean.events[:2], Mark(8.0, MarkKind.SILENCE, length_s=12.0))
    clean = replace(material.clean, events=events)
    talk = replace(material, clean=clean, lines=list_transcript_lines(clean), cases=())

    for codes in ([ProjectCode.SPEAKERS], [ProjectCode.PAUSES], [*ProjectCode]):
        root, files = open_project(render_refi_project([talk], codes=codes))

        found = passages((root, files))
        spoken = [one for one in found if one[0].startswith("Speaker: ")]
        assert spoken == (ProjectCode.SPEAKERS in codes) * [
            (f"Speaker: {line.speaker}", format_paragraph(line))
            for line in talk.lines
            if line.speaker
        ]
        silences = [text for name, text in found if name == "Pause"]
        assert silences == ["[00:00:08] (12 s)"] * (ProjectCode.PAUSES in codes)


def test_attributes_arrive_as_values_of_the_case(material: ExportInput) -> None:
    root, _ = open_project(render_refi_project([material]))

    names = {v.get("guid"): v.get("name") for v in root.iter(f"{Q}Variable")}
    (p07,) = [case for case in root.iter(f"{Q}Case") if case.get("name") == "P07"]
    values = {
        names[value.find(f"{Q}VariableRef").get("targetGUID")]: value.find(f"{Q}TextValue").text
        for value in p07.iter(f"{Q}VariableValue")
    }
    assert values == {"role": "participant", "course": "+autumn"}


def test_topics_are_codes_over_their_passages_where_asked(material: ExportInput) -> None:
    root, files = open_project(render_refi_project([material], codes=[ProjectCode.TOPICS]))

    (raw,) = files.values()
    covered = {
        selection.get("name"): raw.decode()[
            int(selection.get("startPosition")) : int(selection.get("endPosition"))
        ]
        for selection in root.iter(f"{Q}PlainTextSelection")
    }
    first = covered["Topic: First contact & <more>"]
    second = covered["Topic: The sessions"]
    assert first.startswith("[00:00:00] Topic: First contact & <more>\n\n[00:00:01] INT01: How")
    assert first.endswith("=1+1 is what I say. Yes.\n\n[00:00:06] (recording paused, 40 s)")
    assert second.startswith("[00:50:00] Topic: The sessions\n\n")
    assert second.endswith("P07: It was good.")


def test_every_time_is_the_day_of_the_hand_over_and_the_program_the_only_user(
    project: tuple[Any, dict[str, bytes]],
) -> None:
    root, _ = project

    times = {
        value for one in root.iter() for name, value in one.attrib.items() if "DateTime" in name
    }
    assert times == {"2026-11-25T00:00:00Z"}
    (user,) = root.iter(f"{Q}User")
    assert user.get("name") == "Earshot"
    coders = {one.get("creatingUser") for one in root.iter(f"{Q}Coding")}
    assert coders == {user.get("guid")}  # qualitative-coding takes no coding without one


def test_the_same_interviews_give_the_same_bytes_and_the_zip_no_time(material: ExportInput) -> None:
    raw = render_refi_project([material], codes=[ProjectCode.TOPICS])

    assert raw == render_refi_project([material], codes=[ProjectCode.TOPICS])
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_person_of_two_interviews_is_one_case_linked_to_both(material: ExportInput) -> None:
    second = replace(
        material, interview="hgfedcba", label="P07_i2", cases=(*material.cases, extra())
    )

    root, files = open_project(render_refi_project([material, second]))

    assert len(files) == 2
    names = [case.get("name") for case in root.iter(f"{Q}Case")]
    assert names == ["FAM02", "P07", "STAFF01"]
    links = {c.get("name"): len(list(c.iter(f"{Q}SourceRef"))) for c in root.iter(f"{Q}Case")}
    assert links == {"FAM02": 2, "P07": 2, "STAFF01": 1}


def extra() -> ExportedCase:
    return ExportedCase("STAFF01", {"role": "staff"}, is_interviewer=False)


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema of REFI-QDA is not beside it")
def test_with_sound_each_paragraph_is_in_step_with_it(material: ExportInput) -> None:
    root, files = open_project(render_refi_project([material], sound="flac"))

    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(root)
    (source,) = root.iter(f"{Q}AudioSource")
    assert source.get("path") == "relative:///P07_i1.flac"
    assert source.get("name") == "P07_i1.flac"
    assert root.get("basePath") == "."  # QualCoder adds the path to it, and breaks on none
    (transcript,) = source
    assert transcript.get("creationDateTime")  # QualCoder crashes without
    (raw,) = files.values()
    points = [(int(p.get("timeStamp")), int(p.get("position"))) for p in transcript]
    assert [ms for ms, _ in points] == [0, 1000, 2500, 5000, 6000, 3000000, 3600000, 3600000]
    for _, position in points:
        assert re.match(r"\[\d\d:\d\d:\d\d\] ", raw.decode()[position:])


def test_a_project_with_sound_has_one_without_beside_it(material: ExportInput) -> None:
    (form,) = (f for f in FORMATS if f.name == "qdpx")

    files = form.render([material], FormatOptions(sound="flac"))

    assert list(files) == ["project.qdpx", "project-text.qdpx"]
    root, _ = open_project(files["project-text.qdpx"])
    assert not list(root.iter(f"{Q}AudioSource"))  # qualitative-coding breaks on one
    assert root.get("basePath") is None
