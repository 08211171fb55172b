"""How often the model listens, what it hears when it listens again, and what a draft leaves out.

Faults that the first day with real weights showed, with real weights: tiny.en is fetched or not,
human recordings lie beside the project or not. Without them these skip.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

import faster_whisper
import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr

from benchmarks._word_sounds import make_room
from models import InstalledModel
from study import SECOND_HEARING, Transcript
from study.errors import NoSpeech
from study.store import Study
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.engine import DecodingOptions, SpeechEngine
from transcribe.transcription import transcribe_interview

Enter = Callable[..., str]

QUESTION = "sense_and_sensibility_01_austen_64kb-0880.wav"
ANSWER = "mfa_common_voice_en_22058264.mp3"  # "No."
PAIRS = 16
# Recordings, and how far below them there is white noise, in dB.
DRAFTED = (("mfa_acoustic_corpus.wav", 60.0), ("mfa_cold_corpus.wav", 8.0))


def _read(path: Path) -> Samples:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(samples.mean(axis=1), rate, MODEL_RATE), dtype=np.float32)


def _rest(seconds: float) -> Samples:
    """A quiet room, float32 (n,)."""
    noise = np.random.default_rng(4).normal(0, 5e-4, round(seconds * MODEL_RATE))
    return noise.astype(np.float32)


def _add_noise(samples: Samples, below_db: float) -> Samples:
    """Add white noise that is so far below the sound."""
    strength = np.sqrt((samples**2).mean()) * 10 ** (-below_db / 20)
    noise = np.random.default_rng(3).normal(0, strength, len(samples))
    return (samples + noise).astype(np.float32)


@pytest.fixture
def hear(study: Study, enter: Enter, tiny_en_alone: InstalledModel) -> Callable[..., Transcript]:
    """Transcribe samples, float32 (n,), with tiny.en; what language they are in is not asked."""

    def transcribe(samples: Samples) -> Transcript:
        pcm: npt.NDArray[np.int16] = (np.clip(samples, -1, 1) * 32767).astype(np.int16)[:, None]
        return transcribe_interview(study.interview(enter(pcm)), tiny_en_alone, is_unchecked=True)

    return transcribe


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of frames in each half minute that the model listened to."""
    frames: list[int] = []
    encode = cast("Callable[..., object]", faster_whisper.WhisperModel.encode)

    def count(model: object, features: npt.NDArray[np.float32]) -> object:
        frames.append(features.shape[-1])
        return encode(model, features)

    monkeypatch.setattr(faster_whisper.WhisperModel, "encode", count)
    return frames


def _read_answer(folder: Path) -> Samples:
    """The answer without the silence around it."""
    samples = _read(folder / ANSWER)
    loud = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max())
    return samples[loud[0] : loud[-1]]


@pytest.mark.slow
def test_sixteen_questions_and_one_word_answers_do_not_cost_a_half_minute_each(
    hear: Callable[..., Transcript], real_speech: Path, encoded: list[int]
) -> None:
    """Each passage went to the model alone: six to seven times the work of plain talk."""
    pair = [_read(real_speech / QUESTION), _rest(1), _read_answer(real_speech), _rest(2)]

    transcript = hear(np.concatenate(pair * PAIRS))

    said = " ".join(turn.text for turn in transcript.turns).casefold()
    assert len(re.findall(r"\bno[.!,]", said)) == PAIRS
    assert len(encoded) <= PAIRS / 3  # 4 of tiny.en; the passages one by one were 32


@pytest.mark.slow
@pytest.mark.parametrize("pause_s", [0.4, 1.0])
def test_an_answer_that_came_only_when_it_was_heard_again_is_kept_and_says_so(
    hear: Callable[..., Transcript], real_speech: Path, pause_s: float
) -> None:
    """What the second hearing brought back was right in 25 of 27 words, and looked like any."""
    question, answer = _read(real_speech / QUESTION), _read_answer(real_speech)
    quiet = answer * 10 ** (-26 / 20)

    transcript = hear(np.concatenate([question, _rest(pause_s), quiet, _rest(1.5)]))

    last = transcript.turns[-1]
    assert last.text.endswith("No.")
    assert SECOND_HEARING in {flag.kind for flag in last.flags}
    assert transcript.coverage is not None
    assert transcript.coverage.again_s > 0.5


@pytest.mark.slow
def test_no_word_is_made_of_a_room_with_nobody_in_it(
    study: Study, enter: Enter, tiny_en_alone: InstalledModel
) -> None:
    """Padded to 15 s for its second hearing, a swell of noise became "Thank you very much"."""
    samples = make_room(60, np.random.default_rng(14))
    pcm: npt.NDArray[np.int16] = (samples * 32767).astype(np.int16)[:, None]

    with pytest.raises(NoSpeech):
        transcribe_interview(study.interview(enter(pcm)), tiny_en_alone)


@pytest.mark.thorough
@pytest.mark.slow
def test_a_draft_was_better_than_what_it_is_a_draft_of(
    real_speech: Path, tiny_en_alone: InstalledModel
) -> None:
    """What temperature 1.0 made of unclear sound was kept; a draft knows temperature 0 alone."""
    with (real_speech / "manifest.tsv").open(encoding="utf-8") as table:
        texts = {row["file"]: row["reference"] for row in csv.DictReader(table, delimiter="\t")}
    wrong = {True: 0, False: 0}

    for is_draft in wrong:
        engine = SpeechEngine(tiny_en_alone, DecodingOptions(is_draft=is_draft))
        for name, below_db in DRAFTED:
            samples = _add_noise(np.concatenate([_read(real_speech / name), _rest(0.3)]), below_db)
            length_s = len(samples) / MODEL_RATE
            words = engine.transcribe_window(samples, speech_s=25, until_s=length_s, seed=0)
            wrong[is_draft] += _count_wrong("".join(w.text for w in words), texts[name])

    assert wrong[False] <= wrong[True]


def _count_wrong(said: str, reference: str) -> int:
    """Return how many of the words that were written down were not said."""
    given, true = (re.sub(r"[^a-z' ]", "", text.lower()).split() for text in (said, reference))
    blocks = difflib.SequenceMatcher(None, given, true, autojunk=False).get_matching_blocks()
    return len(given) - sum(block.size for block in blocks)
