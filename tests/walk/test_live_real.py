"""A minute of people who speak, recorded with three crashes and transcribed meanwhile.

With each genuine model that is installed, and only with EARSHOT_THOROUGH=1: it takes minutes.
Recorder and transcription are killed at random moments and begun again as a person would.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from models import ModelKind, list_models
from study.store import AUDIO_FOLDER, PresenceLock, Study, rescue_recordings
from tests.microphone import RATE, Microphone, virtual_microphone
from tests.walk.test_live import Earshot, list_children, transcript

SPEECH = Path(__file__).parents[3] / "shared" / "data" / "speech"
# Recordings of people, and the seconds of rest behind each.
TALK = (
    ("mfa_acoustic_corpus.wav", 0.4), ("LJ050-0131.wav", 2.5), ("mfa_cold_corpus.wav", 0.8),
    ("mfa_common_voice_en_22058264.mp3", 7.0), ("libri_2412-153948-0000.flac", 1.0),
)  # fmt: skip
MODELS = [model.name for model in list_models(ModelKind.SPEECH)]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("EARSHOT_THOROUGH"), reason="with EARSHOT_THOROUGH=1"),
    pytest.mark.skipif(not SPEECH.is_dir(), reason="the recordings for measuring are not there"),
]


@pytest.fixture
def microphone() -> Iterator[Microphone]:
    with virtual_microphone() as made:
        yield made


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A minute and a half of speech."""
    parts = [np.zeros(RATE)]
    for name, rest_s in TALK:
        samples, rate = soundfile.read(SPEECH / name, always_2d=True)
        room = np.random.default_rng(4).normal(0, 5e-4, round(rest_s * RATE))
        parts += [np.asarray(soxr.resample(samples.mean(axis=1), rate, RATE)), room]
    path = tmp_path / "talk.wav"
    soundfile.write(path, np.clip(np.concatenate(parts), -1, 1), RATE, subtype="PCM_16")
    return path


def _record(earshot: Earshot, *words: str) -> subprocess.Popen[str]:
    """Begin to record; returns the process once it does."""
    process = earshot.start("record", *words, "--json")
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "recording":
            return process
    pytest.fail(f"it did not record: {process.communicate()}")


def _kill(*processes: int) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):  # it was quicker
            os.kill(process, signal.SIGKILL)


def _wait_until_alone(study: Study) -> None:
    """Wait until nobody transcribes the interview any more."""
    folder = study.folder / AUDIO_FOLDER / study.find_interview("P01_i1").id
    until = time.monotonic() + 300
    while time.monotonic() < until:
        lock = PresenceLock(folder)
        try:
            if lock.try_exclusive():
                return
        finally:
            lock.release()
        time.sleep(0.5)


@pytest.mark.parametrize("model", MODELS)
def test_recorded_with_crashes_and_transcribed_meanwhile_it_is_as_transcribed_afterwards(
    study: Study, passphrase: str, microphone: Microphone, talk: Path, model: str
) -> None:
    earshot = Earshot(study, passphrase, microphone.around)
    dice = random.Random(model)  # noqa: S311 - repeatable dice are wanted
    seconds = soundfile.info(talk).duration
    begun = time.monotonic()

    with microphone.play(talk):
        first = _record(earshot, "--label", "P01_i1", "--transcribe", model)
        time.sleep(dice.uniform(0.3, 0.4) * seconds)
        _kill(first.pid, *dice.choice([[], list_children(first.pid)]))
        second = _record(earshot, "--interview", "P01_i1", "--transcribe", model)
        time.sleep(dice.uniform(0.2, 0.3) * seconds)
        _kill(*list_children(second.pid))
        time.sleep(max(0.0, begun + seconds + 1 - time.monotonic()))
        second.terminate()
        second.wait()
    third = earshot.start("transcribe", "P01_i1", "--model", model)
    time.sleep(dice.uniform(1.0, 8.0))
    _kill(third.pid, *list_children(third.pid))
    for process in (first, second, third):  # what a killed one began may still hold its pipes
        process.wait()
        for pipe in (process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()
    _wait_until_alone(study)
    for _ in range(2):
        earshot.run("transcribe", "P01_i1", "--model", model)

    assert rescue_recordings(study) == []
    live, afterwards = transcript(study, 1), transcript(study, 2)
    assert live == afterwards
    assert live.coverage is not None
    assert 0.8 * seconds < live.coverage.sound_s < seconds + 10
    assert sum(len(turn.words) for turn in live.turns) > 120  # of 175 that are said
