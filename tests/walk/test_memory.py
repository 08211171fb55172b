"""At most one model is in memory, and none once its step is done."""

from __future__ import annotations

import gc
import importlib
import shutil
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
import soundfile

from anonymise import load_recogniser, search_transcript
from capture import import_sound
from models import (
    DEMONSTRATION_SOUND,
    InstalledModel,
    find_names_model,
)
from study import InterviewDetails
from study.errors import ModelBroken
from study.store import Study
from transcribe import DecodingOptions, SpeechEngine, transcribe_interview

P = ParamSpec("P")
T = TypeVar("T")


@pytest.fixture
def interview(study: Study, tmp_path: Path) -> str:
    """The first ten seconds of the demonstration interview."""
    samples, rate = soundfile.read(DEMONSTRATION_SOUND, dtype="int16", stop=10 * 16_000)
    soundfile.write(tmp_path / "short.wav", samples, rate)
    return import_sound(study, tmp_path / "short.wav", InterviewDetails("P01"))


@pytest.mark.slow
def test_one_step_s_model_is_gone_before_the_next_one_s_is_loaded(
    study: Study, interview: str, monkeypatch: pytest.MonkeyPatch, tiny_en_alone: InstalledModel
) -> None:
    loaded: list[weakref.ref[object]] = []
    for kept in vars(importlib.import_module("anonymise.pipeline")).values():
        if hasattr(kept, "cache_clear"):  # another test may have loaded it, or searched these words
            kept.cache_clear()

    def alive() -> int:
        gc.collect()
        return sum(one() is not None for one in loaded)

    def watched(load: Callable[P, T]) -> Callable[P, T]:
        def loading(*given: P.args, **named: P.kwargs) -> T:
            assert alive() == 0
            model = load(*given, **named)
            loaded.append(weakref.ref(model))
            return model

        return loading

    monkeypatch.setattr("transcribe.transcription.SpeechEngine", watched(SpeechEngine))
    monkeypatch.setattr("anonymise.recogniser.load_recogniser", watched(load_recogniser))

    transcribe_interview(study.interview(interview), tiny_en_alone)
    search_transcript(study.interview(interview), name_model=find_names_model())

    assert len(loaded) == 2
    speech, _ = loaded  # the finder of names is kept, for the search after the next correction
    assert speech() is None


@pytest.mark.slow
def test_a_model_that_is_deleted_while_it_is_in_use_goes_on_hearing(
    tmp_path: Path, tiny_en: InstalledModel
) -> None:
    folder = tmp_path / "tiny.en"
    shutil.copytree(tiny_en.folder, folder)
    samples, _ = soundfile.read(DEMONSTRATION_SOUND, dtype="float32", stop=5 * 16_000)
    model = InstalledModel(tiny_en.offer, folder)
    engine = SpeechEngine(model, DecodingOptions(beam_size=1))

    shutil.rmtree(folder)

    assert engine.transcribe_window(samples.sum(axis=1), speech_s=5.0, until_s=5.0, seed=1)
    with pytest.raises(ModelBroken):
        model.sha256()
