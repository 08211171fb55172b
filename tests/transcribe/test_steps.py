"""The step itself, with the real engine on tiny.en."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from models import InstalledModel
from study import (
    ArtefactKind,
    InterviewDetails,
    InterviewState,
    Mark,
    MarkKind,
    SoundFormat,
    TaskProgress,
    Transcript,
    describe_event,
)
from study.errors import (
    ModelBroken,
    NoSpeech,
    SoundIncomplete,
    StepMissing,
    Stopped,
    StudyInUse,
)
from study.store import AUDIO_FOLDER, Study, record_stretch
from tests.transcribe.saying import stop_after
from transcribe.engine import DecodingOptions
from transcribe.transcription import transcribe_interview
from transcribe.turn_assembly import UNKNOWN_SPEAKER

Enter = Callable[..., str]
Samples = npt.NDArray[np.int16]


def words(transcript: Transcript) -> str:
    return " ".join(turn.text for turn in transcript.turns)


def test_speech_becomes_a_transcript_that_says_how_it_was_made(
    study: Study, enter: Enter, talk: Samples, demo_model: InstalledModel
) -> None:
    interview = enter(talk)
    told: list[TaskProgress] = []

    transcript = transcribe_interview(study.interview(interview), demo_model, report=told.append)

    assert "i would forget" in words(transcript).casefold()
    assert transcript.provenance.model_sha256 == demo_model.sha256()
    assert transcript.provenance.options["previous_text"] is False
    assert transcript.coverage is not None
    assert transcript.coverage.covered_s > 0.9 * transcript.coverage.speech_s > 12
    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == transcript
    assert told[-1].done <= told[-1].total == pytest.approx(32.4)
    assert all(0 <= w.start_s <= w.end_s <= 32.4 for t in transcript.turns for w in t.words)


def test_a_one_word_answer_that_cannot_be_aligned_is_kept(
    study: Study, enter: Enter, one_word: Samples, demo_model: InstalledModel
) -> None:
    """faster-whisper drops a segment whose only word has no length in time."""
    interview = enter(one_word)

    transcript = transcribe_interview(study.interview(interview), demo_model)

    assert words(transcript) == "No."
    assert all(w.start_s < w.end_s for t in transcript.turns for w in t.words)


@pytest.mark.usefixtures("short_windows")
def test_a_stopped_transcription_goes_on_and_ends_as_if_it_had_not_been(
    study: Study, enter: Enter, talk: Samples, demo_model: InstalledModel
) -> None:
    unbroken = transcribe_interview(study.interview(enter(talk, label="A")), demo_model)
    interview = enter(talk, label="B")
    with pytest.raises(Stopped):
        transcribe_interview(study.interview(interview), demo_model, stop=stop_after(2))
    assert study.find_interview("B").state is InterviewState.TRANSCRIBING

    resumed = transcribe_interview(study.interview(interview), demo_model)

    assert resumed == unbroken
    assert study.interview(interview).find_newest_version(ArtefactKind.WINDOWS) == 0


@pytest.mark.usefixtures("short_windows")
def test_windows_heard_with_other_options_are_not_mixed_in(
    study: Study, enter: Enter, talk: Samples, demo_model: InstalledModel
) -> None:
    interview = enter(talk)
    with pytest.raises(Stopped):
        transcribe_interview(study.interview(interview), demo_model, stop=stop_after(2))

    transcript = transcribe_interview(
        study.interview(interview), demo_model, options=DecodingOptions(beam_size=1)
    )

    assert transcript.provenance.options["beam_size"] == 1
    verbs = [line for line in _verbs(study) if line.startswith("transcription begun")]
    assert len(verbs) == 2


def _verbs(study: Study) -> list[str]:
    return [verb for (verb,) in study.db.execute("SELECT verb FROM trail ORDER BY number")]


def test_channels_are_speakers(
    study: Study, enter: Enter, talk: Samples, demo_model: InstalledModel
) -> None:
    half = len(talk) // 2
    first, second = talk[:, 0].copy(), talk[:, 0].copy()
    first[half:], second[:half] = 0, 0
    interview = enter(np.stack([first, second], axis=1), channels=("INT01", "P01"))

    transcript = transcribe_interview(study.interview(interview), demo_model)

    speakers = [turn.speaker for turn in transcript.turns]
    assert speakers == sorted(speakers)
    assert set(speakers) == {"INT01", "P01"}


def test_what_was_marked_in_the_recording_is_in_the_transcript_and_names_the_speaker(
    study: Study, one_word: Samples, demo_model: InstalledModel
) -> None:
    with study.change("entered") as change:
        interview = change.add_interview(InterviewDetails("P01_i1"))
    marks = (Mark(0.0, MarkKind.TOPIC, "Home"), Mark(0.0, MarkKind.SPEAKER, "P01"))
    for mark in marks:  # one in each stretch
        with record_stretch(study.interview(interview), SoundFormat(16_000, 1)) as writer:
            writer.write_mark(mark)
            writer.write(one_word.tobytes())

    transcript = transcribe_interview(study.interview(interview), demo_model)

    begun_s = len(one_word) / 16_000
    head, *events = transcript.events
    assert events == [marks[0], dataclasses.replace(marks[1], at_s=begun_s)]
    assert head == Mark(0.0, MarkKind.MODEL)
    assert describe_event(head).startswith("(transcribed by a speech model, which leaves out")
    assert [t.speaker for t in transcript.turns] == [UNKNOWN_SPEAKER, "P01"]
    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == transcript


def test_an_interview_without_sound_says_what_to_do(
    study: Study, demo_model: InstalledModel
) -> None:
    with study.change("entered") as change:
        interview = change.add_interview(InterviewDetails("P01_i1"))

    with pytest.raises(StepMissing, match="no sound"):
        transcribe_interview(study.interview(interview), demo_model)


def test_silence_is_told_and_leaves_the_interview_as_it_was(
    study: Study, enter: Enter, demo_model: InstalledModel
) -> None:
    interview = enter(np.zeros((16_000 * 5, 1), dtype=np.int16))

    with pytest.raises(NoSpeech):
        transcribe_interview(study.interview(interview), demo_model)

    assert study.find_interview(interview).state is InterviewState.RECORDED


def test_a_second_transcription_of_the_same_interview_waits_outside(
    study: Study, enter: Enter, talk: Samples, demo_model: InstalledModel
) -> None:
    interview = enter(talk)

    def try_another() -> bool:
        with pytest.raises(StudyInUse):
            transcribe_interview(study.interview(interview), demo_model)
        return False

    transcribe_interview(study.interview(interview), demo_model, stop=try_another)


@pytest.mark.parametrize("spoiled", ["model.bin", "tokenizer.json", "config.json"])
def test_a_broken_model_is_one_sentence_and_what_was_done_stays(
    study: Study,
    enter: Enter,
    talk: Samples,
    demo_model: InstalledModel,
    tmp_path: Path,
    spoiled: str,
) -> None:
    interview = enter(talk)
    folder = tmp_path / "model"
    folder.mkdir()
    for path in demo_model.folder.iterdir():
        content = path.read_bytes()
        (folder / path.name).write_bytes(content[:100] if path.name == spoiled else content)

    with pytest.raises(ModelBroken):
        transcribe_interview(
            study.interview(interview), dataclasses.replace(demo_model, folder=folder)
        )


def test_two_microphones_that_hear_one_room_do_not_give_every_word_twice(
    study: Study, enter: Enter, demo_model: InstalledModel, real_speech: Path
) -> None:
    """The recording has two equal channels."""
    samples, rate = soundfile.read(real_speech / "jfk.flac", dtype="int16", always_2d=True)
    interview = enter(samples, rate)

    transcript = transcribe_interview(study.interview(interview), demo_model)

    assert transcript.coverage is not None
    assert transcript.coverage.sound_s == pytest.approx(11.0, abs=0.01)
    assert 7 < transcript.coverage.speech_s <= 11
    assert transcript.turns[-1].end_s <= 11.0


def test_nothing_is_left_in_the_audio_folder(
    study: Study, enter: Enter, talk: Samples, demo_model: InstalledModel
) -> None:
    interview = enter(talk)

    transcribe_interview(study.interview(interview), demo_model)

    names = sorted(p.name for p in (study.folder / AUDIO_FOLDER / interview).iterdir())
    assert names == ["001.sealed"]


@pytest.mark.parametrize("lost", [21, 5000])  # the end record alone; some of the last second
def test_a_recording_that_lost_its_end_is_not_transcribed_as_if_it_were_whole(
    study: Study, enter: Enter, talk: Samples, demo_model: InstalledModel, lost: int
) -> None:
    interview = enter(talk)
    path = study.folder / AUDIO_FOLDER / interview / "001.sealed"
    os.truncate(path, path.stat().st_size - lost)

    with pytest.raises(SoundIncomplete):
        transcribe_interview(study.interview(interview), demo_model)

    assert study.find_interview(interview).state is InterviewState.RECORDED


def test_sound_that_is_lost_while_it_is_transcribed_makes_no_transcript(
    study: Study, enter: Enter, talk: Samples, demo_model: InstalledModel
) -> None:
    interview = enter(talk)
    path = study.folder / AUDIO_FOLDER / interview / "001.sealed"

    without_end = path.stat().st_size - 21

    def lose(_: TaskProgress) -> None:
        os.truncate(path, without_end)

    with pytest.raises(SoundIncomplete):
        transcribe_interview(study.interview(interview), demo_model, report=lose)

    assert not study.interview(interview).find_newest_version(ArtefactKind.RAW)
