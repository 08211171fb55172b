"""Names that may be said, entered after an interview was recorded."""

from __future__ import annotations

import pytest

from anonymise import search_transcript
from app import count_names, enter_names, format_register, parse_register
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


@pytest.mark.parametrize("kind", [Category.PLACE, Category.ORGANISATION])
def test_commas_part_places_and_organisations_and_the_names_of_one_person(kind: Category) -> None:
    """So two villages got one replacement, which nobody saw on the screen."""
    typed = f"{kind}=Grassington, Threshfield:village; person=Tom Baker,Tommy:brother"

    assert parse_register(typed) == (
        RegisterEntry(kind, ("Grassington",), "village"),
        RegisterEntry(kind, ("Threshfield",), "village"),
        RegisterEntry(Category.PERSON, ("Tom Baker", "Tommy"), "brother"),
    )


@pytest.mark.parametrize("kind", list(Category))
def test_what_was_entered_as_names_of_one_is_still_one_after_it_was_shown_and_typed(
    kind: Category,
) -> None:
    kept = (RegisterEntry(kind, ("Grassington", "Girston"), "home"), RegisterEntry(kind, ("Hull",)))

    assert parse_register(format_register(kept)) == kept
