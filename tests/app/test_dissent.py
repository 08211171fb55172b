"""Whoever signs off and hands over is told of a dissent, and of a no to an archive."""

from __future__ import annotations

from dataclasses import replace

from anonymise import draft_clean_transcript
from app import format_sign_off_sheet, plan_hand_over, tell_dissent
from handoff import sign_transcript
from study import ConsentPurpose, Mark, MarkKind
from study.store import Study, keep_consent, read_sign_off
from tests.consents import agreed, keep_agreed
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
    assert plan.warnings == (_TOLD,)


def test_nothing_is_told_where_all_went_on(course: Study) -> None:
    agreed = Mark(3.0, MarkKind.AFFIRMED)
    interview = course.interview(add_interview(course, "P11_i1", TURNS[:1], (), events=(agreed,)))
    draft = draft_clean_transcript(interview)

    assert draft is not None
    assert tell_dissent(draft.transcript) == ""
    assert tell_dissent(None) == ""
    twice = replace(draft.transcript, events=(_ENDED, Mark(70.0, MarkKind.DISSENT)))
    assert "at 00:00:31, 00:01:10," in tell_dissent(twice)


def test_whoever_hands_over_is_told_who_said_no_to_an_archive(study: Study) -> None:
    """A hand-over to "The UK archive" asked nothing, though the participant had said no."""
    keep_agreed(study, "P07", "P08", but=ConsentPurpose.ARCHIVE)
    told: list[tuple[str, ...]] = []
    for label, codes in (("P07_i1", ("P07",)), ("both", ("P07", "P08")), ("none", ("P09",))):
        if label == "none":
            keep_consent(study, agreed("P09"))
        said = (replace(TURNS[0], speaker=codes[0]),)
        interview = study.interview(add_interview(study, label, said, (), codes=codes))
        sign_transcript(
            interview, name="A", role="data officer", clean=draft_clean_transcript(interview)
        )
        plan = plan_hand_over(study, interview.id)
        assert plan is not None
        told.append(plan.warnings)

    no = "said no to an archive: whoever receives this may not give it to one."
    assert told == [(f"! P07 {no}",), (f"! P07 and P08 {no}",), ()]
