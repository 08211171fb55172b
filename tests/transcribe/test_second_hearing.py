"""A passage is heard again beside the transcript: what is decoded, kept and refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr

from models import InstalledModel, find_speech_model
from study import (
    ArtefactKind,
    Provenance,
    SecondHearing,
    Transcript,
    Turn,
    compare_hearing,
)
from study.errors import (
    ModelMissing,
    NotHeardAgain,
    SoundMissing,
    Stopped,
    TranscriptMissing,
)
from study.store import Interview, Study, TranscriptEditor, read_newest_transcript, verify_study
from tests.transcribe.saying import SayingEngine, stop_after
from transcribe import window_hearing
from transcribe.second_hearing import rehear_passage
from transcribe.transcription import transcribe_interview

Enter = Callable[..., str]
Samples = npt.NDArray[np.int16]
RATE = 16_000


def hearing_of(interview: Interview, version: int) -> SecondHearing:
    found = interview.read_artefact(ArtefactKind.HEARING, SecondHearing, version)
    assert found is not None
    return found


def turns_of(interview: Interview) -> tuple[Turn, ...]:
    source = read_newest_transcript(interview)
    assert source is not None
    return source.transcript.turns


def transcribed(study: Study, enter: Enter, talk: Samples, model: InstalledModel) -> Interview:
    interview = study.interview(enter(talk))
    transcribe_interview(interview, model)
    return interview


def test_a_passage_is_saved_beside_the_transcript_which_stays(
    study: Study, enter: Enter, talk: Samples, tiny_en_alone: InstalledModel, engine: SayingEngine
) -> None:
    interview = transcribed(study, enter, talk, tiny_en_alone)
    before, engine.heard_s = turns_of(interview), []

    hearing = hearing_of(interview, rehear_passage(interview, tiny_en_alone, (5.0, 12.0)))

    assert turns_of(interview) == before
    assert interview.find_newest_version(ArtefactKind.RAW) == 1
    assert hearing.asked == (5.0, 12.0)
    words = [word for turn in hearing.heard.turns for word in turn.words]
    assert words
    assert all(hearing.start_s <= (w.start_s + w.end_s) / 2 < hearing.end_s for w in words)
    assert sum(engine.heard_s) < 12.0  # the passage, not the interview
    made_by = hearing.heard.provenance
    assert (made_by.model, made_by.options["from_s"]) == ("tiny.en", hearing.start_s)
    assert interview.find_newest_version(ArtefactKind.HEARING_WINDOWS) == 0
    assert verify_study(study) == []


def test_the_same_model_hears_the_same_words_at_the_same_times(
    study: Study, enter: Enter, talk: Samples, tiny_en_alone: InstalledModel
) -> None:
    """With the real engine: a passage takes the same way as the interview did."""
    interview = transcribed(study, enter, talk, tiny_en_alone)

    hearing = hearing_of(interview, rehear_passage(interview, tiny_en_alone))

    compared = compare_hearing(turns_of(interview), hearing)
    assert [one.stands for one in compared] == list(turns_of(interview))
    assert all(one.is_same for one in compared)
    assert [one.heard.words if one.heard else () for one in compared] == [
        turn.words for turn in turns_of(interview)
    ]


def test_a_stopped_hearing_goes_on_and_gives_what_an_unbroken_one_gives(
    study: Study,
    enter: Enter,
    talk: Samples,
    tiny_en_alone: InstalledModel,
    engine: SayingEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window_hearing, "LONGEST_WINDOW_S", 3.0)
    model = tiny_en_alone
    interview = transcribed(study, enter, talk, model)
    engine.heard_s = []
    whole = hearing_of(interview, rehear_passage(interview, model)).heard.turns
    all_of_it = engine.heard_s
    with pytest.raises(Stopped):
        rehear_passage(interview, model, stop=stop_after(2))
    engine.heard_s = []

    version = rehear_passage(interview, model)

    assert hearing_of(interview, version).heard.turns == whole
    assert 0 < len(engine.heard_s) <= len(all_of_it) - 2  # two windows were saved


def test_an_unfinished_transcription_is_not_thrown_away_by_a_second_hearing(
    study: Study,
    enter: Enter,
    talk: Samples,
    tiny_en_alone: InstalledModel,
    engine: SayingEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window_hearing, "LONGEST_WINDOW_S", 3.0)
    model = tiny_en_alone
    interview = transcribed(study, enter, talk, model)
    all_of_it = engine.heard_s
    with pytest.raises(Stopped):
        transcribe_interview(interview, model, stop=stop_after(2))

    rehear_passage(interview, model, (5.0, 8.0))

    engine.heard_s = []
    transcribe_interview(interview, model)
    assert 0 < len(engine.heard_s) <= len(all_of_it) - 2  # two windows were saved


def test_a_passage_in_which_nobody_speaks_is_an_answer_too(
    study: Study, enter: Enter, talk: Samples, tiny_en_alone: InstalledModel, engine: SayingEngine
) -> None:
    silence = np.zeros((20 * RATE, 1), dtype=np.int16)
    interview = transcribed(study, enter, np.concatenate([talk, silence]), tiny_en_alone)
    engine.heard_s = []

    hearing = hearing_of(interview, rehear_passage(interview, tiny_en_alone, (34.0, 42.0)))

    assert hearing.heard.turns == ()
    assert engine.heard_s == []


@pytest.mark.parametrize("passage", [(8.0, 8.0), (8.0, 5.0), (500.0, None), (500.0, 510.0)])
def test_a_passage_that_is_none_is_refused(
    study: Study,
    enter: Enter,
    talk: Samples,
    tiny_en_alone: InstalledModel,
    engine: SayingEngine,
    passage: tuple[float, float | None],
) -> None:
    interview = transcribed(study, enter, talk, tiny_en_alone)
    engine.heard_s = []

    with pytest.raises(NotHeardAgain):
        rehear_passage(interview, tiny_en_alone, passage)

    assert engine.heard_s == []


def test_without_a_transcript_or_sound_or_times_there_is_nothing_to_compare(
    study: Study, enter: Enter, talk: Samples, tiny_en_alone: InstalledModel, add: Enter
) -> None:
    bare = study.interview(enter(talk))
    typed = study.interview(add(study, "P08_i1", (Turn(1, "P08", 0.0, 2.0, "Timed."),)))
    untimed = study.interview(enter(talk, label="P09_i1"))
    with untimed.change("imported") as change:
        turns = (Turn(1, "P09", 0.0, 0.0, "Typed elsewhere."),)
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, Provenance("import", "e")))

    for interview, refusal in (
        (bare, TranscriptMissing),
        (typed, SoundMissing),
        (untimed, NotHeardAgain),
    ):
        with pytest.raises(refusal):
            rehear_passage(interview, tiny_en_alone)


def genuine_model(name: str) -> InstalledModel:
    try:
        return find_speech_model(name)
    except ModelMissing:
        pytest.skip(f"the speech model {name} is not installed")


@pytest.mark.slow
def test_real_weights_hear_a_passage_again_and_one_turn_is_taken_over(
    study: Study, enter: Enter, real_speech: Path
) -> None:
    base, tiny = genuine_model("base"), genuine_model("tiny.en")
    parts: list[Samples] = []
    for name in ("LJ050-0131.wav", "libri_2412-153948-0000.flac"):
        found, rate = soundfile.read(real_speech / name, dtype="float32")
        again = np.asarray(soxr.resample(found, rate, RATE))
        parts += [(again * 32767).astype(np.int16), np.zeros(3 * RATE, dtype=np.int16)]
    interview = study.interview(enter(np.concatenate(parts)[:, None]))
    transcribe_interview(interview, tiny)
    first = turns_of(interview)[0]
    editor = TranscriptEditor(interview)
    editor.set_text(first.key, "Corrected by hand.")
    second = turns_of(interview)[1:]

    version = rehear_passage(interview, base, (second[0].start_s, None))

    compared = compare_hearing(turns_of(interview), hearing_of(interview, version))
    assert str(first.key) not in {one.number for one in compared}
    said = " ".join(one.heard.text for one in compared if one.heard).lower()
    assert "antecedents" in said
    assert "native country" in said
    assert hearing_of(interview, version).heard.provenance.model == "base"
    editor.take_heard_turns(version, [one.number for one in compared])
    assert turns_of(interview)[0].text == "Corrected by hand."
    assert " ".join(turn.text for turn in turns_of(interview)[1:]).lower() == said
