"""What the benchmark of transcription works on: talk, a study with it, and models of true shapes.

The talk is the demonstration interview, said again and again with silence between. The models have
random weights and the true shapes, see ``tools/shapes.py``, so they cost what real ones do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from models import (
    CHECKSUMS_NAME,
    DEMONSTRATION_SOUND,
    InstalledModel,
    ModelKind,
    find_models_folder,
    find_speech_model,
    hash_model,
    is_model_whole,
    write_checksums,
)
from study import InterviewDetails, SoundFormat
from study.store import Argon2Cost, IncomingSound, Study

PASSPHRASE = "four unrelated small words"  # noqa: S105 - it guards nothing
EARSHOT = Path(sys.executable).with_name("earshot")
THREADS = str(min(os.cpu_count() or 1, 8))  # as Earshot takes by itself
TOKENS = 90  # that people say in a window of 28 s
SILENCE_S = 60  # after each 182 s of talk, so that three quarters are talk
_ROOM = 30.0  # of 32768: the noise of a quiet room
_CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)

Pcm = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of the benchmark's own, with a study and a shelf of models."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> Place:
        """Make an empty study, and see to it that no model but ours is found."""
        place = cls(folder)
        Study.create(place.study, PASSPHRASE, cost=_CHEAP)[0].close()
        return place

    @property
    def study(self) -> Path:
        """The study's folder."""
        return self.folder / "study"

    @property
    def around(self) -> dict[str, str]:
        """The environment of whatever works on it."""
        return os.environ | self.ours

    @property
    def ours(self) -> dict[str, str]:
        """What it has beyond the one we have."""
        return {"EARSHOT_PASSPHRASE": PASSPHRASE, "EARSHOT_MODELS": str(self.folder / "models")}

    def model(self, name: str, tokens: int = TOKENS) -> Path:
        """Build a model that says so many tokens in a window; returns its folder."""
        folder = self.folder / "models" / name
        # In a process of its own: what is measured later begins with the memory of this one.
        making = [sys.executable, "-m", "tools.shapes", name, str(folder), str(tokens)]
        subprocess.run(making, check=True, stdout=subprocess.DEVNULL)
        # As a fetched one has it: without, each transcription would read the model through.
        (folder / CHECKSUMS_NAME).unlink(missing_ok=True)
        write_checksums(folder, hash_model(folder, name, ModelKind.SPEECH, "random", ""))
        return folder

    def take_genuine(self, name: str) -> bool:
        """Take the genuine model of that name, if this computer has it; returns whether it has."""
        installed = find_models_folder() / name
        if not is_model_whole(ModelKind.SPEECH, installed):
            return False
        folder = self.folder / "models" / name
        if folder.is_symlink():
            return True
        shutil.rmtree(folder, ignore_errors=True)  # one with random weights
        folder.parent.mkdir(exist_ok=True)
        folder.symlink_to(installed)
        return True

    def opened(self) -> Study:
        """Open the study."""
        return Study.open(self.study, PASSPHRASE)

    def seal(self, label: str, seconds: int, rate: int) -> str:
        """Enter talk as an interview; returns its id."""
        with self.opened() as study, IncomingSound(study, SoundFormat(rate, 1)) as incoming:
            for second in talk(seconds, rate):
                incoming.write(second.tobytes())
            return incoming.keep(InterviewDetails(label), {})


def here(name: str) -> InstalledModel:
    """Return a model of the place whose environment this process has."""
    return find_speech_model(name)


def talk(seconds: int, rate: int) -> Iterator[Pcm]:
    """Yield talk second by second; the same each time."""
    once = _once(rate)
    for second in range(seconds):
        at = second * rate % (len(once) // rate * rate)
        yield once[at : at + rate]


def write_wav(path: Path, seconds: int, rate: int) -> Path:
    """Write the same talk as a sound file."""
    with path.open("wb") as file, wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        for second in talk(seconds, rate):
            sound.writeframes(second.tobytes())
    return path


def _once(rate: int) -> Pcm:
    """The demonstration in one channel, and the silence after it; whole seconds and some."""
    sound, own_rate = soundfile.read(DEMONSTRATION_SOUND, dtype="float32", always_2d=True)
    mixed = soxr.resample(sound.sum(axis=1), own_rate, rate)
    whole = np.zeros(len(mixed) + SILENCE_S * rate)
    whole[: len(mixed)] = np.asarray(mixed) * 32767
    whole += np.random.default_rng(7).normal(0, _ROOM, len(whole))
    return np.clip(np.rint(whole), -32768, 32767).astype(np.int16)
