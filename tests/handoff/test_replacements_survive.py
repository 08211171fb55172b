"""Every replacement comes through every format whole, whatever characters it has."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from anonymise import (
    GeneralisationPolicy,
    format_label,
    list_generalisations,
    parse_dated_event,
    propose_generalisation,
    tidy_replacement,
)
from handoff.export_input import ExportInput
from handoff.formats import FORMATS_BY_NAME, FormatOptions
from handoff.readable_text import extract_readable_text
from handoff.transcript_lines import list_transcript_lines
from study import Category, DateDetail, Provenance, Transcript, Turn

EVENT = parse_dated_event("the diagnosis", "November 2019")
assert EVENT is not None
POLICY = GeneralisationPolicy(DateDetail.DISTANCE, 2026, (EVENT,))
OURS = (
    format_label("[Person 2]", "sister"),
    format_label("[Person 12]", "P07"),
    format_label("[Place 1]", "town in northern England"),
    *list_generalisations(Category.DATE, "3 May 2019", POLICY),
    propose_generalisation(Category.AGE, "92", POLICY),
    propose_generalisation(Category.DATE_OF_BIRTH, "14 March 1951", POLICY),
    "Doctor Mehta",
)
TYPED = tuple(map(tidy_replacement, (
    "a friend & <b>neighbour</b>", "=SUM(A1)", "{person 1}", "@somebody", "--> she", "Person: she",
    "#1", "\u201cquoted\u201d 'and' \"so\"", "caf\u00e9 \u05e9\u05dc\u05d5\u05dd \U0001f600",
    "\\n%s{0}", "P07: she", "1.", "WEBVTT", "NOTE x",
)))  # fmt: skip
FORMATS = ("txt", "docx", "docx-table", "vtt", "srt", "html", "maxqda", "f4", "json", "qdpx")


@pytest.fixture
def talk(material: ExportInput) -> ExportInput:
    """Turns that begin with, end with and are nothing but a replacement."""
    texts = [t for r in (*OURS, *TYPED) for t in (f"{r} did.", f"It was {r}", r)]
    turns = tuple(Turn(n, "P07", n, n + 0.9, text) for n, text in enumerate(texts, start=1))
    clean = Transcript(turns, Provenance("test", "earshot"))
    return replace(material, clean=clean, lines=list_transcript_lines(clean))


@pytest.mark.parametrize("name", FORMATS)
def test_every_replacement_is_in_the_file_as_it_was_written(talk: ExportInput, name: str) -> None:
    files = FORMATS_BY_NAME[name].render([talk], FormatOptions())
    seen = extract_readable_text(files, date(2026, 11, 25))
    text = " ".join(b"\n".join(seen.values()).decode().split())

    missing = [r for r in (*OURS, *TYPED) if text.count(r) < 3]
    assert missing == []


@pytest.mark.parametrize("name", ["txt", "maxqda", "f4", "srt", "vtt"])
def test_no_line_begins_with_a_bracket_that_a_program_takes_for_a_speaker(
    talk: ExportInput, name: str
) -> None:
    for content in FORMATS_BY_NAME[name].render([talk], FormatOptions()).values():
        for line in content.decode().splitlines():
            assert not re.match(r"\s*[\[{](?:Person|Place|aged|about|date|the)\b", line), line


def test_no_replacement_of_ours_holds_what_a_format_could_trip_over() -> None:
    for one in OURS:
        assert not set(one) & set('\r\n\t:{}<>&"\\|=@#')
        assert one == tidy_replacement(one)
