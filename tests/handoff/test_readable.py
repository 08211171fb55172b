"""The gate sees into every format: a leak anywhere stops it, and the times of turns do not."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from anonymise import write_clean_transcript
from handoff.bundle import ExportOrder, render_bundle
from handoff.export_input import ExportedCase, ExportInput
from handoff.formats import FORMAT_NAMES, FORMATS, ExportFormat, FormatOptions
from handoff.gate import check_export
from handoff.readable_text import extract_readable_text
from handoff.refi_project import ProjectCode
from handoff.spoken_words import TimedWord, estimate_words
from handoff.transcript_lines import list_transcript_lines
from handoff.zip_files import build_zip
from study import (
    ArtefactKind,
    InterviewDetails,
    Mentions,
    MentionsFacts,
    Participant,
    Provenance,
    Role,
    Transcript,
    TranscriptRef,
    Turn,
)
from study.errors import OriginalSurvives
from study.store import Study

SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)

ON = date(2026, 11, 25)
WITHOUT_WORDS = {"log", "cases", "report", "pdf"}  # LibreOffice makes PDF of docx-compact
LEAKY = "Then Rose O'Neill & Mum came."


def with_text(material: ExportInput, text: str) -> ExportInput:
    clean = Transcript((Turn(1, "P07", 0.0, 1.0, text),), Provenance("test", "earshot"))
    return replace(material, clean=clean, lines=list_transcript_lines(clean))


@pytest.mark.parametrize(
    "form", [f for f in FORMATS if f.name not in WITHOUT_WORDS], ids=lambda f: f.name
)
def test_a_name_in_the_words_is_seen_in_every_format(
    study: Study, decided: str, material: ExportInput, form: ExportFormat
) -> None:
    files = form.render([with_text(material, LEAKY)], FormatOptions())

    with pytest.raises(OriginalSurvives):
        check_export(study.interview(decided), extract_readable_text(files, ON))
    check_export(
        study.interview(decided),
        extract_readable_text(form.render([material], FormatOptions()), ON),
    )


@pytest.mark.parametrize("name", ["docx", "docx-table", "json", "qdpx", "cases"])
def test_a_name_in_a_label_an_attribute_or_a_code_is_seen(
    study: Study, decided: str, material: ExportInput, name: str
) -> None:
    (form,) = (f for f in FORMATS if f.name == name)
    case = ExportedCase("Skipton", {"role": "staff"}, is_interviewer=False)

    for leak in (replace(material, label="Skipton"), replace(material, cases=(case,))):
        if leak.label == "Skipton" or name != "cases":
            with pytest.raises(OriginalSurvives):
                check_export(
                    study.interview(decided),
                    extract_readable_text(
                        form.render([leak], FormatOptions(codes=frozenset(ProjectCode))), ON
                    ),
                )


@pytest.mark.parametrize("name", ["turns", "words", "eaf", "textgrid", "exb", "chat"])
def test_a_name_in_place_of_a_speakers_code_is_seen(
    study: Study, decided: str, material: ExportInput, name: str
) -> None:
    (form,) = (f for f in FORMATS if f.name == name)
    leak = replace(material, lines=[replace(material.lines[1], speaker="Skipton")])

    with pytest.raises(OriginalSurvives):
        check_export(
            study.interview(decided),
            extract_readable_text(form.render([leak], FormatOptions()), ON),
        )


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "eaf", "TextGrid", "exb", "cha"])
def test_a_number_torn_over_words_is_seen_and_the_times_of_words_are_nobodys_number(
    study: Study, decided: str, material: ExportInput, ending: str
) -> None:
    leaky = replace(with_text(material, 'It "is" 07700 900418, so.'), cases=())
    timed = replace(leaky.lines[0], words=estimate_words(leaky.lines[0].text, 0.077, 0.9004))
    files = {
        name: content
        for form in FORMATS
        if form.name in {"turns", "words", "eaf", "textgrid", "exb", "chat"}
        for name, content in form.render([replace(leaky, lines=[timed])], FormatOptions()).items()
        if name.endswith(ending) and "schema" not in name
    }
    assert files

    for name, content in files.items():
        with pytest.raises(OriginalSurvives):
            check_export(study.interview(decided), extract_readable_text({name: content}, ON))


def test_a_name_that_is_in_the_words_of_a_file_alone_is_seen(
    study: Study, decided: str, material: ExportInput
) -> None:
    clean = with_text(material, "Then [Person 1] came.")
    words = tuple(TimedWord(w, 0.0, 0.1) for w in ("Then", "O'Neill", "came."))
    planted = replace(clean, lines=[replace(clean.lines[0], words=words)])

    for name in ("words", "eaf", "textgrid", "exb"):
        (form,) = (f for f in FORMATS if f.name == name)
        seen = extract_readable_text(form.render([planted], FormatOptions()), ON)
        with pytest.raises(OriginalSurvives):
            check_export(study.interview(decided), seen)
        check_export(
            study.interview(decided),
            extract_readable_text(form.render([clean], FormatOptions()), ON),
        )


def test_a_name_in_the_properties_of_a_document_is_seen(
    study: Study, decided: str, material: ExportInput
) -> None:
    (form,) = (f for f in FORMATS if f.name == "docx")
    (raw,) = form.render([material], FormatOptions()).values()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    named = parts["docProps/core.xml"].replace(b"</dc:creator>", b"Rose O'Neill</dc:creator>")
    named = named.replace(b"<dc:creator/>", b"<dc:creator>Rose O'Neill</dc:creator>")

    with pytest.raises(OriginalSurvives):
        check_export(
            study.interview(decided),
            extract_readable_text({"a.docx": build_zip(parts | {"docProps/core.xml": named})}, ON),
        )


def test_minutes_numbers_of_subtitles_and_the_day_are_nobodys_numbers() -> None:
    files = {
        "a.txt": b"[00:25:31] P07: I am [Age 1].\n",
        "a.vtt": b"25\n00:25:31.000 --> 00:25:32.000\nP07: Yes.\n",
        "a-f4.txt": b"P07: Yes. #00:25:31-2#\n",
        "a-maxqda.txt": b"00:25:31.2P07: Yes.\n",
        "a.json": b'{"turn": 25, "at": "2026-11-25T08:25:31+00:00", "text": "Yes."}',
        "a-log.csv": b'"25","31.0","person"\r\n',
        "methods.txt": b"25 details were replaced in 31 min.",
        "turns-utf8.csv": b'"turn","start_s","text"\n"25","31.000","[Age 1]."\n',
        "a-words.json": b'{"label": "P", "turns": [{"turn": 25, "speaker": "P07", "start_s": 31,'
        b' "text": "Yes.", "words": [{"text": "Yes.", "start_s": 31.25, "end_s": 31.31}]}]}',
        "a.eaf": b'<TIME_SLOT TIME_SLOT_ID="ts25" TIME_VALUE="31"/>',
        "a.exb": b'<tli id="T25" time="31.000"/>',
        "a.TextGrid": b'xmin = 25\nxmax = 31\n        text = "Yes."\n',
        "a.cha": b"*P07:\tYes . \x1525_31\x15\n",
        "a.html": b"<p>[00:25:31] Exported 2026-11-25</p>",
    }

    seen = b"\n".join(extract_readable_text(files, ON).values())

    assert b"25" not in seen
    assert b"31" not in seen
    assert b"[Age 1]" in seen


def test_a_number_that_somebody_said_is_still_seen() -> None:
    assert b"25" in extract_readable_text({"a.txt": b"[00:25:31] P07: I am 25.\n"}, ON)["a.txt"]


NAMES = (
    "Jason Paige Page Mark Will Word Penny Read Wright Rhys Tim Case Line Lynn Grace Hope Long"
    " Short Reid Pat Sue Bill Dean Frank Text Test May June April Speaker Reader Earl Hall"
)


def test_our_own_words_in_a_bundle_are_nobodys_name(study: Study) -> None:
    names = tuple(f"{name} Quigglethwaite" for name in NAMES.split())
    people = (
        Participant("INT01", Role.INTERVIEWER),
        Participant("P07", names=names),
        Participant("FAM01", Role.SUPPORTER),
    )
    turns = (Turn(1, "P07", 0.0, 1.0, "Yes."), Turn(2, "FAM01", 2.0, 3.0, "No."))
    with study.change("made for a test") as change:
        made = change.add_interview(InterviewDetails("P07_i1", people))
        change.write_artefact(
            ArtefactKind.RAW, Transcript(turns, Provenance("t", "e", "tiny.en", "00" * 32))
        )
        searched = Provenance("anonymise", "e")
        change.write_artefact(
            ArtefactKind.MENTIONS,
            Mentions(SEARCHED, (), searched),
            MentionsFacts(SEARCHED, undecided=0),
        )
    write_clean_transcript(study.interview(made))

    files = render_bundle(study, ExportOrder((made,), FORMAT_NAMES), ON)

    check_export(study.interview(made), extract_readable_text(files, ON))
