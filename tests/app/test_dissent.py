"""Where somebody did not want to go on, whoever signs off and hands over is told."""

from __future__ import annotations

from dataclasses import replace

from anonymise import draft_clean_transcript
from app import format_sign_off_sheet, plan_hand_over, tell_dissent
from handoff import sign_transcript
from study import Mark, MarkKind
from study.store import Study, read_sign_off
from tests.course import TURNS, add_interview

_ENDED = Mark(31.0, MarkKind.DISSENT, "P11")
_TOLD = (
    "! Somebody did not want to go on, at 00:00:31, where the recording ended."
    " Make sure that they agree to what is handed over."
)


def test_whoever_signs_and_whoever_hands_over_is_told_of_it(course: Study) -> None:
    """It stood in the review alone, and nobody else was told before it left."""
    interview = course.interview(add_interview(course, "P11_i1", TURNS[:1], (), events=(_ENDED,)))
    sign_transcript(
        interview, name="A. Officer", role="data officer", clean=draft_clean_transcript(interview)
    )
    plan = plan_hand_over(course, interview.id)

    assert _TOLD in format_sign_off_sheet(interview, read_sign_off(interview))
    assert plan is not None
    assert plan.dissent == _TOLD


def test_nothing_is_told_where_all_went_on(course: Study) -> None:
    agreed = Mark(3.0, MarkKind.AFFIRMED)
    interview = course.interview(add_interview(course, "P11_i1", TURNS[:1], (), events=(agreed,)))
    draft = draft_clean_transcript(interview)

    assert draft is not None
    assert tell_dissent(draft.transcript) == ""
    assert tell_dissent(None) == ""
    twice = replace(draft.transcript, events=(_ENDED, Mark(70.0, MarkKind.DISSENT)))
    assert "at 00:00:31, 00:01:10," in tell_dissent(twice)
