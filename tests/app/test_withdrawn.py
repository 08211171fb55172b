"""What a withdrawal means for the interviews that are left: what is said, and what is refused."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from app import (
    carry_out_withdrawal,
    describe_withdrawals,
    explain_withheld,
    find_withdrawals,
    is_over,
    list_confirmable,
    list_participant_consents,
    list_transcribed_elsewhere,
    list_withdrawn,
    plan_withdrawal,
)
from study import (
    ArtefactKind,
    GatedAction,
    InterviewDetails,
    InterviewSummary,
    Participant,
    PersonRole,
    Provenance,
    Role,
    SoundFormat,
    Transcript,
    TranscriptFacts,
    Turn,
    WithdrawalScope,
)
from study.errors import HasWithdrawn
from study.store import (
    AUDIO_FOLDER,
    Argon2Cost,
    IncomingSound,
    PresenceLock,
    Study,
    add_person,
    check_new_interview,
    require_interview_consent,
)
from tests.consents import keep_agreed

OWN = {PersonRole.APPROVER: "what the approver knows", PersonRole.OFFICER: "what the officer knows"}
PEOPLE = (Participant("INT01", Role.INTERVIEWER), Participant("P07"))
GATED = {"transcribe": GatedAction.TRANSCRIBE, "export": GatedAction.HAND_OVER}


@pytest.fixture
def visited(study: Study) -> Study:
    """A study with a transcribed, a recorded and an empty interview of P07, and one of P08."""
    for label, code in (("P07_i1", "P07"), ("P07_i2", "P07"), ("P08_i1", "P08")):
        with IncomingSound(study, SoundFormat(8000, 1)) as incoming:
            incoming.write(bytes(16_000))
            incoming.keep(InterviewDetails(label, (PEOPLE[0], Participant(code))), {"c": "WAV"})
    with study.interview("P07_i1").change("transcribed") as change:
        heard = Transcript((Turn(1, "P07", 0.0, 0.5, "Yes."),), Provenance("test", "earshot"))
        change.write_artefact(ArtefactKind.RAW, heard, TranscriptFacts(1))
    with study.change("interview made") as change:
        change.add_interview(InterviewDetails("P07_i3", PEOPLE))
    keep_agreed(study, "P07", "P08")
    return study


def withdraw(study: Study, scope: WithdrawalScope) -> None:
    carry_out_withdrawal(study, plan_withdrawal(study, "P07", scope))


def find(study: Study, label: str) -> InterviewSummary:
    return study.find_interview(label)


PARTS = [WithdrawalScope.FURTHER, WithdrawalScope.SOUND, WithdrawalScope.TRANSCRIPT]


@pytest.mark.parametrize(("scope", "verb"), list(product(PARTS, GATED)))
def test_nothing_is_offered_that_the_study_would_refuse(
    visited: Study, scope: WithdrawalScope, verb: str
) -> None:
    withdraw(visited, scope)
    withdrawn = list_withdrawn(visited)

    for summary in visited.summaries():
        found = find_withdrawals(summary, withdrawn)
        refused = False
        try:
            require_interview_consent(visited.interview(summary.id), GATED[verb])
        except HasWithdrawn:
            refused = True
        said = explain_withheld(summary, found, verb)
        assert not refused or said, (summary.label, said)
        assert bool(found) == summary.label.startswith("P07")
        if found:
            assert "nothing more is recorded" in explain_withheld(summary, found, "record")
            assert f"P07 has withdrawn ({scope}, " in describe_withdrawals(summary, found)


def test_who_is_offered_no_recording_is_refused_one(visited: Study) -> None:
    withdraw(visited, WithdrawalScope.FURTHER)

    with pytest.raises(HasWithdrawn):
        check_new_interview(visited, InterviewDetails("P07_i9", PEOPLE))


def test_nothing_is_left_to_do_where_what_there_was_is_gone(visited: Study) -> None:
    def left() -> list[str]:
        withdrawn = list_withdrawn(visited)
        return [
            s.label for s in visited.summaries() if not is_over(s, find_withdrawals(s, withdrawn))
        ]

    assert sorted(left()) == ["P07_i1", "P07_i2", "P07_i3", "P08_i1"]
    withdraw(visited, WithdrawalScope.FURTHER)
    assert sorted(left()) == ["P07_i1", "P07_i2", "P08_i1"]
    withdraw(visited, WithdrawalScope.SOUND)
    assert sorted(left()) == ["P07_i1", "P08_i1"]
    withdraw(visited, WithdrawalScope.TRANSCRIPT)
    assert left() == ["P08_i1"]


def test_a_request_is_shown_to_who_may_confirm_it_and_to_nobody_else(
    visited: Study, cheap: Argon2Cost
) -> None:
    for role, own in OWN.items():
        add_person(visited, role.value, role, own, cost=cheap)
    withdraw(visited, WithdrawalScope.SOUND)

    assert list_confirmable(visited) == []  # the owner asked for it
    (one,) = list_withdrawn(visited).values()
    summary = find(visited, "P07_i2")
    assert one.waits
    assert is_over(summary, (one,))
    assert "waits for somebody to confirm" in explain_withheld(summary, (one,), "transcribe")
    with Study.open(visited.folder, OWN[PersonRole.OFFICER]) as officer:
        assert list_confirmable(officer) == []
    with Study.open(visited.folder, OWN[PersonRole.APPROVER]) as approver:
        assert [one.code for one in list_confirmable(approver)] == ["P07"]
        assert list_withdrawn(approver) == {}  # whose keys tell of no participant


def test_who_has_withdrawn_everything_still_stands_among_the_consents(visited: Study) -> None:
    withdraw(visited, WithdrawalScope.EVERYTHING)

    told = {one.code: one for one in list_participant_consents(visited)}

    assert told["P07"].record is None
    assert told["P07"].withdrawn is not None
    assert told["P07"].withdrawn.scope is WithdrawalScope.EVERYTHING
    assert told["P08"].withdrawn is None


def test_an_interview_that_another_program_transcribes_is_known_by_its_lock(
    visited: Study,
) -> None:
    every, wanted = visited.summaries(), find(visited, "P08_i1").id
    assert list_transcribed_elsewhere(visited, every) == frozenset()
    lock = PresenceLock(Path(visited.folder) / AUDIO_FOLDER / wanted)
    assert lock.try_exclusive()

    assert list_transcribed_elsewhere(visited, every) == {wanted}
    assert list_transcribed_elsewhere(visited, every, own=wanted) == frozenset()
    lock.release()
    assert list_transcribed_elsewhere(visited, every) == frozenset()
    assert PresenceLock(Path(visited.folder) / AUDIO_FOLDER / wanted).try_exclusive()
