"""At most one model is in memory, and none once its step is done."""

from __future__ import annotations

import gc
import shutil
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
import soundfile

from anonymise import recogniser
from anonymise.steps import propose
from capture.importing import import_sound
from models import shelf
from models.demonstration import SOUND
from models.shelf import ModelHere
from study.store import Study
from study.terms import About
from transcribe import steps
from transcribe.engine import Engine, Options

P = ParamSpec("P")
T = TypeVar("T")


@pytest.fixture
def interview(study: Study, tmp_path: Path) -> str:
    """The first ten seconds of the demonstration interview."""
    samples, rate = soundfile.read(SOUND, dtype="int16", stop=10 * 16_000)
    soundfile.write(tmp_path / "short.wav", samples, rate)
    return import_sound(study, tmp_path / "short.wav", About("P01"))


@pytest.mark.slow
def test_one_step_s_model_is_gone_before_the_next_one_s_is_loaded(
    study: Study, interview: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[weakref.ref[object]] = []

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

    monkeypatch.setattr(steps, "Engine", watched(Engine))
    monkeypatch.setattr(recogniser, "load", watched(recogniser.load))

    steps.transcribe(study, interview, shelf.speech("demo"))
    propose(study, interview, ner=shelf.names())

    assert len(loaded) == 2
    speech, _ = loaded  # the finder of names is kept, for the search after the next correction
    assert speech() is None


@pytest.mark.slow
def test_a_model_that_is_deleted_while_it_is_in_use_goes_on_hearing(tmp_path: Path) -> None:
    bundled = shelf.speech("demo")
    folder = tmp_path / "demo"
    shutil.copytree(bundled.folder, folder)
    samples, _ = soundfile.read(SOUND, dtype="float32", stop=5 * 16_000)
    model = ModelHere(bundled.offer, folder)
    engine = Engine(model, Options(beam_size=1))

    shutil.rmtree(folder)

    assert engine.hear(samples.sum(axis=1), 0.0, seed=1)
    with pytest.raises(shelf.ModelBroken):
        model.sha256()
