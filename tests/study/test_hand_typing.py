"""An empty transcript for a person to type into, where no machine may transcribe."""

from __future__ import annotations

import pytest

from study.artefact_kinds import ArtefactKind
from study.artefacts import InterviewState
from study.consent import CapacityState, ConsentPurpose, ConsentRule
from study.consent_gates import GatedAction
from study.destruction import WithdrawalScope
from study.errors import (
    CapacityLost,
    ConsentMissing,
    ConsentWithheld,
    EditFlaw,
    HasWithdrawn,
    NotCorrectable,
    RoleForbids,
    SoundMissing,
)
from study.person_roles import PersonRole
from study.records import InterviewDetails, Participant, Transcript
from study.store.consent_checks import require_interview_consent
from study.store.consents import keep_consent
from study.store.destruction import record_withdrawal
from study.store.hand_typing import TYPED_BY_HAND, begin_typing
from study.store.keys import Argon2Cost
from study.store.people import add_person
from study.store.study import Study
from study.store.verification import verify_study
from tests.consents import agreed, ask_for, keep_agreed


def test_an_interview_that_no_machine_may_transcribe_is_typed_by_hand(
    study: Study, interview: str
) -> None:
    keep_agreed(study, "P07", but=ConsentPurpose.TRANSCRIPTION)
    with pytest.raises(ConsentWithheld):
        require_interview_consent(study.interview(interview), GatedAction.TRANSCRIBE)

    editor = begin_typing(study.interview(interview))

    (turn,) = editor.transcript.turns
    assert (turn.speaker, turn.start_s, turn.end_s, turn.text) == ("P07", 0.0, 3.0, "")
    made = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert made is not None
    assert (made.provenance.step, made.provenance.model) == (TYPED_BY_HAND, "")
    assert made.recognition is None
    assert made.coverage is None
    assert study.find_interview(interview).state is InterviewState.TRANSCRIBED
    assert verify_study(study) == []


def test_what_is_typed_is_split_and_given_to_who_says_it(study: Study, interview: str) -> None:
    editor = begin_typing(study.interview(interview))

    editor.set_text(1, "How are you? Well enough.")
    text = editor.transcript.turns[0].text
    editor.split_turn(1, text.index("Well"))

    first, second = editor.transcript.turns
    assert (first.text, second.text) == ("How are you?", "Well enough.")
    assert first.start_s <= first.end_s <= second.start_s <= second.end_s <= 3.0


def test_nothing_is_typed_where_consent_is_missing_or_capacity_lost_or_words_taken_back(
    study: Study, interview: str
) -> None:
    ask_for(study, ConsentRule.RECORDED)
    one = study.interview(interview)
    with pytest.raises(ConsentMissing):
        begin_typing(one)
    keep_consent(study, agreed("P07", capacity=CapacityState.LOST))
    with pytest.raises(CapacityLost):
        begin_typing(one)
    keep_consent(study, agreed("P07"))
    record_withdrawal(study, "P07", WithdrawalScope.TRANSCRIPT)
    with pytest.raises(HasWithdrawn):
        begin_typing(one)

    assert one.read_transcript() is None


def test_nothing_is_typed_over_what_is_there_or_without_sound(study: Study, interview: str) -> None:
    begin_typing(study.interview(interview))
    before = study.read_trail()[1]

    with pytest.raises(NotCorrectable) as refused:
        begin_typing(study.interview(interview))
    assert refused.value.flaw is EditFlaw.THERE
    assert study.read_trail()[1] == before

    with study.change("interview made") as change:
        silent = change.add_interview(InterviewDetails("P08_i1", (Participant("P08"),)))
    with pytest.raises(SoundMissing):
        begin_typing(study.interview(silent))


def test_an_officer_types_nothing(study: Study, interview: str, cheap: Argon2Cost) -> None:
    add_person(study, "Off", PersonRole.OFFICER, "only the officer knows this", cost=cheap)

    with (
        Study.open(study.folder, "only the officer knows this") as opened,
        pytest.raises(RoleForbids),
    ):
        begin_typing(opened.interview(interview))
