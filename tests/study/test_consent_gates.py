"""Which answer allows what: the table, each purpose by each action by each rule."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from study.artefact_kinds import ArtefactKind
from study.consent import CapacityState, ConsentAnswer, ConsentPurpose, ConsentRule, EarlierData
from study.consent_gates import (
    GATES,
    GatedAction,
    QuotePermission,
    find_refusal,
    may_be_quoted,
)
from study.destruction import WithdrawalScope
from study.errors import (
    BadName,
    CapacityLost,
    ConsentError,
    ConsentFlaw,
    ConsentMissing,
    ConsentRefused,
    ConsentWithheld,
    HasWithdrawn,
    StudyUnwritable,
)
from study.records import InterviewDetails, Participant, RecordingSetup, Role
from study.store.consent_checks import (
    is_consented,
    read_quote_permission,
    require_consent,
    require_interview_consent,
)
from study.store.consents import keep_consent
from study.store.destruction import record_withdrawal
from study.store.study import Study
from tests.consents import agreed, ask_for, keep_agreed

P, A = ConsentPurpose, GatedAction
TABLE = {
    A.RECORD: P.SOUND,
    A.IMPORT_SOUND: P.SOUND,
    A.IMPORT_TEXT: None,
    A.TRANSCRIBE: P.TRANSCRIPTION,
    A.TYPE: None,
    A.HAND_OVER: None,
    A.HAND_OVER_SOUND: P.SOUND_HAND_OVER,
    A.ARCHIVE: P.ARCHIVE,
    A.SEND: None,
    A.TAKE_IN: None,
}
FURTHER = {A.RECORD, A.IMPORT_SOUND, A.IMPORT_TEXT}
RULES = list(ConsentRule)
STRICT = ConsentRule.RECORDED


def refusal(
    action: GatedAction, rule: ConsentRule, record: object = None
) -> type[BaseException] | None:
    records = {} if record is None else {"P07": record}
    found = find_refusal(action, rule, ("P07",), records)  # type: ignore[arg-type]
    return None if found is None else type(found)


def test_each_action_needs_one_answer() -> None:
    assert {action: GATES[action].purpose for action in GatedAction} == TABLE
    assert {action for action, gate in GATES.items() if gate.is_further} == FURTHER


@pytest.mark.parametrize(("action", "purpose"), list(product(GatedAction, ConsentPurpose)))
def test_a_no_to_one_purpose_refuses_its_actions_under_every_rule_and_no_other(
    action: GatedAction, purpose: ConsentPurpose
) -> None:
    wanted = ConsentWithheld if TABLE[action] is purpose else None

    assert [refusal(action, rule, agreed(but=purpose)) for rule in RULES] == [wanted] * 3


@pytest.mark.parametrize(("action", "rule"), list(product(GatedAction, RULES)))
def test_what_was_not_asked_and_who_has_no_record_is_refused_where_records_are_asked_for(
    action: GatedAction, rule: ConsentRule
) -> None:
    purpose = TABLE[action]
    not_asked = agreed(but=purpose, answer=ConsentAnswer.NOT_ASKED)
    is_strict = rule is STRICT

    assert refusal(action, rule) is (ConsentMissing if is_strict else None)
    assert refusal(action, rule, not_asked) is (ConsentWithheld if is_strict and purpose else None)
    assert refusal(action, rule, agreed()) is None
    assert (find_refusal(action, rule, (), {}) is None) is not is_strict


@pytest.mark.parametrize(
    ("action", "rule", "earlier"), list(product(GatedAction, RULES, list(EarlierData)))
)
def test_lost_capacity_locks_further_interviews_and_the_policy_the_earlier_ones(
    action: GatedAction, rule: ConsentRule, earlier: EarlierData
) -> None:
    lost = replace(agreed(capacity=CapacityState.LOST), earlier=earlier)
    advised = replace(lost, capacity=CapacityState.ADVISED)
    stays = action not in FURTHER and earlier is EarlierData.KEEP

    assert refusal(action, rule, lost) is (None if stays else CapacityLost)
    assert refusal(action, rule, advised) is None


@pytest.mark.parametrize("rule", RULES)
def test_words_are_quoted_where_somebody_said_so_or_nobody_had_to(rule: ConsentRule) -> None:
    is_loose = rule is not STRICT

    assert may_be_quoted(rule, agreed())
    assert not may_be_quoted(rule, agreed(but=P.QUOTES))
    assert may_be_quoted(rule, None) is is_loose
    not_asked = agreed(but=P.QUOTES, answer=ConsentAnswer.NOT_ASKED)
    assert may_be_quoted(rule, not_asked) is is_loose


def test_a_voice_without_a_name_is_quoted_only_where_everybody_may_be() -> None:
    some = QuotePermission(frozenset({"INT01", "FAM01"}), frozenset({"P07"}))

    assert [some.allows(who) for who in ("FAM01", "INT01", "P07", "S1")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert QuotePermission(frozenset({"P07"})).allows("S1")


ABOUT = InterviewDetails(
    "P07_i1",
    (Participant("INT01", Role.INTERVIEWER), Participant("P07"), Participant("FAM01",
     Role.SUPPORTER)),
)  # fmt: skip


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("interview made") as change:
        return change.add_interview(ABOUT)


def test_everybody_is_asked_but_interviewers_and_a_refusal_is_noted(
    study: Study, interview: str
) -> None:
    keep_agreed(study, "P07")
    before = study.read_trail()[1].count

    for action in GatedAction:
        with pytest.raises(ConsentMissing, match="FAM01"):
            require_interview_consent(study.interview(interview), action)
        assert not is_consented(study.interview(interview), action)
    keep_consent(study, agreed("FAM01"))
    for action in GatedAction:
        require_interview_consent(study.interview(interview), action)
        assert is_consented(study.interview(interview), action)

    lines = study.read_trail()[0][before:]
    refused = [line for line in lines if line.verb == "refused for want of consent"]
    assert [line.facts["gate"] for line in refused] == [action.value for action in GatedAction]
    assert {(line.interview, line.facts["exit_code"]) for line in refused} == {(interview, 94)}


def test_who_was_not_in_the_room_is_not_asked(study: Study, interview: str) -> None:
    keep_agreed(study, "P07")
    require_consent(study, A.RECORD, ABOUT, ("P07", "INT01"))
    with study.interview(interview).change("recording prepared") as change:
        change.write_artefact(ArtefactKind.SETTING, RecordingSetup(("P07", "INT01"), "Laptop"))

    require_interview_consent(study.interview(interview), A.TRANSCRIBE)

    with study.interview(interview).change("recording prepared") as change:
        change.write_artefact(ArtefactKind.SETTING, RecordingSetup(("FAM01",), "Laptop"))
    with pytest.raises(ConsentMissing, match="FAM01"):
        require_interview_consent(study.interview(interview), A.TRANSCRIBE)


@pytest.mark.parametrize("present", [(), ("P07", "P08"), ("P08",)])
@pytest.mark.parametrize("role", list(Role))
def test_a_no_counts_in_whatever_role_somebody_is_entered(
    study: Study, role: Role, present: tuple[str, ...]
) -> None:
    keep_agreed(study, "P08")
    keep_consent(study, agreed("P07", but=P.SOUND))
    about = InterviewDetails("X2", (Participant("P07", role), Participant("P08")))

    if "P07" in present or not present:
        with pytest.raises(ConsentWithheld, match="P07"):
            require_consent(study, A.IMPORT_SOUND, about, present)
    else:
        require_consent(study, A.IMPORT_SOUND, about, present)


@pytest.mark.usefixtures("interview")  # of P07
def test_two_codes_that_differ_by_capitals_alone_are_refused(study: Study) -> None:
    keep_consent(study, agreed("P08"))

    for people in (("p07",), ("p08",), ("P09", "p09")):
        about = InterviewDetails("X2", tuple(map(Participant, people)))
        with pytest.raises(BadName, match="other capitals"):
            require_consent(study, A.IMPORT_TEXT, about)
    for code in ("p07", "p08"):
        with pytest.raises(BadName, match="other capitals"):
            keep_consent(study, agreed(code))
    keep_consent(study, agreed("P07"))
    require_consent(study, A.IMPORT_TEXT, InterviewDetails("X2", (Participant("P07"),)))


def test_words_taken_back_are_not_used_in_whatever_role_somebody_was_entered(
    study: Study,
) -> None:
    about = InterviewDetails("X2", (Participant("P07", Role.INTERVIEWER), Participant("P08")))
    with study.change("interview made") as change:
        interview = study.interview(change.add_interview(about))
    record_withdrawal(study, "P07", WithdrawalScope.TRANSCRIPT)

    with pytest.raises(HasWithdrawn):
        require_interview_consent(interview, A.TRANSCRIBE)
    with pytest.raises(HasWithdrawn):
        require_interview_consent(interview, A.HAND_OVER)


@pytest.mark.parametrize("people", [(), (Participant("INT01", Role.INTERVIEWER),)])
def test_nobody_hides_behind_an_interview_without_participants(
    study: Study, people: tuple[Participant, ...]
) -> None:
    ask_for(study, STRICT)

    with pytest.raises(ConsentMissing, match="No participant is listed who could agree"):
        require_consent(study, A.RECORD, InterviewDetails("X1", people))


def test_a_spoken_consent_is_recorded_without_one_and_nothing_else_is_made_of_it(
    study: Study,
) -> None:
    ask_for(study, STRICT)
    spoken = InterviewDetails("P07_consent", (Participant("P07"),), is_spoken_consent=True)

    require_consent(study, A.RECORD, spoken)

    for action in set(GatedAction) - {A.RECORD}:
        with pytest.raises(ConsentRefused) as refused:
            require_consent(study, action, spoken)
        assert refused.value.flaw is ConsentFlaw.SPOKEN


def test_a_study_of_before_refuses_nothing(study: Study, interview: str) -> None:
    for action in GatedAction:
        require_interview_consent(study.interview(interview), action)
    require_consent(study, A.RECORD, InterviewDetails("X1"))

    assert read_quote_permission(study.interview(interview)).refused == frozenset()


def test_a_refusal_stands_where_it_cannot_be_noted(
    study: Study, interview: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for(study, STRICT)

    def full(*_: object) -> None:
        raise StudyUnwritable

    monkeypatch.setattr(Study, "change", full)

    with pytest.raises(ConsentError):
        require_interview_consent(study.interview(interview), A.RECORD)


def test_who_was_entered_as_s01_is_asked_and_a_stranger_of_that_number_is_not(
    study: Study,
) -> None:
    keep_agreed(study, "P07")
    stranger = Participant("S01", is_entered=False)

    require_consent(
        study, A.IMPORT_TEXT, InterviewDetails("X1", (Participant("P07"), stranger))
    )  # fmt: skip
    with pytest.raises(ConsentMissing, match="S01"):
        require_consent(
            study, A.IMPORT_TEXT, InterviewDetails("X1", (Participant("P07"), Participant("S01")))
        )
    with pytest.raises(ConsentMissing, match="No participant is listed"):
        require_consent(study, A.IMPORT_TEXT, InterviewDetails("X1", (stranger,)))
