"""Recorded through a microphone and transcribed meanwhile: the same words as afterwards, at once.

The first 12 s of the demonstration interview in the suite; all of it, and twenty kills, with
EARSHOT_THOROUGH=1.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
import soundfile

from cli import compute_word_error_rate
from models import DEMONSTRATION_SOUND, load_demonstration
from study import ArtefactKind, Transcript
from study.store import Study
from tests.genuine import needs_tiny_en
from tests.microphone import Microphone, virtual_microphone
from tests.transcribe.conftest import demonstration as spoken

THOROUGH = bool(os.environ.get("EARSHOT_THOROUGH"))
SECONDS = soundfile.info(DEMONSTRATION_SOUND).duration if THOROUGH else 12.0
KILLS = 20 if THOROUGH else 2


pytestmark = [pytest.mark.slow, needs_tiny_en]


@pytest.fixture
def microphone() -> Iterator[Microphone]:
    with virtual_microphone() as made:
        yield made


@pytest.fixture
def interview(tmp_path: Path) -> Path:
    """The interview as one microphone in the room would hear it."""
    path = tmp_path / "spoken.wav"
    soundfile.write(path, spoken(0, SECONDS), soundfile.info(DEMONSTRATION_SOUND).samplerate)
    return path


class Earshot:
    """Earshot in processes of its own, hearing the microphone of software."""

    def __init__(self, study: Study, passphrase: str, around: dict[str, str]) -> None:
        self._study = study
        self._around = around | {"EARSHOT_PASSPHRASE": passphrase}

    def start(self, verb: str, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "cli.command_line", verb, str(self._study.folder), *words],
            env=self._around,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, verb: str, *words: str) -> None:
        process = self.start(verb, *words)
        _, err = process.communicate()
        assert process.returncode == 0, err

    @contextlib.contextmanager
    def recording(
        self, microphone: Microphone, spoken: Path, *words: str
    ) -> Generator[subprocess.Popen[str]]:
        """Record for as long as is spoken; the block begins when it is."""
        process = self.start(
            "record", "--label", "P01_i1", "--for", f"{SECONDS + 2:.0f}s", "--json", *words
        )
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["event"] == "recording":
                break
        with microphone.play(spoken):
            yield process


def transcript(study: Study, version: int) -> Transcript:
    made = study.interview(study.find_interview("P01_i1").id).read_artefact(
        ArtefactKind.RAW, Transcript, version
    )
    assert made is not None
    return made


def text(made: Transcript) -> str:
    return " ".join(turn.text for turn in made.turns)


def test_what_is_recorded_is_transcribed_meanwhile_as_it_would_be_afterwards(
    study: Study, passphrase: str, microphone: Microphone, interview: Path
) -> None:
    earshot = Earshot(study, passphrase, microphone.around)

    with earshot.recording(microphone, interview, "--transcribe", "tiny.en") as recorder:
        out, err = recorder.communicate()
    assert recorder.returncode == 0, err
    earshot.run("transcribe", "P01_i1", "--model", "tiny.en")

    told = [json.loads(line) for line in out.splitlines()]
    assert told[-1]["event"] == "transcribed"
    live, afterwards = transcript(study, 1), transcript(study, 2)
    assert live == afterwards
    assert "Thank you for coming in today." in text(live)
    if THOROUGH:
        said = " ".join(turn for _, turn in load_demonstration().turns)
        rate = compute_word_error_rate(said, text(live))
        sys.stderr.write(f"word error rate, live through one microphone: {rate:.3f}\n")
        assert rate <= 0.15


@pytest.mark.thorough
def test_killed_at_random_moments_it_ends_as_if_it_had_not_been(
    study: Study, passphrase: str, microphone: Microphone, interview: Path
) -> None:
    """The child that follows the recording is killed first, then what goes on with its work."""
    earshot = Earshot(study, passphrase, microphone.around)
    dice = random.Random(5)  # noqa: S311 - repeatable dice are wanted

    with earshot.recording(microphone, interview, "--transcribe", "tiny.en") as recorder:
        time.sleep(dice.uniform(0.3, 0.6) * SECONDS)
        (child,) = list_children(recorder.pid)
        os.kill(child, signal.SIGKILL)
        recorder.communicate()
    recorded_s = study.find_interview("P01_i1").sound_s
    for _ in range(KILLS - 1):
        process = earshot.start("transcribe", "P01_i1", "--model", "tiny.en", "--json")
        time.sleep(dice.uniform(0.5, 6.0))
        for pid in (process.pid, *list_children(process.pid)):
            os.kill(pid, signal.SIGKILL)
        process.communicate()
    earshot.run("transcribe", "P01_i1", "--model", "tiny.en")
    made = study.interview(study.find_interview("P01_i1").id).find_newest_version(ArtefactKind.RAW)
    earshot.run("transcribe", "P01_i1", "--model", "tiny.en")

    assert recorded_s == pytest.approx(SECONDS + 2, abs=0.7)
    assert transcript(study, made) == transcript(study, made + 1)


def list_children(process: int) -> list[int]:
    """Return the children that any thread of a process has started."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text(encoding="ascii").split()]
