"""Bleed with a real model: people with a microphone each, who hear each other's voice."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr

from models import InstalledModel, find_speech_model
from study import Transcript
from study.errors import ModelMissing
from study.store import Study
from transcribe.audio_tracks import MODEL_RATE
from transcribe.transcription import transcribe_interview

Enter = Callable[..., str]
Sound = npt.NDArray[np.float64]

# Who says which recording of the manifest: the second person's follows half a second after the
# first's, except the last, which begins over it.
SAID = (
    (0, "sense_and_sensibility_01_austen_64kb-0870.wav"),
    (1, "libri_2412-153948-0000.flac"),
    (0, "sense_and_sensibility_01_austen_64kb-0880.wav"),
    (1, "mfa_61-70968-0000.flac"),
    (0, "sense_and_sensibility_01_austen_64kb-0890.wav"),
    (1, "jfk.flac"),
)
OVER_S = 1.0
DELAY = 64  # samples: the neighbour sits 1.4 m away


@pytest.fixture
def tiny_en() -> InstalledModel:
    try:
        return find_speech_model("tiny.en")
    except ModelMissing:
        pytest.skip("the speech model tiny.en is not installed")


@pytest.fixture
def references(real_speech: Path) -> list[str]:
    """What each of the two people says."""
    with (real_speech / "manifest.tsv").open(encoding="utf-8") as table:
        texts = {row["file"]: row["reference"] for row in csv.DictReader(table, delimiter="\t")}
    return [" ".join(texts[name] for who, name in SAID if who == person) for person in (0, 1)]


def mix_talk(folder: Path, apart_db: float, gain_db: float) -> npt.NDArray[np.int16]:
    """Mix the talk for two microphones, the second ``gain_db`` louder: int16 (frames, 2)."""
    voices: list[tuple[int, int, Sound]] = []
    at = 0
    for person, name in SAID:
        sound, rate = soundfile.read(folder / name, dtype="float64", always_2d=True)
        voice = np.asarray(soxr.resample(sound[:, 0], rate, MODEL_RATE))
        voice *= 0.04 / np.sqrt((voice**2).mean())
        begin = at - round(OVER_S * MODEL_RATE) if name == SAID[-1][1] else at
        voices.append((person, begin, voice))
        at = begin + len(voice) + MODEL_RATE // 2
    dry = np.zeros((at, 2))
    for person, begin, voice in voices:
        dry[begin : begin + len(voice), person] += voice
    sound = dry + 10 ** (-apart_db / 20) * np.roll(dry[:, ::-1], DELAY, axis=0)
    sound += np.random.default_rng(7).standard_normal(sound.shape) * 1e-3
    sound[:, 1] *= 10 ** (gain_db / 20)
    return (np.clip(sound, -1, 1) * 32767).astype(np.int16)


def list_words(text: str) -> list[str]:
    return re.sub(r"[^a-z ]", "", text.lower()).split()


def count_common(said: list[str], reference: list[str], shortest: int) -> int:
    """Count the words in common runs of at least ``shortest`` words."""
    blocks = difflib.SequenceMatcher(None, said, reference, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= shortest)


def join_turns(transcript: Transcript, speaker: str) -> list[str]:
    return list_words(" ".join(t.text for t in transcript.turns if t.speaker == speaker))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("apart_db", "gain_db"),
    [
        (6.0, 0.0),
        pytest.param(6.0, 10.0, marks=pytest.mark.thorough),
        pytest.param(8.0, 0.0, marks=pytest.mark.thorough),
        (12.0, -10.0),
        pytest.param(20.0, 0.0, marks=pytest.mark.thorough),
    ],
)
def test_no_sentence_stands_twice_or_in_the_neighbours_turn(
    study: Study,
    enter: Enter,
    tiny_en: InstalledModel,
    real_speech: Path,
    references: list[str],
    apart_db: float,
    gain_db: float,
) -> None:
    alone, together = (
        transcribe_interview(
            study.interview(
                enter(mix_talk(real_speech, *mixed), label=label, channels=("INT01", "P01"))
            ),
            tiny_en,
        )
        for label, mixed in (("A", (60.0, 0.0)), ("B", (apart_db, gain_db)))
    )

    for person, speaker in enumerate(("INT01", "P01")):
        said = join_turns(together, speaker)
        own, others = (list_words(references[who]) for who in (person, 1 - person))
        understood = count_common(join_turns(alone, speaker), own, 1)
        assert understood > 0.8 * len(own)
        assert count_common(said, own, 1) >= understood - 2
        assert len(said) <= len(join_turns(alone, speaker)) + 2
        assert count_common(said, others, 3) == 0
