"""A participant's copy that came back is seen in the list until a person went through it."""

from __future__ import annotations

from app import list_waiting_returns
from handoff import discard_returned, keep_returned
from study import (
    ArtefactKind,
    InterviewDetails,
    Provenance,
    ReturnedChange,
    ReturnedCopy,
    ReturnedPart,
    ReturnedStanding,
    Transcript,
    Turn,
)
from study.store import Study


def test_the_list_says_that_a_copy_came_back_and_not_that_all_is_done(study: Study) -> None:
    turns = (Turn(1, "P07", 0.0, 1.0, "Yes."),)
    with study.change("heard") as change:
        made = change.add_interview(InterviewDetails("P07_i1"))
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, Provenance("typed", "tests")))
    interview = study.interview(made)
    assert not list_waiting_returns(study, study.summaries())
    part = ReturnedPart(
        "row 1", "what a line should say", ReturnedStanding.READ, "1: No.",
        (ReturnedChange(1, 1, "No."),), line=1,
    )  # fmt: skip

    keep_returned(interview, ReturnedCopy("2026-11-20", 0, (1,), (part,)))

    assert list_waiting_returns(study, study.summaries()) == {made}
    discard_returned(interview)
    assert not list_waiting_returns(study, study.summaries())
