"""What is likely and what is understood before a recording, without a screen."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import (
    RecordingPlan,
    enter_recording_plan,
    format_participants,
    parse_participants,
    suggest_label,
    suggest_participants,
)
from study import InterviewDetails, Participant, RecordingSetup, Role, is_code
from study.errors import BadName, HasWithdrawn
from study.store import Study, record_withdrawal

_CODES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True).filter(is_code)
_ROLES = st.sampled_from(list(Role))


@given(st.dictionaries(_CODES, _ROLES, max_size=9))
def test_who_takes_part_is_read_as_it_is_written(them: dict[str, Role]) -> None:
    people = tuple(Participant(code, role) for code, role in them.items())

    assert parse_participants(format_participants(people)) == people


@given(st.text(max_size=60))
def test_anything_else_is_refused_in_words_and_never_otherwise(text: str) -> None:
    with contextlib.suppress(BadName):
        assert len(parse_participants(text)) <= text.count(",") + text.count(";") + 1


@pytest.mark.parametrize("text", ["P07, P07", "P 07", "P07:s", "P07:boss", "-P07", "P07=Margaret"])
def test_codes_and_roles_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadName):
        parse_participants(text)


def test_names_that_are_known_stay_with_their_code() -> None:
    known = (Participant("P07", names=("Margaret",)),)

    (found,) = parse_participants("P07:supporter", known)

    assert found == Participant("P07", Role.SUPPORTER, ("Margaret",))


def test_a_label_counts_on_from_the_last_participant(study: Study) -> None:
    first = suggest_label(study.summaries())
    with study.change("made") as change:
        for label in ("S09_i2", "pilot", "P08_i1", "P11_i1"):
            change.add_interview(InterviewDetails(label))

    assert first == "P01_i1"
    assert suggest_label(study.summaries()) in {"P12_i1", "S10_i1"}


def test_a_second_interview_has_the_people_of_the_first(study: Study) -> None:
    people = (Participant("P07"), Participant("S1", Role.SUPPORTER))
    with study.change("made") as change:
        change.add_interview(InterviewDetails("P07_i1", people))

    assert suggest_participants("P07_i2", study.summaries()) == people
    assert suggest_participants("P08_i1", study.summaries()) == (Participant("P08"),)


def test_an_interview_without_sound_is_taken_up_again(study: Study) -> None:
    plan = RecordingPlan(
        InterviewDetails("P07_i1", (Participant("P07"),)), RecordingSetup(("P07",), "Laptop")
    )

    once, twice = enter_recording_plan(study, plan), enter_recording_plan(study, plan)

    assert once == twice
    assert len(study.summaries()) == 1


@pytest.mark.parametrize("role", Role)
def test_who_has_withdrawn_is_entered_in_no_role_for_a_new_recording_or_a_known_one(
    study: Study, role: Role
) -> None:
    known = enter_recording_plan(
        study,
        RecordingPlan(
            InterviewDetails("P08_i1", (Participant("P08"),)), RecordingSetup(("P08",), "Laptop")
        ),
    )
    with study.change("interview made") as change:
        change.add_interview(InterviewDetails("P07_i1", (Participant("P07"),)))
    record_withdrawal(study, "P07")

    people = (Participant("P08"), Participant("P07", role))
    for label, interview in (("P08_i1", known), ("P08_i2", "")):
        with pytest.raises(HasWithdrawn):
            enter_recording_plan(
                study,
                RecordingPlan(
                    InterviewDetails(label, people), RecordingSetup(("P08",), "Laptop"), interview
                ),
            )

    assert {s.label for s in study.summaries()} == {"P07_i1", "P08_i1"}
    assert study.interview(known).participants == (Participant("P08"),)
