"""No machine transcribes what somebody did not agree to, whoever asks it to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models import InstalledModel
from study import (
    ArtefactKind,
    ConsentPurpose,
    InterviewDetails,
    Participant,
    Provenance,
    Transcript,
    TranscriptFacts,
    Turn,
    WithdrawalScope,
)
from study.errors import ConsentWithheld, HasWithdrawn
from study.store import Interview, Study, record_withdrawal
from tests.consents import keep_agreed
from transcribe import diarise_interview, rehear_passage, transcribe_interview

STEPS: dict[str, Callable[[Interview, InstalledModel], object]] = {
    "transcribe": transcribe_interview,
    "follow a recording": lambda interview, model: transcribe_interview(
        interview, model, is_over=lambda: True
    ),
    "hear again": rehear_passage,
    "tell voices apart": lambda interview, model: diarise_interview(interview, model, count=2),
}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_that_hears_is_refused_before_a_model_is_loaded(
    study: Study, tiny_en: InstalledModel, step: str
) -> None:
    with study.change("made") as change:
        made = change.add_interview(InterviewDetails("P07_i1", (Participant("P07"),)))
        heard = Transcript((Turn(1, "P07", 0.0, 2.0, "Yes."),), Provenance("test", "earshot"))
        change.write_artefact(ArtefactKind.RAW, heard, TranscriptFacts(1))
    keep_agreed(study, "P07", but=ConsentPurpose.TRANSCRIPTION)

    with pytest.raises(ConsentWithheld, match="transcription"):
        STEPS[step](study.interview(made), tiny_en)


@pytest.mark.parametrize("step", STEPS)
def test_words_that_were_taken_back_are_made_again_by_no_step(
    study: Study, tiny_en: InstalledModel, step: str
) -> None:
    with study.change("made") as change:
        made = change.add_interview(InterviewDetails("P07_i1", (Participant("P07"),)))
        heard = Transcript((Turn(1, "P07", 0.0, 2.0, "Yes."),), Provenance("test", "earshot"))
        change.write_artefact(ArtefactKind.RAW, heard, TranscriptFacts(1))
    keep_agreed(study, "P07")
    record_withdrawal(study, "P07", WithdrawalScope.TRANSCRIPT)

    with pytest.raises(HasWithdrawn):
        STEPS[step](study.interview(made), tiny_en)
