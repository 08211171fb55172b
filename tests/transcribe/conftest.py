"""Interviews with real sound for the tests of transcription."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from models import DEMONSTRATION_SOUND, InstalledModel
from study import InterviewDetails, SoundFormat
from study.store import IncomingSound, Study
from tests.transcribe.saying import SayingEngine
from transcribe import transcription, window_hearing

Enter = Callable[..., str]


@pytest.fixture
def enter(study: Study) -> Enter:
    """Seal int16 samples, shape (frames, channels), as an interview; returns its id."""

    def make(
        samples: npt.NDArray[np.int16],
        rate: int = 16_000,
        label: str = "P01_i1",
        channels: tuple[str, ...] = (),
    ) -> str:
        with IncomingSound(study, SoundFormat(rate, samples.shape[1])) as incoming:
            for first in range(0, len(samples), rate):
                incoming.write(samples[first : first + rate].tobytes())
            return incoming.keep(InterviewDetails(label, channels=channels), {})

    return make


@pytest.fixture
def demo_model(tiny_en_alone: InstalledModel) -> InstalledModel:
    """The model that tests here name and, without ``engine``, transcribe with; none beside it."""
    return tiny_en_alone


@pytest.fixture
def short_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of 3 s, so that even a short talk has several."""
    monkeypatch.setattr(window_hearing, "LONGEST_WINDOW_S", 3.0)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> SayingEngine:
    """What hears instead of the real engine: one word a second, or what a test wants."""
    saying = SayingEngine()
    monkeypatch.setattr(transcription, "SpeechEngine", saying)
    return saying


def demonstration(start_s: float, end_s: float) -> npt.NDArray[np.int16]:
    """A stretch of the demonstration interview, mixed to one channel, int16 (frames, 1)."""
    rate = soundfile.info(DEMONSTRATION_SOUND).samplerate
    samples, _ = soundfile.read(
        DEMONSTRATION_SOUND,
        dtype="int16",
        always_2d=True,
        start=int(start_s * rate),
        stop=int(end_s * rate),
    )
    mixed = np.clip(samples.astype(np.int32).sum(axis=1, keepdims=True), -32768, 32767)
    return mixed.astype(np.int16)


@pytest.fixture
def talk() -> npt.NDArray[np.int16]:
    """Half a minute of the demonstration: eight short turns in three windows."""
    return demonstration(46, 78.4)


@pytest.fixture
def spoken_word() -> npt.NDArray[np.int16]:
    """0.6 s of "Nobody.", speech from its first moment to its last."""
    return demonstration(71.05, 71.65)


@pytest.fixture
def real_speech() -> Path:
    """The folder with real human recordings, where it lies beside the project."""
    folder = Path(__file__).parents[3] / "shared" / "data" / "speech"
    if not folder.is_dir():
        pytest.skip("the recordings for measuring are not beside the project")
    return folder


@pytest.fixture
def one_word() -> npt.NDArray[np.int16]:
    """The demonstration's shortest answer, "No.", with a breath around it."""
    return demonstration(162.3, 163.7)
