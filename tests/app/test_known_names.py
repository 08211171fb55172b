"""Names that may be said, entered after an interview was recorded."""

from __future__ import annotations

import pytest

from anonymise import search_transcript
from app import count_names, enter_names
from study import (
    ArtefactKind,
    Category,
    InterviewDetails,
    Participant,
    RegisterEntry,
    Transcript,
    TranscriptFacts,
    Turn,
)
from study.errors import UnknownParticipant
from study.store import Study, read_decisions, verify_study
from tests.course import MADE_BY, add_interview

TURNS = (Turn(1, "P07", 0.0, 4.0, "And then Wilhelmina came to Skelbeck with us."),)


def test_names_entered_afterwards_are_found_by_the_next_search_and_the_trail_is_sound(
    study: Study,
) -> None:
    with study.change("transcript imported") as change:
        made = change.add_interview(InterviewDetails("P07_i1", (Participant("P07"),)))
        change.write_artefact(ArtefactKind.RAW, Transcript(TURNS, MADE_BY), TranscriptFacts())
    interview = study.interview(made)

    assert enter_names(
        interview, {"P07": ("Wilhelmina",)}, [RegisterEntry(Category.PLACE, ("Skelbeck",))]
    )
    assert not enter_names(interview, {"P07": ("Wilhelmina",)})
    search_transcript(interview, name_model=None)

    found = {TURNS[0].text[d.mention.start : d.mention.end] for d in read_decisions(interview)}
    assert found >= {"Wilhelmina", "Skelbeck"}
    assert count_names(interview.details) == {"P07": 1, "others": 1}
    assert verify_study(study) == []


def test_nobody_is_named_who_does_not_take_part(study: Study) -> None:
    interview = study.interview(add_interview(study, "P07_i1", TURNS))

    with pytest.raises(UnknownParticipant):
        enter_names(interview, {"P99": ("Somebody",)})
