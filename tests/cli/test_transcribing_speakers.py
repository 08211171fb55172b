"""Transcribing a table microphone: the speakers are told apart without a further word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from models import load_demonstration
from study import (
    ArtefactKind,
    InterviewDetails,
    Participant,
    QueuedInterview,
    Role,
    SoundFormat,
    Transcript,
)
from study.store import (
    IncomingSound,
    Study,
    change_settings,
    queue_interviews,
    read_transcription_queue,
)
from tests.cli.conftest import Run, result

pytestmark = pytest.mark.usefixtures("tiny_en_alone")
LABEL = "FAM01_i1"
TWO = (Participant("INT01", Role.INTERVIEWER), Participant("FAM01", Role.SUPPORTER))


@pytest.fixture
def interview(study: Study) -> str:
    """The first 26 s of the demonstration's table microphone: nine short turns of two people."""
    samples, rate = soundfile.read(
        load_demonstration("spouse").sound, dtype="int16", always_2d=True, stop=26 * 16_000
    )
    with IncomingSound(study, SoundFormat(rate, 1)) as incoming:
        for first in range(0, len(samples), rate):
            incoming.write(np.ascontiguousarray(samples[first : first + rate]).tobytes())
        return incoming.keep(InterviewDetails(LABEL, TWO), {})


@pytest.fixture
def with_voices(tiny_en_alone: object, tmp_path: Path, voices: Path) -> None:
    """The small model for voices beside the speech model."""
    del tiny_en_alone
    (tmp_path / "models-here" / voices.name).symlink_to(voices)


def read_speakers(study: Study, interview: str, version: int) -> set[str]:
    found = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript, version)
    assert found is not None
    return {turn.speaker for turn in found.turns}


@pytest.mark.usefixtures("with_voices")
def test_the_words_stand_first_without_speakers_and_then_with(
    study: Study, interview: str, run: Run
) -> None:
    code, out, err = run("transcribe", study.folder, LABEL)

    assert (code, err) == (0, "")
    assert "cannot be told apart" not in out
    assert read_speakers(study, interview, 1) == {"S?"}
    assert read_speakers(study, interview, 2) == {"S1", "S2"}


def test_without_the_model_a_sentence_says_so_and_the_transcript_stands(
    study: Study, interview: str, run: Run
) -> None:
    code, out, err = run("transcribe", study.folder, LABEL)

    assert (code, err) == (0, "")
    (told,) = (line for line in out.splitlines() if "Speakers cannot be told apart:" in line)
    assert "`earshot models get voices`" in told
    assert read_speakers(study, interview, 1) == {"S?"}


@pytest.mark.usefixtures("interview")
def test_a_script_is_told_the_same(study: Study, run: Run) -> None:
    code, out, _ = run("transcribe", study.folder, LABEL, "--json")

    assert code == 0
    assert result(out)["speakers_problem"]["exit_code"] == 50


@pytest.mark.usefixtures("interview")
def test_a_study_that_wants_no_telling_apart_is_told_nothing(study: Study, run: Run) -> None:
    change_settings(study, tells_voices_apart=False)

    code, out, _ = run("transcribe", study.folder, LABEL)

    assert code == 0
    assert "cannot be told apart" not in out


def test_of_many_each_says_what_it_misses_and_none_has_failed(
    study: Study, interview: str, run: Run
) -> None:
    queue_interviews(study, [QueuedInterview(interview)])

    code, out, _ = run("transcribe", study.folder)

    assert code == 0
    assert out.splitlines()[0] == "1 of 1 interviews transcribed"
    assert out.splitlines()[1].startswith(f"  {LABEL}: Speakers cannot be told apart:")
    assert read_transcription_queue(study) == ()
