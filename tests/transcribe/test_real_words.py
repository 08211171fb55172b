"""Words that nobody lost or made up: faults that the first day with real weights showed.

Human recordings lie beside the project or not; tiny.en is fetched or not. Without them these skip.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr

from models import InstalledModel
from study import Transcript
from study.store import Study
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.transcription import transcribe_interview
from transcribe.vad import find_speech_spans
from transcribe.vad_spans import VadOptions

Enter = Callable[..., str]

ANSWERS = (
    ("mfa_common_voice_en_22058264.mp3", "no"),
    ("mfa_common_voice_en_22058267.mp3", "6"),
    ("LJ002-0020.wav", "1813"),
)
TALK = ("mfa_acoustic_corpus.wav", "mfa_cold_corpus.wav", "jfk.flac")


def _read(path: Path) -> Samples:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(samples.mean(axis=1), rate, MODEL_RATE), dtype=np.float32)


def _rest(seconds: float) -> Samples:
    """A quiet room, float32 (n,)."""
    noise = np.random.default_rng(4).normal(0, 5e-4, round(seconds * MODEL_RATE))
    return noise.astype(np.float32)


def _chords(count: int) -> Samples:
    at_s = np.arange(count) / MODEL_RATE
    step = 2 ** ((np.floor(at_s / 2) % 4) / 6)
    tones = sum(np.sin(2 * np.pi * pitch * step * at_s) for pitch in (220, 277, 330))
    return np.asarray(tones * (1 - 0.5 * (at_s % 0.5)), dtype=np.float32)


def _transcribe(study: Study, enter: Enter, samples: Samples, model: InstalledModel) -> Transcript:
    pcm: npt.NDArray[np.int16] = (np.clip(samples, -1, 1) * 32767).astype(np.int16)[:, None]
    return transcribe_interview(study.interview(enter(pcm)), model)


def _found_s(samples: Samples) -> float:
    pieces = (samples[n : n + MODEL_RATE, None] for n in range(0, len(samples), MODEL_RATE))
    return sum(span.end_s - span.start_s for span in find_speech_spans(pieces, VadOptions()))


def test_speech_beneath_music_stays_speech(real_speech: Path) -> None:
    """A network that remembers the music lost a quarter of it."""
    talk = np.concatenate([_read(real_speech / name) for name in TALK])
    music = _chords(len(talk))
    music *= np.sqrt((talk**2).mean() / (music**2).mean()) * 10 ** (-10 / 20)

    assert _found_s(talk + music) > 0.9 * _found_s(talk)


@pytest.mark.slow
def test_one_word_answers_far_apart_keep_their_words_and_times(
    study: Study, enter: Enter, real_speech: Path, tiny_en_alone: InstalledModel
) -> None:
    """They share a window, and none vanishes in it or moves to another's place."""
    parts: list[Samples] = [_rest(2)]
    said: list[tuple[float, str]] = []
    for name, word in ANSWERS:
        said.append((sum(map(len, parts)) / MODEL_RATE, word))
        parts += [_read(real_speech / name), _rest(12)]

    transcript = _transcribe(study, enter, np.concatenate(parts), tiny_en_alone)

    answers = [(turn.start_s, turn.text.casefold()) for turn in transcript.turns if turn.words]
    assert len(answers) == len(said)
    for (start_s, text), (begin_s, word) in zip(answers, said, strict=True):
        assert word in text.replace("six", "6")
        assert begin_s - 0.5 < start_s < begin_s + 4
    assert transcript.coverage is not None
    assert transcript.coverage.gaps == ()


@pytest.mark.slow
def test_no_sentence_is_made_up_where_a_recording_ends_or_nobody_speaks(
    study: Study, enter: Enter, real_speech: Path, tiny_en_alone: InstalledModel
) -> None:
    """Two sentences of thanks and farewell came from the scrap of sound at a window's end."""
    talk = _read(real_speech / "jfk.flac")
    ends_s = 10 + len(talk) / MODEL_RATE
    samples = np.concatenate(
        [_rest(10), talk, _rest(40), _chords(8 * MODEL_RATE) / 30, _rest(5)]
    ).astype(np.float32)

    transcript = _transcribe(study, enter, samples, tiny_en_alone)

    words = [word for turn in transcript.turns for word in turn.words]
    assert 20 <= len(words) <= 24  # 22 are said
    assert all(9 <= word.start_s <= word.end_s <= ends_s + 0.5 for word in words)
