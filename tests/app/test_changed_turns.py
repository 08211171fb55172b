"""Which turns changed since an officer last ruled on them, as they are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anonymise import decide_mention, draft_clean_transcript
from app import (
    TurnChanges,
    describe_turn_changes,
    find_turn_changes,
    format_sign_off_sheet,
    list_unchanged_turns,
)
from handoff import send_transcript_back
from study import Objection, Verdict
from study.store import Study, read_sign_off


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (TurnChanges(), ""),
        (TurnChanges((6,)), "Changed since then: turn 6."),
        (TurnChanges((6, 9)), "Changed since then: turns 6 and 9."),
        (TurnChanges((1, 2, 3), 1), "Changed since then: turns 1, 2 and 3; 1 turn removed."),
        (
            TurnChanges(tuple(range(1, 13))),
            "Changed since then: turns 1, 2, 3, 4, 5, 6, 7, 8 and 4 more.",
        ),
        (TurnChanges((), 2), "Changed since then: 2 turns removed."),
    ],
)
def test_changes_are_told_in_one_sentence(changes: TurnChanges, told: str) -> None:
    assert describe_turn_changes(changes, str) == told


def test_an_interview_that_nobody_ruled_on_has_no_changes(course: Study) -> None:
    interview = course.interview(course.find_interview("P07_i1").id)
    for key in ("m1", "m2", "m3", "m4"):
        decide_mention(interview, key, Verdict.ACCEPTED)
    draft = draft_clean_transcript(interview)

    assert draft is not None
    assert find_turn_changes(interview, draft.transcript) == TurnChanges()
    assert find_turn_changes(interview, None) == TurnChanges()


def test_a_turn_that_somebody_else_speaks_now_is_changed(course: Study) -> None:
    """The turn was given to its speaker as the officer asked, and "unchanged" was told."""
    interview = course.interview(course.find_interview("P07_i1").id)
    for key in ("m1", "m2", "m3", "m4"):
        decide_mention(interview, key, Verdict.ACCEPTED)
    draft = draft_clean_transcript(interview)
    assert draft is not None
    about = [Objection("this is INT", turn=4), Objection("too exact", "m4")]
    send_transcript_back(interview, about, clean=draft)
    turns = draft.transcript.turns
    given = replace(draft.transcript, turns=(*turns[:3], replace(turns[3], speaker="INT")))

    assert [one.turn for one in list_unchanged_turns(interview, draft.transcript)] == [4]
    assert list_unchanged_turns(interview, given) == []
    assert find_turn_changes(interview, given) == TurnChanges((4,))
    sheet = format_sign_off_sheet(interview, read_sign_off(interview))
    assert "  about turn 4: this is INT" in sheet
    assert "  about place at 00:00:15: too exact" in sheet
