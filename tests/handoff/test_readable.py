"""The gate sees into every format: a leak planted anywhere stops it, and clocks do not."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from anonymise.cleaning import clean
from handoff import gate
from handoff.bundle import Order, render
from handoff.formats import FORMAT_NAMES, FORMATS, Format, Options
from handoff.lines import lines
from handoff.material import Case, Material
from handoff.packing import packed
from handoff.readable import readable
from study.artefacts import Kind
from study.errors import OriginalSurvives
from study.facts import MentionsFacts
from study.references import TranscriptRef
from study.store import Study
from study.terms import (
    About,
    Mentions,
    Participant,
    Provenance,
    Role,
    Transcript,
    Turn,
)

SEARCHED = TranscriptRef(Kind.RAW, 1)

ON = date(2026, 11, 25)
LEAKY = "Then Rose O'Neill & Mum came."


def leaking(material: Material, text: str) -> Material:
    clean = Transcript((Turn(1, "P07", 0.0, 1.0, text),), Provenance("test", "earshot"))
    return replace(material, clean=clean, lines=lines(clean))


@pytest.mark.parametrize(
    "form", [f for f in FORMATS if f.name not in {"log", "cases"}], ids=lambda f: f.name
)
def test_a_name_in_the_words_is_seen_in_every_format(
    study: Study, decided: str, material: Material, form: Format
) -> None:
    files = form.made([leaking(material, LEAKY)], Options())

    with pytest.raises(OriginalSurvives):
        gate.check(study, decided, readable(files, ON))
    gate.check(study, decided, readable(form.made([material], Options()), ON))


@pytest.mark.parametrize("name", ["docx", "docx-table", "json", "qdpx", "cases"])
def test_a_name_in_a_label_an_attribute_or_a_code_is_seen(
    study: Study, decided: str, material: Material, name: str
) -> None:
    (form,) = (f for f in FORMATS if f.name == name)
    case = Case("Skipton", {"role": "staff"}, is_interviewer=False)

    for leak in (replace(material, label="Skipton"), replace(material, cases=(case,))):
        if leak.label == "Skipton" or name != "cases":
            with pytest.raises(OriginalSurvives):
                gate.check(study, decided, readable(form.made([leak], Options(topics=True)), ON))


def test_a_name_in_the_properties_of_a_document_is_seen(
    study: Study, decided: str, material: Material
) -> None:
    (form,) = (f for f in FORMATS if f.name == "docx")
    (raw,) = form.made([material], Options()).values()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    named = parts["docProps/core.xml"].replace(b"</dc:creator>", b"Rose O'Neill</dc:creator>")
    named = named.replace(b"<dc:creator/>", b"<dc:creator>Rose O'Neill</dc:creator>")

    with pytest.raises(OriginalSurvives):
        gate.check(
            study,
            decided,
            readable({"a.docx": packed(parts | {"docProps/core.xml": named})}, ON),
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
        "a.html": b"<p>[00:25:31] Exported 2026-11-25</p>",
    }

    seen = b"\n".join(readable(files, ON).values())

    assert b"25" not in seen
    assert b"31" not in seen
    assert b"[Age 1]" in seen


def test_a_number_that_somebody_said_is_still_seen() -> None:
    assert b"25" in readable({"a.txt": b"[00:25:31] P07: I am 25.\n"}, ON)["a.txt"]


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
        made = change.add_interview(About("P07_i1", people))
        change.put(made, Kind.RAW, Transcript(turns, Provenance("t", "e", "demo", "00" * 32)))
        searched = Provenance("anonymise", "e")
        change.put(
            made,
            Kind.MENTIONS,
            Mentions(SEARCHED, (), searched),
            MentionsFacts(SEARCHED, undecided=0),
        )
    clean(study, made)

    files = render(study, Order((made,), FORMAT_NAMES), ON)

    gate.check(study, made, readable(files, ON))
