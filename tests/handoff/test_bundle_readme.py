"""The README of a hand-over tells of the files that are in it, and of no other."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from handoff.bundle import DEFAULT_FORMATS, ExportOrder, render_bundle
from handoff.bundle_readme import render_readme
from handoff.formats import FORMAT_NAMES
from study import ArtefactKind, LogLine, Mark, MarkKind, Transcript
from study.store import Study

ON = date(2026, 11, 30)
# What it says of programs, with the formats that they take; nothing is said of one without them.
SAID_OF = {
    "Taguette": {"html", "vtt"},
    "qualitative-coding": {"qdpx"},
    "QualCoder": {"qdpx"},
    "NVivo": {"docx", "docx-table", "cases", "qdpx"},
    "MAXQDA": {"maxqda", "f4", "srt", "cases", "qdpx"},
    "ATLAS.ti": {"docx", "txt", "f4", "qdpx"},
    "pandas.DataFrame": {"json"},
    "_temporary": {"qdpx"},
    "How to import it": {
        "html", "vtt", "qdpx", "docx", "docx-table", "cases", "maxqda", "f4", "srt", "txt", "json",
    },
}  # fmt: skip


def read_readme(study: Study, *interviews: str, formats: tuple[str, ...]) -> tuple[str, set[str]]:
    """Return the README of these formats, and the names of all files."""
    pages = {"P07_i1.pdf": b"%PDF-"} if "pdf" in formats else {}
    files = render_bundle(study, ExportOrder(interviews, formats), ON, pages=pages)
    return files["README.txt"].decode(), set(files)


def test_it_says_how_many_replacements_stand_without_brackets(study: Study, approved: str) -> None:
    """A person may type other words, and it said that all stand in brackets."""
    handle = study.interview(approved)
    assert "without brackets" not in read_readme(study, approved, formats=("txt",))[0]
    log = handle.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...])
    assert log
    typed = replace(log[0], replacement="my sister")
    with handle.change("made for a test") as change:
        change.write_artefact(ArtefactKind.LOG, (typed, *log[1:]))

    readme, _ = read_readme(study, approved, formats=("txt",))

    assert "One detail is here without brackets: other words that a person chose" in readme


def test_the_numbers_of_people_in_the_log_are_named_in_the_manifest(
    study: Study, approved: str
) -> None:
    files = render_bundle(study, ExportOrder((approved,), ("txt", "log")), ON)

    assert '"1","2026' in files["P07_i1-log.csv"].decode()
    assert json.loads(files["manifest.json"])["people"] == {"1": "owner"}
    assert "(manifest.json names them)" in files["README.txt"].decode()


def test_it_says_what_a_marker_is_where_there_is_one(study: Study, approved: str) -> None:
    handle = study.interview(approved)
    clean = handle.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    with handle.change("made for a test") as change:
        marked = replace(clean, events=(*clean.events, Mark(2.2, MarkKind.MARKER)))
        change.write_artefact(ArtefactKind.CLEAN, marked)

    assert "(marker) is a place that" in read_readme(study, approved, formats=("txt",))[0]


@pytest.mark.parametrize("form", [one for one in FORMAT_NAMES if one != "participant"])
def test_it_names_every_file_of_a_format_and_none_that_is_not_there(
    study: Study, approved: str, form: str
) -> None:
    """With PDF alone it told how to import a project, and of pandas, and of a JSON file."""
    readme, names = read_readme(study, approved, formats=(form,))

    parts = {one.rpartition(".")[2] for one in names}
    told = set(re.findall(rf"[\w.-]+\.(?:{'|'.join(parts)}|json|qdpx)\b|SHA256SUMS", readme))
    told -= {"json.load", ".xlsx", "pandas.json"}
    assert told <= names, told - names
    own = {n for n in names if not n.endswith(".schema.json") and n != "README.txt"}
    shown = {n for n in own if n in readme or n.rpartition(".")[0] in readme}
    assert shown == own
    after = readme.partition("How to check it")[2]
    assert {said for said in SAID_OF if said in after} == {
        said for said, forms in SAID_OF.items() if form in forms
    }


def test_all_files_that_analysts_get_are_described(study: Study, approved: str) -> None:
    readme, names = read_readme(study, approved, formats=DEFAULT_FORMATS)

    assert {name for name in names if name.startswith("P07_i1") and name not in readme} == set()
    assert all(said in readme for said in SAID_OF)


def test_a_transcript_without_times_has_no_line_for_subtitles(study: Study, approved: str) -> None:
    interview = study.interview(approved)
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    untimed = tuple(replace(turn, start_s=0.0, end_s=0.0) for turn in clean.turns)
    with interview.change("made for a test") as change:
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=untimed, coverage=None))

    readme, _ = read_readme(study, approved, formats=("txt", "srt", "vtt", "words", "eaf"))

    told = readme.partition("How to read it")[0]
    assert re.search(r"P07_i1\.txt ", told)
    assert not re.search(r"P07_i1\.(srt|vtt|eaf)|every word|subtitles", told)
    assert "Taguette" not in readme


@pytest.mark.parametrize("has_topic", [True, False])
def test_it_says_what_a_topic_is_only_where_a_transcript_has_one(
    study: Study, approved: str, *, has_topic: bool
) -> None:
    interview = study.interview(approved)
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    events = (Mark(0.0, MarkKind.TOPIC, "First contact"),) if has_topic else ()
    with interview.change("made for a test") as change:
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, events=events))

    readme, _ = read_readme(study, approved, formats=("txt",))

    said = '"Topic:" is a heading, of the interviewer\'s guide or given afterwards.'
    assert (said in readme) is has_topic


def test_of_several_it_says_that_one_without_times_has_none() -> None:
    names = {"A.txt", "B.txt", "A.srt", "methods.txt"}

    readme = render_readme(
        names,
        ["A", "B"],
        sound="",
        covered="",
        is_sound_inside=False,
        is_signed_off=False,
        signs=(),
    ).decode()

    assert re.search(r"LABEL\.srt +subtitles; .*; a transcript without times has none\n", readme)
    assert re.search(r"LABEL\.txt +the transcript; .* takes it\n", readme)
    assert "SHA256SUMS.sig" not in readme
    assert "LABEL stands for: A, B" in readme
