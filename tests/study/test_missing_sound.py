"""Why an interview has no sound: nobody recorded it yet, or it is gone for good."""

from __future__ import annotations

from study.destruction import (
    Destruction,
    DestructionCause,
    DestructionPart,
    WithdrawalScope,
)
from study.errors import DataDestroyed, HasWithdrawn, SoundMissing
from study.records import InterviewDetails, Participant
from study.store.destruction import ask_destruction, confirm_destruction, record_withdrawal
from study.store.missing_sound import explain_missing_sound
from study.store.study import Study


def test_only_who_may_still_record_is_told_to(study: Study, interview: str) -> None:
    with study.change("interview made") as change:
        empty = change.add_interview(InterviewDetails("P08_i1", (Participant("P08"),)))
    assert isinstance(explain_missing_sound(study.interview(empty)), SoundMissing)
    order = Destruction(
        "", DestructionCause.RETENTION, "sound", "",
        (DestructionPart(interview, "P07_i1", sound=True),), study.ring.slot, "",
    )  # fmt: skip

    confirm_destruction(study, ask_destruction(study, order).id)

    assert study.interview(interview).open_sound() is None
    assert isinstance(explain_missing_sound(study.interview(interview)), DataDestroyed)
    record_withdrawal(study, "P08", WithdrawalScope.FURTHER)
    assert isinstance(explain_missing_sound(study.interview(empty)), HasWithdrawn)
