"""The gate in a study of many interviews: it looks at each once, and again when it changed."""

from __future__ import annotations

import pytest

from handoff import text_search
from handoff.forbidden_text import collect_forbidden_text
from handoff.gate import check_hand_over
from handoff.text_search import Wanted
from handoff.transcript_lines import TranscriptLine
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
from study.errors import OriginalSurvives, StudyDamaged
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


def count_looks(
    interviews: list[Interview], monkeypatch: pytest.MonkeyPatch, lines_each: int = 6
) -> int:
    """Return how often a line is searched while interviews leave together, each with two files."""
    files: dict[str, bytes] = {}
    texts: list[tuple[Interview, list[TranscriptLine]]] = []
    for number, interview in enumerate(interviews):
        said = [f"We sat by window {number} with cup {n}." for n in range(lines_each)]
        lines = [TranscriptLine(n, n, "P07", one) for n, one in enumerate(said, 1)]
        texts.append((interview, lines))
        files |= {f"{interview.label}.{kind}": "\n".join(said).encode() for kind in ("txt", "csv")}
    looked: list[str] = []
    really = text_search._look

    def look(line: str, wanted: Wanted, **more: bool) -> text_search._LineLook:
        looked.append(line)
        return really(line, wanted, **more)

    monkeypatch.setattr(text_search, "_look", look)
    check_hand_over(texts, files)
    monkeypatch.setattr(text_search, "_look", really)
    return len(looked)


def test_interviews_that_leave_together_cost_their_sum_and_not_their_product(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each was looked for in the files of all: ten cost as much as twenty, one after the other."""
    every = [
        study.interview(add_interview(study, f"P{number:02}_i1", (TURN,), ()))
        for number in range(8)
    ]
    two, eight = (count_looks(every[:count], monkeypatch) for count in (2, 8))

    assert eight <= 4 * two


def test_what_is_a_name_in_one_of_them_leaves_in_none(study: Study) -> None:
    """Also where it is an ordinary word, which no other interview looks for, or was kept there."""
    rose = Turn(1, "P07", 0.0, 4.0, "I told Rose, and then Kirkbymoor was over.")
    found = (mention("m1", rose, "Rose", Category.PERSON, "[Person 1]"),)
    place = (mention("m1", rose, "Kirkbymoor", Category.PLACE, "[Place 1]"),)
    first, second = (
        study.interview(add_interview(study, label, (rose,), mentions))
        for label, mentions in (("P07_i1", found), ("P08_i1", place))
    )
    decide(first, "m1", Verdict.ACCEPTED)
    decide(second, "m1", Verdict.REJECTED)
    texts: list[tuple[Interview, list[TranscriptLine]]] = [(first, []), (second, [])]

    check_hand_over(texts, {"P08_i1.txt": b"I told nobody, and Kirkbymoor was over."})
    check_hand_over([(second, [])], {"P08_i1.txt": b"I told Rose, and it was over."})
    with pytest.raises(OriginalSurvives):
        check_hand_over(texts, {"P08_i1.txt": b"I told Rose, and it was over."})
    decide(first, "m1", Verdict.REJECTED)
    check_hand_over(texts, {"P08_i1.txt": b"I told Rose, and it was over."})
    third = study.interview(add_interview(study, "P09_i1", (TURN,), FOUND))
    decide(third, "m1", Verdict.REJECTED)
    decide(third, "m2", Verdict.ACCEPTED)
    with pytest.raises(OriginalSurvives):  # kept in the second, replaced in the third
        check_hand_over([*texts, (third, [])], {"P08_i1.txt": b"And Kirkbymoor was over."})
