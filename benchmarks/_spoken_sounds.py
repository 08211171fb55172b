"""Says the interviews of ``benchmarks/spoken`` with natural voices, and lets a model hear them.

Each script becomes two sounds of the same voices: one microphone in a room, and a microphone for
each person that has the others 18 dB lower. What was said once and what was heard once stay in the
cache, the latter under the hash of the very sound, so that a change of the search is measured
without a voice or a speech model.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import platformdirs
import soundfile

from benchmarks._place import PASSPHRASE
from benchmarks._speaker_sounds import MakeLine, hear_in_room
from benchmarks._spoken_scripts import Script
from benchmarks._word_sounds import RATE, cross_room
from capture import import_sound
from models import InstalledModel, find_speech_model
from study import InterviewDetails, Transcript
from study.store import Argon2Cost, Study
from transcribe import DecodingOptions, transcribe_interview

ONE, EACH = "one microphone", "a microphone each"
THREADS = 2

_CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
_BLEED_DB, _ROOM_DB = 18.0, -30.0
_WETNESS = (0.5, 0.4, 0.6)  # of each person: how far from the one microphone they sit
_LEVELS_DB = (-4.0, 0.0, -8.0)
_IN_TURN_S, _BETWEEN_S = (0.25, 0.6), (0.35, 1.3)
_LEVEL = 0.7


@dataclass(frozen=True, slots=True)
class HeardScript:
    """A script and what a model wrote of it, on one microphone or on one each."""

    script: Script
    transcript: Transcript


def count_minutes(script: Script, say: MakeLine) -> float:
    """Return how long the script takes, pauses included."""
    return len(_place_voices(script, say)[0]) / RATE / 60


def hear_script(script: Script, microphones: str, model: str, say: MakeLine) -> HeardScript:
    """Say a script and let a model hear it, or take what it heard of this very sound before."""
    cache = Path(platformdirs.user_cache_dir("earshot-benchmarks"), "spoken")
    cache.mkdir(parents=True, exist_ok=True)
    pcm = _make_sound(script, microphones, say)
    installed = find_speech_model(model)
    digest = hashlib.sha256(pcm.tobytes() + installed.sha256().encode()).hexdigest()[:16]
    kept = cache / f"{script.label}-{microphones.replace(' ', '-')}-{model}-{digest}.json"
    if not kept.exists():
        kept.write_bytes(msgspec.json.encode(_transcribe(script, microphones, installed, pcm)))
    return HeardScript(script, msgspec.json.decode(kept.read_bytes(), type=Transcript))


def _transcribe(
    script: Script, microphones: str, model: InstalledModel, pcm: npt.NDArray[np.int16]
) -> Transcript:
    channels = tuple(script.voices) if microphones == EACH else ()
    about = InterviewDetails(script.label, script.participants, channels=channels)
    with tempfile.TemporaryDirectory(prefix="earshot-spoken-") as folder:
        path = Path(folder, "sound.wav")
        soundfile.write(path, pcm, RATE, subtype="PCM_16")
        study = Study.create(Path(folder) / "study", PASSPHRASE, cost=_CHEAP)[0]
        with study:
            interview = study.interview(import_sound(study, path, about))
            return transcribe_interview(interview, model, options=DecodingOptions(threads=THREADS))


def _make_sound(script: Script, microphones: str, say: MakeLine) -> npt.NDArray[np.int16]:
    voices = _place_voices(script, say)
    dice = np.random.default_rng(7)
    if microphones == EACH:
        sound = np.stack(
            [
                mine + sum(cross_room(voices[n], _BLEED_DB) for n in range(len(voices)) if n != own)
                for own, mine in enumerate(voices)
            ],
            axis=1,
        )
    else:
        heard = [
            hear_in_room(voice, wet, dice)[: len(voice)] * 10 ** (level / 20)
            for voice, wet, level in zip(voices, _WETNESS, _LEVELS_DB, strict=False)
        ]
        sound = np.sum(heard, axis=0)[:, None]
    loud = np.sqrt((sound**2).mean())
    sound = sound + dice.normal(0, loud * 10 ** (_ROOM_DB / 20), sound.shape)
    return np.rint(sound * _LEVEL / np.abs(sound).max() * 32767).astype(np.int16)


def _place_voices(script: Script, say: MakeLine) -> list[npt.NDArray[np.float64]]:
    """Return what each person says, each as long as the whole interview."""
    dice = np.random.default_rng(5)
    placed: list[tuple[str, int, npt.NDArray[np.float64]]] = []
    at = RATE // 2
    for turn in script.turns:
        for part in turn.parts:
            sound = say(part, script.voices[turn.speaker])
            placed.append((turn.speaker, at, sound))
            at += len(sound) + round(dice.uniform(*_IN_TURN_S) * RATE)
        at += round(dice.uniform(*_BETWEEN_S) * RATE)
    voices = {speaker: np.zeros(at) for speaker in script.voices}
    for speaker, begin, sound in placed:
        voices[speaker][begin : begin + len(sound)] += sound
    return list(voices.values())


HearScript = Callable[[Script, str, str], HeardScript]
