"""The gate in a study of many interviews: it looks at each once, and again when it changed."""

from __future__ import annotations

import pytest

from handoff.forbidden_text import collect_forbidden_text
from study import (
    ArtefactKind,
    Category,
    Decision,
    DecisionFacts,
    InterviewDetails,
    RegisterEntry,
    Turn,
    Verdict,
)
from study.errors import StudyDamaged
from study.store import Interview, Study
from tests.course import add_interview, mention

TURN = Turn(1, "P07", 0.0, 4.0, "Then Wilhelmina Fotheringay came from Kirkbymoor.")
FOUND = (
    mention("m1", TURN, "Wilhelmina Fotheringay", Category.PERSON, "[Person 1]"),
    mention("m2", TURN, "Kirkbymoor", Category.PLACE, "[Place 1]"),
)


@pytest.fixture
def here(study: Study) -> Interview:
    return study.interview(add_interview(study, "P07_i1", (TURN,), ()))


@pytest.fixture
def other(study: Study) -> Interview:
    return study.interview(add_interview(study, "P08_i1", (TURN,), FOUND))


def decide(interview: Interview, key: str, verdict: Verdict) -> None:
    with interview.change("decided") as change:
        decision = Decision(key, verdict, 1, change.made_at)
        change.append_entry(ArtefactKind.MENTIONS, decision, DecisionFacts(0))


def test_what_is_decided_elsewhere_after_the_gate_has_looked_is_looked_for(
    here: Interview, other: Interview
) -> None:
    decide(other, "m1", Verdict.ACCEPTED)
    before = collect_forbidden_text(here)
    decide(other, "m2", Verdict.ACCEPTED)
    decide(other, "m1", Verdict.REJECTED)
    after = collect_forbidden_text(here)

    assert " wilhelmina fotheringay " in before.anywhere
    assert " kirkbymoor " not in before.phrases
    assert " kirkbymoor " in after.phrases
    assert " wilhelmina fotheringay " not in after.anywhere


def test_a_name_entered_elsewhere_after_the_gate_has_looked_is_looked_for(
    here: Interview, other: Interview
) -> None:
    assert not collect_forbidden_text(here).anywhere
    named = InterviewDetails(
        "P08_i1", register=(RegisterEntry(Category.PERSON, ("Ottoline Brackenbury",)),)
    )
    with other.change("names entered") as change:
        change.write_artefact(ArtefactKind.ABOUT, named)

    assert " ottoline brackenbury " in collect_forbidden_text(here).anywhere


def test_an_interview_that_did_not_change_is_not_read_again(
    study: Study, here: Interview, other: Interview
) -> None:
    """Each sign-off and each hand-over read every transcript of the study."""
    decide(other, "m1", Verdict.ACCEPTED)
    first = collect_forbidden_text(here)
    study.db.execute(
        "UPDATE artefact SET sealed = zeroblob(length(sealed)) WHERE interview = ? AND kind = ?",
        [other.id, ArtefactKind.RAW],
    )
    study.rows.forget()

    assert collect_forbidden_text(here).anywhere == first.anywhere
    decide(other, "m2", Verdict.ACCEPTED)
    with pytest.raises(StudyDamaged):
        collect_forbidden_text(here)
