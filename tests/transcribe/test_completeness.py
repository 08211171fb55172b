"""Ten minutes of human speech: what voice activity finds, and that the figures add up.

Thirteen recordings are joined four times over: loud and 20 dB quieter, on one microphone and on
the other, with silences up to half a minute, room noise, and each voice faintly on the other
microphone. What counts as speech is told by the sound alone, without any network: moments in
which the voice's band stands out of the recording's own noise.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr

from models import InstalledModel
from study.store import Study
from tests.transcribe.saying import SayingEngine
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.speech_coverage import measure_speech_s
from transcribe.transcription import transcribe_interview
from transcribe.vad import find_speech_spans, follow_speech
from transcribe.vad_spans import SpeechSpan, VadOptions

Moments = npt.NDArray[np.bool_]
Enter = Callable[..., str]

FRAME = 480  # 30 ms
SECONDS = 600
BLEED_DB, NOISE_DB, QUIET_DB = -25, -60, -20
BELOW_LOUD_DB, ABOVE_NOISE_DB = 25, 6  # of the 95th and the 5th percentile of a recording


@dataclass
class Talk:
    """Sound of shape (samples, 2); speech and silence moment by moment, shape (moments, 2)."""

    sound: Samples
    speech: Moments
    between: Moments  # moments between the recordings, shape (moments,)


def _is_speech(sound: Samples) -> Moments:
    """Which moments of a clean recording are speech; pauses up to 0.2 s are, clicks are not."""
    frames = sound.reshape(-1, FRAME) * np.hanning(FRAME)
    band = np.fft.rfftfreq(FRAME, 1 / MODEL_RATE)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    voice = power[:, (band >= 200) & (band <= 3400)].sum(axis=1)
    level = 10 * np.log10(np.maximum(voice, 1e-6))
    loud, noise = np.percentile(level, [95, 5])
    return _bridged(level > max(loud - BELOW_LOUD_DB, noise + ABOVE_NOISE_DB))


def _bridged(speech: Moments, shortest: int = 3, longest_pause: int = 6) -> Moments:
    edges = np.flatnonzero(np.diff(speech)) + 1
    for run in np.split(np.arange(len(speech)), edges):
        if speech[run[0]] and len(run) < shortest:
            speech[run] = False
    edges = np.flatnonzero(np.diff(speech)) + 1
    for run in np.split(np.arange(len(speech)), edges)[1:-1]:
        if not speech[run[0]] and len(run) <= longest_pause:
            speech[run] = True
    return speech


@pytest.fixture
def ten_minutes(real_speech: Path) -> Talk:
    with (real_speech / "manifest.tsv").open(encoding="utf-8") as table:
        names = [row["file"] for row in csv.DictReader(table, delimiter="\t")]
    recordings = [_read(real_speech / name) for name in names]
    dice = np.random.default_rng(5)
    sound = dice.standard_normal((SECONDS * MODEL_RATE, 2)).astype(np.float32) * 10 ** (
        NOISE_DB / 20
    )
    speech = np.zeros((len(sound) // FRAME, 2), dtype=np.bool_)
    between = np.ones(len(speech), dtype=np.bool_)
    spoken = 4 * sum(len(r) for r in recordings)
    pauses = dice.exponential(size=4 * len(recordings))
    pauses *= (len(sound) - spoken - MODEL_RATE) / FRAME / pauses.sum()
    silences = iter(pauses.astype(int))
    at = 0
    for gain_db, channel in ((0, 0), (QUIET_DB, 0), (0, 1), (QUIET_DB, 1)):
        for recording in recordings:
            at += int(next(silences))
            place = slice(at, at + len(recording) // FRAME)
            here = slice(place.start * FRAME, place.stop * FRAME)
            voice = recording * np.float32(10 ** (gain_db / 20))
            sound[here, channel] += voice
            sound[here, 1 - channel] += voice * np.float32(10 ** (BLEED_DB / 20))
            speech[place, channel] = _is_speech(recording)
            between[place] = False
            at = place.stop
    return Talk(_rounded(sound), speech, between)


def _rounded(sound: Samples) -> Samples:
    """Round to what 16 bits hold."""
    return (np.clip(sound * 32768, -32768, 32767).astype(np.int16) / 32768).astype(np.float32)


def _read(path: Path) -> Samples:
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    heard = np.asarray(soxr.resample(sound[:, 0], rate, MODEL_RATE), dtype=np.float32)
    return heard[: len(heard) // FRAME * FRAME]


def _pieces(talk: Talk) -> Iterator[Samples]:
    return (
        talk.sound[at : at + 30 * MODEL_RATE] for at in range(0, len(talk.sound), 30 * MODEL_RATE)
    )


def _found(talk: Talk) -> Moments:
    found = np.zeros_like(talk.speech)
    for span in find_speech_spans(_pieces(talk), VadOptions()):
        place = slice(
            round(span.start_s * MODEL_RATE / FRAME), round(span.end_s * MODEL_RATE / FRAME)
        )
        found[place, span.channel] = True
    return found


@pytest.mark.slow
def test_at_least_98_of_100_seconds_of_human_speech_are_found(ten_minutes: Talk) -> None:
    found = _found(ten_minutes)

    speech = ten_minutes.speech
    assert speech.sum() * FRAME / MODEL_RATE > 240  # of 452 s recorded: pauses are no speech
    assert (found & speech).sum() / speech.sum() >= 0.98
    for channel in (0, 1):
        mine = speech[:, channel]
        assert (found[:, channel] & mine).sum() / mine.sum() >= 0.98
    # 0.35 s around every answer are kept on purpose; the rest is noise taken for speech.
    assert found[ten_minutes.between].sum() * FRAME / MODEL_RATE <= 30  # of 299 s


@pytest.mark.thorough
@pytest.mark.slow
def test_the_seconds_of_ten_minutes_add_up(
    ten_minutes: Talk, study: Study, enter: Enter, demo_model: InstalledModel, engine: SayingEngine
) -> None:
    """Of every eight calls two give nothing, one gives a loop."""
    kinds = itertools.cycle([40, 0, 40, 0, 0, 1, 40, 40])  # different words; 1 is a loop
    count = itertools.count()

    def say(_: bool) -> str:  # noqa: FBT001 - as the engine is called
        kind = next(kinds)  # no two windows are alike, or one would be the other's echo
        if kind == 1:
            return " ".join([f"loop{next(count)}"] * 40)
        return " ".join(f"{next(count)}" for _ in range(kind))

    engine.says = say
    samples = (ten_minutes.sound * 32768).astype(np.int16)

    transcript = transcribe_interview(
        study.interview(enter(samples, channels=("INT01", "P01"))), demo_model
    )

    told = transcript.coverage
    assert told is not None
    hearing = VadOptions()
    found = list(find_speech_spans(_pieces(ten_minutes), hearing))
    found_s = sum(s.end_s - s.start_s for s in found)
    assert told.sound_s == SECONDS
    # The neighbour's speech is not the track's own: an echo takes its word and .5 s around it.
    echoed_s = found_s - told.speech_s
    # What was faint counts as speech where it has words.
    faint_s = sum(
        s.end_s - s.start_s
        for s in follow_speech(_pieces(ten_minutes), hearing)
        if isinstance(s, SpeechSpan) and s.is_faint
    )
    assert -0.1 - faint_s <= echoed_s <= 3 * told.echo_words
    assert echoed_s < 0.02 * found_s
    missing = [t for t in transcript.turns if not t.words]
    assert [(round(t.start_s, 2), round(t.end_s, 2)) for t in missing] == list(told.gaps)
    missing_s = sum(
        measure_speech_s(
            [(t.start_s, t.end_s) for t in missing if t.speaker == speaker],
            [(s.start_s, s.end_s) for s in found if s.channel == channel],
        )
        for channel, speaker in enumerate(("INT01", "P01"))
    )
    assert missing_s > 60
    assert told.covered_s + missing_s == pytest.approx(told.speech_s, abs=1)
    assert missing_s <= told.again_s <= told.speech_s
    looped = [w for t in transcript.turns for w in t.words if w.text.startswith(" loop")]
    near_s = 0.01
    assert looped
    assert not [
        w
        for w in looped
        if not any(a - near_s <= w.start_s and w.end_s <= b + near_s for a, b in told.doubts)
    ]
    assert told.flagged_s == pytest.approx(sum(b - a for a, b in told.doubts), abs=1)
