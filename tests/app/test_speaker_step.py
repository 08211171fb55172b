"""Telling speakers apart after the words: when it is done by itself, and what a failure costs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app import add_speakers, count_participants
from app.speaker_step import wants_speakers
from study import (
    ArtefactKind,
    InterviewDetails,
    Layout,
    Participant,
    Provenance,
    Recognition,
    Role,
    Transcript,
    Turn,
    Word,
)
from study.errors import ModelMissing, SoundMissing
from study.store import Interview, Study, change_settings

TWO = (Participant("INT01", Role.INTERVIEWER), Participant("P07"))
TURN = Turn(1, "S?", 1.0, 2.0, "Yes.", (Word(" Yes.", 1.0, 2.0, 0.9),))
HEARD = Transcript((TURN,), Provenance("transcribe", "earshot"), recognition=Recognition())


def transcribed(
    study: Study, details: InterviewDetails, transcript: Transcript | None = HEARD
) -> Interview:
    with study.change("transcribed") as change:
        interview = change.add_interview(details)
        if transcript is not None:
            change.write_artefact(ArtefactKind.RAW, transcript, owner=interview)
    return study.interview(interview)


def test_two_people_before_one_microphone_are_told_apart(study: Study) -> None:
    assert wants_speakers(transcribed(study, InterviewDetails("P07_i1", TWO)))


def test_somebody_alone_needs_no_telling_apart(study: Study) -> None:
    assert not wants_speakers(transcribed(study, InterviewDetails("P07_i1", TWO[1:])))


def test_nothing_is_told_apart_before_there_are_words(study: Study) -> None:
    assert not wants_speakers(transcribed(study, InterviewDetails("P07_i1", TWO), None))


def test_a_text_that_was_typed_elsewhere_has_its_speakers(study: Study) -> None:
    typed = replace(HEARD, recognition=None)

    assert not wants_speakers(transcribed(study, InterviewDetails("P07_i1", TWO), typed))


def test_where_each_has_a_microphone_nobody_is_guessed(study: Study) -> None:
    each = replace(HEARD, recognition=Recognition(layout=Layout(((0,), (1,)))))

    assert not wants_speakers(transcribed(study, InterviewDetails("P07_i1", TWO), each))


def test_a_study_may_switch_it_off(study: Study) -> None:
    interview = transcribed(study, InterviewDetails("P07_i1", TWO))
    change_settings(study, tells_voices_apart=False)

    assert not wants_speakers(interview)
    assert add_speakers(interview).problem is None


def test_as_many_people_speak_as_were_entered(study: Study) -> None:
    three = (*TWO, Participant("FAM01", Role.SUPPORTER))

    assert count_participants(transcribed(study, InterviewDetails("P07_i1", three))) == 3


def test_without_a_model_the_transcript_stands_and_the_reason_is_told(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "none"))
    interview = transcribed(study, InterviewDetails("P07_i1", TWO))

    added = add_speakers(interview)

    assert isinstance(added.problem, ModelMissing)
    assert interview.find_newest_version(ArtefactKind.RAW) == 1


@pytest.mark.usefixtures("voices_alone")
def test_a_failure_costs_the_speakers_and_not_the_transcript(
    study: Study,
) -> None:
    interview = transcribed(study, InterviewDetails("P07_i1", TWO))  # whose sound is gone

    added = add_speakers(interview)

    assert isinstance(added.problem, SoundMissing)
    assert added.transcript is None
    assert interview.read_artefact(ArtefactKind.RAW, Transcript) == HEARD
