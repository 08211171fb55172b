"""A voice that was named once is proposed in other interviews, where voice prints are kept."""

from __future__ import annotations

import pytest

from app import forget_voice_prints, guess_voice_names
from study import (
    ArtefactKind,
    InterviewDetails,
    Participant,
    Provenance,
    Transcript,
    Turn,
    Voices,
    VoiceStretch,
)
from study.store import Interview, Study, TranscriptEditor, change_settings

INTERVIEWER, ARTHUR, JEAN = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.6, 0.8)


def told_apart(
    study: Study, label: str, people: tuple[str, ...], prints: tuple[tuple[float, ...], ...]
) -> Interview:
    """Enter an interview whose voices S1, S2, ... speak for 2 s each, one after the other."""
    turns: list[Turn] = []
    stretches: list[VoiceStretch] = []
    for number in range(2 * len(prints)):
        voice = number % len(prints)
        turns.append(Turn(number + 1, f"S{voice + 1}", 3.0 * number, 3.0 * number + 2, "words"))
        stretches.append(VoiceStretch(3.0 * number, 3.0 * number + 2, voice, 0.5))
    codes = tuple(f"S{number + 1}" for number in range(len(prints)))
    voices = Voices(tuple(stretches), codes, len(prints), is_guessed=False, sureness=1.0,
                    model="voices", model_sha256="ab", prints=prints)  # fmt: skip
    with study.change("transcribed") as change:
        details = InterviewDetails(label, tuple(map(Participant, people)))
        made = change.add_interview(details)
        transcript = Transcript(tuple(turns), Provenance("transcribe", "earshot"))
        change.write_artefact(ArtefactKind.RAW, transcript, owner=made)
        change.write_artefact(ArtefactKind.VOICES, voices, owner=made)
    return study.interview(made)


@pytest.fixture
def named(study: Study) -> Interview:
    """An interview in which somebody said whose the voices are, of a study that keeps prints."""
    change_settings(study, allows_voice_prints=True)
    made = told_apart(study, "P01_i1", ("INT01", "P01"), (INTERVIEWER, ARTHUR))
    TranscriptEditor(made).name_voices({"S1": "INT01", "S2": "P01"})
    return made


@pytest.mark.usefixtures("named")
def test_the_interviewer_is_known_again(study: Study) -> None:
    other = told_apart(study, "FAM01_i1", ("INT01", "FAM01"), (JEAN, (0.96, 0.28, 0.0)))

    assert guess_voice_names(other) == {"S2": "INT01"}


@pytest.mark.usefixtures("named")
def test_nobody_is_guessed_who_takes_no_part(study: Study) -> None:
    other = told_apart(study, "FAM01_i1", ("INT02", "FAM01"), (JEAN, INTERVIEWER))

    assert guess_voice_names(other) == {}


@pytest.mark.usefixtures("named")
def test_nobody_is_guessed_where_two_voices_are_as_near(study: Study) -> None:
    near = (0.9, 0.4359, 0.0), (0.9, 0.0, 0.4359)
    other = told_apart(study, "FAM01_i1", ("INT01", "FAM01"), near)

    assert guess_voice_names(other) == {}


@pytest.mark.usefixtures("named")
def test_a_voice_that_is_named_is_not_guessed_again(study: Study) -> None:
    other = told_apart(study, "FAM01_i1", ("INT01", "FAM01"), (JEAN, INTERVIEWER))
    TranscriptEditor(other).name_voices({"S2": "INT01"})

    assert guess_voice_names(other) == {}


def test_a_name_that_was_taken_back_is_not_proposed(study: Study, named: Interview) -> None:
    TranscriptEditor(named).undo()
    TranscriptEditor(named).undo()
    other = told_apart(study, "FAM01_i1", ("INT01", "FAM01"), (JEAN, INTERVIEWER))

    assert guess_voice_names(other) == {}


@pytest.mark.usefixtures("named")
def test_nothing_is_compared_once_the_study_keeps_no_prints(study: Study) -> None:
    other = told_apart(study, "FAM01_i1", ("INT01", "FAM01"), (JEAN, INTERVIEWER))
    change_settings(study, allows_voice_prints=False)

    assert guess_voice_names(other) == {}


def test_prints_are_removed_and_who_speaks_when_stays(study: Study, named: Interview) -> None:
    told_apart(study, "P02_i1", ("INT01", "P02"), ())

    assert forget_voice_prints(study) == 1

    left = named.read_artefact(ArtefactKind.VOICES, Voices)
    assert left is not None
    assert (left.prints, len(left.stretches)) == ((), 4)
    assert named.find_newest_version(ArtefactKind.VOICES) == 1
    assert forget_voice_prints(study) == 0
