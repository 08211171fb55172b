"""A recorder that is killed, or whose power is cut: at most a second is lost, and it can be read.

A few of each in the suite; 200 kills and 20 power cuts with EARSHOT_THOROUGH=1, which prints
what was lost (``pytest -s -n0``). The sound counts its own frames, so that every place in it is
known; it comes in real time, as from a microphone.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import pytest

from study import Mark, MarkKind
from study.store import Argon2Cost, Study, rescue_recordings, verify_study
from tests.disk import Disk, mounted

KILLS, CUTS = (200, 20) if os.environ.get("EARSHOT_THOROUGH") else (4, 2)
RATE = 8_000
_LOST_AT_MOST_S = 1.0
_DICE = random.Random(2026)  # noqa: S311 - repeatable dice are wanted

# Tells how many frames have come before each block comes, and each marker once it is acknowledged
# as durable: then it must be there.
RECORD = """
import os, sys, threading, time
from pathlib import Path
import numpy as np
from capture import RecordingSession
from study import InterviewDetails, SoundFormat
from study.store import Study

RATE = 8_000

class Counting:
    form = SoundFormat(RATE, 1)
    is_alive = True
    overflows = 0

    def listens_to(self):
        return "a counter"

    def start(self, push):
        self.ended = threading.Event()
        threading.Thread(target=self.run, args=[push], daemon=True).start()

    def stop(self):
        self.ended.set()

    def run(self, push):
        began, at = time.monotonic(), 0
        while not self.ended.wait(max(0.0, began + at / RATE - time.monotonic())):
            block = np.arange(at, at + 400) % 30_011 + 1
            print("came", at + 400, flush=True)
            push(block.astype("<i2").tobytes())
            at += 400

with Study.open(Path(sys.argv[1]), sys.argv[2]) as study:
    with study.change("entered") as change:
        interview = change.add_interview(InterviewDetails(sys.argv[3]))
    session = RecordingSession(study.interview(interview), Counting)
    session.start()
    try:
        marked = told = 0
        placed_s = 0.0
        while True:
            time.sleep(0.05)
            moment = session.read_status()
            if moment.failure:
                break
            if moment.sound_s >= marked + 1:
                marked, placed_s = marked + 1, moment.sound_s
                session.set_marker(str(marked))
            elif told < marked and moment.sound_s > placed_s + 0.9:
                told = marked
                print("marked", told, flush=True)
    finally:
        os._exit(0)
"""


class Recording:
    """A process that records, and what it said while it lived."""

    def __init__(self, folder: Path, passphrase: str, label: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RECORD, str(folder), passphrase, label],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.first = self.process.stdout.readline()  # the first sound has come

    def end(self) -> tuple[int, int]:
        """Wait until it is dead; return how many frames came, and how many markers are safe."""
        said, _ = self.process.communicate(timeout=60)
        came = marked = 0
        for line in [self.first, *said.splitlines(keepends=True)]:
            if line.endswith("\n"):
                what, number = line.split()
                came = int(number) if what == "came" else came
                marked = int(number) if what == "marked" else marked
        return came, marked


def kept(study: Study, label: str) -> tuple[np.ndarray, list[Mark]]:
    """Return the sound and the marks; none where it died before the recording was entered."""
    sound = study.interview(study.find_interview(label).id).open_sound()
    if sound is None:
        return np.zeros(0, "<i2"), []
    with sound:
        return np.frombuffer(sound.read(0, sound.frames), "<i2"), sound.marks()


def lost_s(study: Study, label: str, came: int, marked: int) -> float:
    """Check that what is there is the beginning of what came, and return what is missing of it."""
    samples, marks = kept(study, label)
    assert np.array_equal(samples, np.arange(samples.size) % 30_011 + 1)
    markers = [mark.note for mark in marks if mark.kind == MarkKind.MARKER]
    assert markers[:marked] == [str(number + 1) for number in range(marked)]
    return (came - samples.size) / RATE


def report(what: str, lost: Sequence[float]) -> None:
    print(  # noqa: T201 - figures that were asked for
        f"\n{len(lost)} {what}: lost {statistics.median(lost):.2f} s in the middle, "
        f"{max(lost):.2f} s at most; every study opened and verified"
    )


@pytest.fixture
def disk(tmp_path: Path) -> Generator[Disk]:
    with mounted(tmp_path) as made:
        yield made


@pytest.mark.slow
def test_killed_at_a_random_moment_at_most_a_second_is_lost(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    folder = tmp_path / "study"
    Study.create(folder, passphrase, cost=cheap)[0].close()
    lost: list[float] = []

    for number in range(KILLS):
        recording = Recording(folder, passphrase, f"P{number}")
        time.sleep(_DICE.uniform(0.0, 3.0))
        recording.process.kill()
        came, marked = recording.end()
        with Study.open(folder, passphrase) as study:
            rescue_recordings(study)
            assert not study.find_interview(f"P{number}").is_recording
            lost.append(lost_s(study, f"P{number}", came, marked))
            assert verify_study(study) == []

    report("kills", lost)
    assert max(lost) <= _LOST_AT_MOST_S


@pytest.mark.slow
def test_with_the_power_cut_at_a_random_moment_at_most_a_second_is_lost(
    disk: Disk, passphrase: str, cheap: Argon2Cost
) -> None:
    folder = disk.place / "study"
    Study.create(folder, passphrase, cost=cheap)[0].close()
    lost: list[float] = []

    for number in range(CUTS):
        recording = Recording(folder, passphrase, f"P{number}")
        time.sleep(_DICE.uniform(0.5, 3.0))
        disk.cut()
        recording.process.kill()
        came, marked = recording.end()
        disk.again()
        with Study.open(folder, passphrase) as study:
            rescue_recordings(study)
            lost.append(lost_s(study, f"P{number}", came, marked))
            assert verify_study(study) == []

    report("power cuts", lost)
    assert max(lost) <= _LOST_AT_MOST_S
