"""Words and names that the model is told to expect: which it gets, and that they never harm."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import InstalledModel
from study import ArtefactKind, Hints, InterviewDetails, Participant, Transcript, Word
from study.errors import Stopped
from study.store import Study, change_settings, save_vocabulary
from tests.transcribe.conftest import demonstration
from tests.transcribe.saying import SayingEngine, stop_after
from transcribe.audio_tracks import MODEL_RATE
from transcribe.doubt import find_doubtful_passages
from transcribe.engine import DecodingOptions, SpeechEngine
from transcribe.hotwords import MOST_HINT_TOKENS, fit_hints, join_hotwords, limit_hint_tokens
from transcribe.speech_coverage import TranscribedWindow
from transcribe.tokens import make_token_counter
from transcribe.transcription import transcribe_interview

Enter = Callable[..., str]
Sounds = npt.NDArray[np.int16]

MANY = tuple(f"Ashfield-{n} ward" for n in range(200))


@given(st.lists(st.text("ab ", max_size=8), max_size=40), st.integers(0, 60))
def test_the_first_words_are_given_and_the_rest_is_told(terms: list[str], most: int) -> None:
    hints = fit_hints(terms, len, most)

    every = tuple(dict.fromkeys(t for t in terms if t))
    assert (*hints.used, *hints.cut) == every
    assert hints.tokens == len(join_hotwords(hints.used) or "") <= most
    if hints.cut:
        assert len(join_hotwords((*hints.used, hints.cut[0])) or "") > most


def test_a_long_list_is_cut_before_faster_whisper_cuts_it_in_silence(
    demo_model: InstalledModel,
) -> None:
    """It takes 223 of 448 tokens without a word; beside earlier text the model then fails."""
    hints = fit_hints(MANY, make_token_counter(demo_model))

    assert 0 < len(hints.used) < len(MANY)
    assert 150 < hints.tokens <= MOST_HINT_TOKENS == 180


def test_tokens_are_counted_as_the_model_counts_them(
    demo_model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    engine = SpeechEngine(demo_model, DecodingOptions(hints=("Recovery College", "Ashfield")))
    plain = cast("Callable[..., list[int]]", engine._model.get_prompt)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] - the real one has it

    def watched(*args: object, **options: object) -> list[int]:
        prompt = plain(*args, **options)
        given.append(len(prompt))
        return prompt

    monkeypatch.setattr(engine._model, "get_prompt", watched)
    silence = np.zeros(MODEL_RATE, dtype=np.float32)
    engine.transcribe_window(silence, speech_s=3.0, until_s=1.0, seed=1)
    beside = 1 + 1  # the sign of earlier text before them, and what begins a transcript after

    counted = make_token_counter(demo_model)(join_hotwords(("Recovery College", "Ashfield")) or "")
    assert set(given) == {counted + beside}


def test_the_longest_hints_leave_the_model_room_to_write(
    study: Study, enter: Enter, demo_model: InstalledModel
) -> None:
    save_vocabulary(study, "\n".join(MANY))
    interview = enter(demonstration(36, 46))
    options = DecodingOptions(is_draft=True)  # with more tries it would take ten times as long

    transcript = transcribe_interview(study.interview(interview), demo_model, options=options)

    assert transcript.coverage is not None
    assert transcript.turns


def test_what_was_given_and_what_was_cut_is_kept_sealed_and_counted(
    study: Study, enter: Enter, one_word: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    del engine  # is in place
    save_vocabulary(study, "\n".join(MANY))
    interview = enter(one_word)

    made_by = transcribe_interview(study.interview(interview), demo_model).provenance

    hints = study.interview(interview).read_artefact(ArtefactKind.HINTS, Hints)
    assert hints is not None
    assert (*hints.used, *hints.cut) == MANY
    told = made_by.options
    assert (told["hints"], told["hints_cut"]) == (len(hints.used), len(hints.cut))
    assert told["hints_version"] == 1


def test_no_word_of_the_list_is_in_what_readers_of_clean_transcripts_get(
    study: Study, enter: Enter, one_word: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    """Options are copied into manifests: names there would undo the anonymisation."""
    del engine
    save_vocabulary(study, "Ashfield")

    transcript = transcribe_interview(study.interview(enter(one_word)), demo_model)

    assert "Ashfield" not in str(transcript.provenance)


def test_names_of_participants_are_given_only_where_the_study_wants_it(
    study: Study, one_word: Sounds, demo_model: InstalledModel, engine: SayingEngine, enter: Enter
) -> None:
    del engine
    interview = enter(one_word)
    margaret = Participant("P01", names=("Margaret Wilson", "Maggie"))
    with study.interview(interview).change("transcript imported") as change:
        change.write_artefact(ArtefactKind.ABOUT, InterviewDetails("P01_i1", (margaret,)))
    save_vocabulary(study, "Recovery College")

    transcribe_interview(study.interview(interview), demo_model)
    without = study.interview(interview).read_artefact(ArtefactKind.HINTS, Hints)
    change_settings(study, names_as_hints=True)
    transcribe_interview(study.interview(interview), demo_model)

    assert without is not None
    assert without.used == ("Recovery College",)
    asked = study.interview(interview).read_artefact(ArtefactKind.HINTS, Hints)
    assert asked is not None
    assert asked.used == ("Recovery College", "Margaret Wilson", "Maggie")


@pytest.mark.usefixtures("short_windows")
def test_windows_heard_with_other_hints_are_not_mixed_in(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    save_vocabulary(study, "Ashfield")
    interview = enter(talk)
    with pytest.raises(Stopped):
        transcribe_interview(study.interview(interview), demo_model, stop=stop_after(2))
    save_vocabulary(study, "Leeds")
    engine.heard_s.clear()

    transcript = transcribe_interview(study.interview(interview), demo_model)

    from_the_beginning = engine.heard_s.copy()
    engine.heard_s.clear()
    transcribe_interview(study.interview(enter(talk, label="B")), demo_model)
    assert from_the_beginning == engine.heard_s
    assert transcript.provenance.options["hints_version"] == 2


@pytest.mark.usefixtures("short_windows")
def test_the_same_hints_let_a_transcription_go_on(
    study: Study, enter: Enter, talk: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    save_vocabulary(study, "Ashfield")
    unbroken = transcribe_interview(study.interview(enter(talk, label="A")), demo_model)
    all_of_it = engine.heard_s.copy()
    interview = enter(talk, label="B")
    with pytest.raises(Stopped):
        transcribe_interview(study.interview(interview), demo_model, stop=stop_after(2))
    engine.heard_s.clear()

    assert transcribe_interview(study.interview(interview), demo_model) == unbroken
    assert 0 < len(engine.heard_s) < len(all_of_it)
    assert engine.heard_s == all_of_it[-len(engine.heard_s) :]


def said(text: str) -> TranscribedWindow:
    words = tuple(Word(f" {w}", n * 0.4, n * 0.4 + 0.4, 0.9) for n, w in enumerate(text.split()))
    return TranscribedWindow(0, 0, 0.0, words[-1].end_s, ((0.0, words[-1].end_s),), words)


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Recovery College, Ashfield ward, Margaret", True),
        ("Margaret. Margaret. Margaret.", True),
        ("the Recovery College, Margaret", True),
        ("Recovery College.", False),  # an answer
        ("I went to the Recovery College with Margaret", False),
        ("the college and the ward", False),  # words of the list, not as the list has them
    ],
)
def test_a_window_that_is_mostly_the_list_is_doubted(text: str, is_so: bool) -> None:  # noqa: FBT001 - a column of the table
    hints = ("Recovery College", "Ashfield ward", "Margaret")

    flags = [p.flag.kind for p in find_doubtful_passages(said(text), "en", hints)]

    assert ("list of words" in flags) is is_so
    assert "list of words" not in [p.flag.kind for p in find_doubtful_passages(said(text), "en")]


def test_a_leak_of_the_list_is_kept_and_flagged_in_the_transcript(
    study: Study, enter: Enter, one_word: Sounds, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    save_vocabulary(study, "Ashfield\nLeeds\nMargaret")
    engine.says = lambda _: "Ashfield Leeds Margaret"
    interview = enter(one_word)

    transcribe_interview(study.interview(interview), demo_model)

    kept = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert kept is not None
    assert kept.turns[0].text == "Ashfield Leeds Margaret"
    assert "list of words" in {flag.kind for flag in kept.turns[0].flags}


def test_little_speech_gets_no_hints_and_more_gets_as_many_as_it_has_room_for() -> None:
    """A lone "No." became "No. Dr. Paret, Dr. Paret,": a model repeats hints for want of speech."""
    assert [limit_hint_tokens(s) for s in (0.8, 2.9, 3.0, 10.0, 28.0)] == [0, 0, 36, 120, 180]
