"""Tiers for ELAN, Praat and EXMARaLDA: read back by pympi, praatio and lxml."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false
# pympi and lxml annotate little.

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pympi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from praatio import textgrid

from handoff.elan_file import render_eaf
from handoff.exmaralda_file import render_exb
from handoff.export_input import ExportInput
from handoff.praat_grid import render_text_grid
from handoff.spoken_words import TimedWord, estimate_words
from handoff.time_tiers import build_tiers
from handoff.transcript_lines import list_transcript_lines, tidy_text
from study import Mark, MarkKind, Provenance, Transcript, Turn


@pytest.fixture
def spoken(material: ExportInput) -> ExportInput:
    """The hostile interview with a time for each word."""
    lines = [
        replace(line, words=estimate_words(line.unmarked_text, line.start_s, line.end_s))
        if line.speaker
        else line
        for line in material.lines
    ]
    return replace(material, lines=lines)


@pytest.fixture
def said(material: ExportInput) -> list[str]:
    """What each turn says, as every format has it."""
    return [tidy_text(turn.text) for turn in material.clean.turns]


def test_pympi_reads_turns_words_and_events_from_the_eaf(
    spoken: ExportInput, said: list[str], tmp_path: Path
) -> None:
    (tmp_path / "a.eaf").write_bytes(render_eaf(spoken, "flac"))

    elan = pympi.Elan.Eaf(str(tmp_path / "a.eaf"))

    assert list(elan.get_tier_names()) == [
        "INT01", "INT01 words", "P07", "P07 words", "FAM02", "FAM02 words", "events",
    ]  # fmt: skip
    assert elan.get_annotation_data_for_tier("P07") == [
        (2500, 5250, said[1]), (3600000, 3725500, said[3]),
    ]  # fmt: skip
    words = elan.get_annotation_data_for_tier("P07 words")
    assert " ".join(text for *_, text in words) == f"{said[1]} {said[3]}"
    assert "[Person 1]" in [text for *_, text in words]
    assert elan.get_parameters_for_tier("P07 words")["PARENT_REF"] == "P07"
    assert elan.get_parameters_for_tier("P07")["PARTICIPANT"] == "P07"
    events = [text for *_, text in elan.get_annotation_data_for_tier("events")]
    assert events == [
        "Topic: First contact & <more>", "(recording paused, 40 s)", "Topic: The sessions",
        "(marker)",
    ]  # fmt: skip
    assert elan.get_linked_files()[0]["RELATIVE_MEDIA_URL"] == "./P07_i1.flac"


def test_the_time_slots_of_the_eaf_are_in_order_and_each_is_used_once(spoken: ExportInput) -> None:
    root: Any = etree.fromstring(render_eaf(spoken))

    slots = {
        slot.get("TIME_SLOT_ID"): int(slot.get("TIME_VALUE")) for slot in root.iter("TIME_SLOT")
    }
    assert list(slots.values()) == sorted(slots.values())
    used = [a.get(f"TIME_SLOT_REF{n}") for a in root.iter("ALIGNABLE_ANNOTATION") for n in (1, 2)]
    assert sorted(used) == sorted(slots)
    identifiers = [a.get("ANNOTATION_ID") for a in root.iter("ALIGNABLE_ANNOTATION")]
    assert root.find("HEADER/PROPERTY").text == str(len(identifiers)) == identifiers[-1][1:]


def test_praatio_reads_the_same_tiers_from_the_text_grid(
    spoken: ExportInput, said: list[str], tmp_path: Path
) -> None:
    (tmp_path / "a.TextGrid").write_bytes(render_text_grid(spoken))

    grid = textgrid.openTextgrid(str(tmp_path / "a.TextGrid"), includeEmptyIntervals=False)

    assert grid.maxTimestamp == 3725.5
    assert [(tier.name, len(tier.entries)) for tier in grid.tiers] == [
        (tier.name, len(tier.spans)) for tier in build_tiers(spoken)
    ]
    assert [tuple(entry) for entry in grid.getTier("P07").entries] == [
        (2.5, 5.25, said[1]), (3600.0, 3725.5, said[3]),
    ]  # fmt: skip


def test_the_exb_names_its_speakers_and_every_event_has_two_times(
    spoken: ExportInput, said: list[str]
) -> None:
    root: Any = etree.fromstring(render_exb(spoken, "opus"))

    speakers = {
        one.get("id"): (one.findtext("abbreviation"), one.findtext("ud-speaker-information/*"))
        for one in root.iter("speaker")
    }
    assert list(speakers.values()) == [
        ("INT01", "interviewer"), ("P07", "participant"), ("FAM02", "supporter"),
    ]  # fmt: skip
    times = {one.get("id"): float(one.get("time")) for one in root.iter("tli")}
    assert list(times.values()) == sorted(set(times.values()))
    turns = [
        (
            speakers[tier.get("speaker")][0],
            times[event.get("start")],
            times[event.get("end")],
            event.text,
        )
        for tier in root.iter("tier")
        if tier.get("category") == "v"
        for event in tier.iter("event")
    ]
    assert turns == [
        ("INT01", 1.0, 2.0, said[0]), ("P07", 2.5, 5.25, said[1]),
        ("P07", 3600.0, 3725.5, said[3]), ("FAM02", 5.0, 7.0, said[2]),
    ]  # fmt: skip
    assert root.find("head/meta-information/referenced-file").get("url") == "P07_i1.opus"


def test_a_silence_is_as_long_as_it_was_and_what_took_no_time_can_be_seen() -> None:
    talk = Transcript(
        (Turn(1, "P07", 0.0, 2.0, "Well."),),
        Provenance("test", "earshot"),
        events=(
            Mark(2.0, MarkKind.SILENCE, length_s=4.0),
            Mark(7.0, MarkKind.PAUSED, length_s=60.0),
        ),
    )
    material = ExportInput(
        "00", "a", "P07_i1", date(2026, 11, 25), talk,
        list_transcript_lines(talk), (), (), (),
    )  # fmt: skip

    (events,) = [tier for tier in build_tiers(material) if not tier.speaker]

    assert events.spans == ((2000, 6000, "(4 s)"), (7000, 7200, "(recording paused, 1 min)"))


@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), max_size=8),
    st.lists(st.floats(0, 20), max_size=12),
)
def test_tiers_never_overlap_and_words_lie_within_their_turns(
    times: list[tuple[float, float]], bounds: list[float]
) -> None:
    turns = tuple(
        Turn(n, f"P{n % 2}", a, b, "so it was") for n, (a, b) in enumerate(sorted(times), start=1)
    )
    talk = Transcript(turns, Provenance("test", "earshot"))
    words = tuple(TimedWord("w", a, b) for a, b in pairwise(sorted(bounds)))
    lines = [replace(line, words=words) for line in list_transcript_lines(talk)]
    material = ExportInput("00", "a", "P07_i1", date(2026, 11, 25), talk, lines, (), (), ())

    tiers = build_tiers(material)

    for tier in tiers:
        assert all(start < end for start, end, _ in tier.spans)
        assert all(a[1] <= b[0] for a, b in pairwise(tier.spans))
    by_name = {tier.name: tier for tier in tiers}
    for tier in tiers:
        if tier.is_words:
            turns_of = by_name[tier.speaker].spans
            assert all(
                any(a <= start and end <= b for a, b, _ in turns_of) for start, end, _ in tier.spans
            )
