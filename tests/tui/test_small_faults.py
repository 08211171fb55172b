"""Small things that a newcomer stumbled over, one sentence each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from anonymise import Concern, RiskLine
from app import COMMANDS, describe_mark, is_fault_mark
from study import (
    ArtefactKind,
    InterviewSummary,
    Mark,
    MarkKind,
    TranscriptFacts,
    describe_event,
)
from study.errors import WillingnessFlaw
from study.store import Study
from tests.course import TURNS, add_interview
from tests.following import key_of, key_told
from tui.app import Earshot
from tui.screens.check.risk_list import RiskList
from tui.widgets.labels import format_length

Shown = Callable[[Earshot], str]


async def test_the_list_tells_what_its_filter_and_ctrl_c_do_and_cuts_no_label_beside_room(
    study: Study, shown: Shown
) -> None:
    label = "STAFF01_in_the_ward"
    add_interview(study, label, TURNS)
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        listed = shown(app)
        await pilot.press("ctrl+c")
        await pilot.pause()
        left = shown(app)
        await pilot.press(key_of("home.filter"), *"zzz")
        await pilot.pause()
        filtered = shown(app)

    assert label in listed
    assert f"{key_told('leave')} leaves Earshot" in left
    assert "No interview has that" in filtered
    assert f"{key_told('home.unfilter')}: all." in filtered


async def test_the_fields_of_find_and_replace_keep_their_names_once_filled(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key_of("home.open"), key_of("interview.replace"), *"ward", "enter")
        await pilot.press(*"house")
        await pilot.pause()
        lines = [line.strip() for line in shown(app).splitlines()]

    assert lines.index("ward") == lines.index("Find") + 1
    assert lines.index("house") == lines.index("Replace with") + 1


@pytest.mark.parametrize(
    ("kind", "is_fault"),
    [(MarkKind.MUTED, True), (MarkKind.GAP, True), (MarkKind.CLIPPED, True),
     (MarkKind.LOST, True), (MarkKind.MARKER, False), (MarkKind.TOPIC, False),
     (MarkKind.DISTRESS, False), (MarkKind.AFFIRMED, False)],
)  # fmt: skip
def test_a_fault_is_no_mark_with_a_tick(kind: MarkKind, is_fault: bool) -> None:  # noqa: FBT001
    assert is_fault_mark(Mark(1.0, kind)) is is_fault


def test_a_screen_that_a_participant_sees_names_no_distress() -> None:
    assert describe_mark(Mark(65.0, MarkKind.DISTRESS)) == "Pause for the participant at 00:01:05"


def test_neither_a_key_nor_a_refusal_says_distress_where_a_participant_may_read_it() -> None:
    said = [WillingnessFlaw.DISTRESS.value]
    said += [c.label + c.help for c in COMMANDS if "distress" in c.action.lower()]

    assert len(said) > 2
    assert not [sentence for sentence in said if "distress" in sentence.lower()]


def test_who_agreed_before_the_first_word_has_not_agreed_again() -> None:
    assert describe_mark(Mark(0.0, MarkKind.AFFIRMED)) == "Agreed at 00:00:00"
    assert describe_event(Mark(0.0, MarkKind.ASSENT)) == "(asked, and showed assent)"
    assert describe_event(Mark(9.0, MarkKind.AFFIRMED)) == "(asked again, and agreed)"
    assert describe_mark(Mark(9.0, MarkKind.AFFIRMED)) == "Agreed again at 00:00:09"


def test_an_imported_transcript_with_times_has_a_length() -> None:
    bare = InterviewSummary("a", "2026-11-29", None, 0.0, {ArtefactKind.RAW: 1}, is_recording=False)
    read = replace(bare, facts=replace(bare.facts, raw=TranscriptFacts(turns=3, length_s=754.0)))

    assert format_length(read) == "00:12:34"


@pytest.mark.parametrize(("count", "said"), [(0, "0 lines."), (1, "1 line."), (2, "2 lines.")])
def test_the_list_of_risks_counts_one_line_as_one(count: int, said: str) -> None:
    risks = RiskList()
    risks.lines = [RiskLine(Concern.UNDECIDED, "7", "", ())] * count

    assert risks.describe_list().startswith(f"{said} No score")
