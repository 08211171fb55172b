"""The report for who leads a study: figures that the study bears out, and nobody's words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import fromstring

from handoff.bundle import ExportOrder, render_bundle
from handoff.export import export_interviews
from handoff.export_input import ExportInput
from handoff.methods_paragraph import InterviewHistory
from handoff.overview_page import (
    InterviewOverview,
    build_overview,
    measure_sittings,
    render_overview,
)
from handoff.readable_text import extract_readable_text
from study import PersonRole, Provenance
from study.store import Study

ROLES = {1: PersonRole.OWNER, 3: PersonRole.ASSISTANT, 4: PersonRole.OFFICER}
HISTORY = InterviewHistory(
    sound_s=3730.0,
    recorded="with Earshot",
    transcript=Provenance("transcribe", "earshot"),
    search=Provenance("anonymise", "earshot"),
    coverage=None,
    corrected=2,
    listened=1,
    is_draft=False,
    is_doubt_fitted=True,
    log=(),
    sign_off=None,
    corrected_by=frozenset({3}),
)


def tell(page: bytes) -> str:
    return " ".join(re.sub("<[^>]*>", " ", page.decode()).split())


def test_words_talk_topics_and_work_are_counted_from_what_is_handed_over(
    material: ExportInput,
) -> None:
    made = build_overview(material, HISTORY, ROLES, {})

    spoken = [line for line in material.lines if line.speaker]
    words = Counter[str]()
    for line in spoken:
        words[line.speaker] += line.word_count
    assert made.words == words
    assert replace(spoken[0], text="We saw [Person 6, sister], twice").word_count == 4
    assert made.spoken_s["P07"] == 2.75 + 125.5
    assert made.turns == 4
    assert made.topics == ("Topic: First contact & <more>", "Topic: The sessions")
    assert (made.corrected, made.corrected_by, made.listened) == (2, ("assistant",), 1)
    told = tell(render_overview([material], [made], "2026-11-25"))
    assert "P07 participant +autumn" in told
    assert f"P07_i1 P07 {words['P07']} " in told
    assert "First contact &amp; &lt;more&gt; yes" in told
    assert "It was good" not in told


def test_of_an_interview_without_sound_no_talk_is_told(material: ExportInput) -> None:
    made = build_overview(material, replace(HISTORY, sound_s=0.0), ROLES, {})

    assert made.spoken_s == {}
    assert "2 min" not in tell(render_overview([material], [made], "2026-11-25"))


def test_time_at_work_is_the_time_between_lines_of_one_person_close_to_each_other() -> None:
    trail = [
        ("2026-11-25T10:00:00Z", 3, "one"),
        ("2026-11-25T10:04:00Z", 3, "one"),
        ("2026-11-25T10:05:00Z", 4, "one"),  # another person begins
        ("2026-11-25T10:09:00Z", 3, "one"),
        ("2026-11-25T11:00:00Z", 3, "one"),  # a break
        ("2026-11-25T11:00:30Z", 3, "one"),
        ("2026-11-25T11:05:00Z", 9, "one"),
    ]

    assert measure_sittings(trail, ROLES) == {"one": {"assistant": 4 * 60 + 5 * 60 + 30.0}}


def test_no_minute_at_work_counts_for_two_interviews() -> None:
    trail = [(f"2026-11-25T10:0{n}:00Z", 3, "one" if n % 2 else "other") for n in range(7)]

    spent = measure_sittings(trail, ROLES)

    assert spent == {"one": {"assistant": 3 * 60.0}, "other": {"assistant": 3 * 60.0}}


def test_the_page_is_whole_and_fetches_nothing(material: ExportInput) -> None:
    made: list[InterviewOverview] = [build_overview(material, HISTORY, ROLES, {})] * 2
    page = render_overview([material, material], made, "2026-11-25").decode()

    as_xml = page.removeprefix("<!DOCTYPE html>\n").replace('<meta charset="utf-8">', "")
    assert fromstring(as_xml).tag == "html"  # noqa: S314 - it is our own
    assert not re.search(r"https?:|src=|href=|<script|@import|url\((?!#)", page)


def test_it_is_handed_over_on_request_through_the_gate(study: Study, approved: str) -> None:
    order = ExportOrder((approved,), formats=("report",))
    written = {path.name: path for path in export_interviews(study, order)}

    told = tell(written["report.html"].read_bytes())
    assert "3 by owner" in told
    assert "Rose" not in told
    day = study.now()[:10]
    assert day in told
    files = render_bundle(study, order, date.fromisoformat(day))
    assert (
        b"Report on 1 interview"
        in extract_readable_text({"report.html": files["report.html"]}, date.fromisoformat(day))[
            "report.html"
        ]
    )
