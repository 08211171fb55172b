"""Record in a process of its own, as a screen or a script would, and read its reports.

It has its own process because a sound library is loaded once, caches its devices, and may hang.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from study import InterviewDetails, Mark
from study.store import Study, verify_interview_sound

PASSPHRASE = "a long passphrase"
_LIMIT_S = 60.0  # for a test that fails; a loaded machine needs some of it
_RECORD = """
import dataclasses, json, os, sys, threading, time
from pathlib import Path
from capture.clocks import RecordingClocks
from capture.microphone import make_opener
from capture.recording_session import RecordingSession
from study.errors import EarshotError
from study.store import Study

folder, passphrase, name, channels = sys.argv[1:]
shift = [0.0]

def tell(**what):
    os.write(1, (json.dumps(what) + "\\n").encode())  # in one piece: two threads tell

def slow(descriptor):
    time.sleep(delay[0])
    durably(descriptor)

durably, delay = os.fdatasync, [0.0]
os.fdatasync = slow
with Study.open(Path(folder), passphrase) as study:
    clocks = RecordingClocks(wall=lambda: time.time() + shift[0])
    find = make_opener(name or None, int(channels))
    tell(is_open=True)
    for line in sys.stdin:
        word, _, number = line.strip().partition(" ")
        if word == "start":
            interview = study.interview(study.find_interview("P01").id)
            session = RecordingSession(interview, find, clocks=clocks, queue_s=%QUEUE%)
            try:
                session.start()
            except EarshotError as error:
                tell(error=type(error).__name__, sentence=str(error))
                continue
            def report(session=session):
                while True:
                    tell(**dataclasses.asdict(session.read_status()), now_s=time.monotonic())
                    time.sleep(0.05)
            threading.Thread(target=report, daemon=True).start()
        elif word == "clock":
            shift[0] += float(number)
        elif word == "disk":
            delay[0] = float(number)
        elif word == "stop":
            try:
                last = session.stop()
                tell(**dataclasses.asdict(last), is_last=True)
            except EarshotError as error:
                last = session.read_status()
                tell(**dataclasses.asdict(last), error=type(error).__name__, is_last=True)
            break
        else:
            getattr(session, word)()
"""

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """The recorded interview: sound as int16 (frames,), and its marks."""

    sound: NDArray[np.int16]
    marks: list[Mark]

    def of(self, kind: str) -> list[Mark]:
        """The marks of one kind."""
        return [mark for mark in self.marks if mark.kind == kind]

    @property
    def gap_s(self) -> float:
        """How much sound is said to be missing."""
        return sum(mark.length_s for mark in self.of("gap"))


class Recording:
    """A process that records into the interview P01."""

    def __init__(
        self, folder: Path, around: Mapping[str, str], *, name: str = "",
        channels: int = 1, queue_s: float = 60.0,
    ) -> None:  # fmt: skip
        program = _RECORD.replace("%QUEUE%", str(queue_s))
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, str(folder), PASSPHRASE, name, str(channels)],
            env={**around},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[Told | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.last: Told = {}

    def say(self, word: str) -> None:
        """Send it a command."""
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def until(self, is_so: Callable[[Told], bool], *, within_s: float = _LIMIT_S) -> Told:
        """Wait for a report of which ``is_so`` is true, and return it."""
        limit = time.monotonic() + within_s
        while True:
            left_s = limit - time.monotonic()
            try:
                told = self._lines.get(timeout=max(0.0, left_s))
            except queue.Empty:
                told = None
            assert told is not None, f"it never came; last: {self.last}"
            self.last = told
            if is_so(told):
                return told

    def begin(self, seconds: float = 0.5) -> Told:
        """Start recording, and return once so much sound is on the disk."""
        self.say("start")
        return self.until(lambda told: told.get("sound_s", 0.0) >= seconds)

    def more(self, seconds: float) -> Told:
        """Wait until so much more sound is on the disk."""
        enough = self.last["sound_s"] + seconds
        return self.until(lambda told: told["sound_s"] >= enough, within_s=_LIMIT_S + seconds)

    def fault(self, kind: str) -> str:
        """Wait for a fault of that kind, and return its sentence."""
        told = self.until(lambda told: any(f["kind"] == kind for f in told["faults"]))
        return next(f["sentence"] for f in told["faults"] if f["kind"] == kind)

    def stop(self) -> Told:
        """Stop it, and return its last report."""
        self.say("stop")
        last = self.until(lambda told: told.get("is_last", False))
        code = self._process.wait(_LIMIT_S)
        assert code == 0, f"it ended with {code}"
        return last

    def __enter__(self) -> Self:
        self.until(lambda told: told["is_open"])
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)


def enter(study: Study) -> None:
    """Enter the interview that is to be recorded."""
    with study.change("added") as change:
        change.add_interview(InterviewDetails("P01"))


def kept(study: Study, last: Told | None = None) -> Kept:
    """Read the recording back; all sound that ``last`` reported as durable must be there."""
    interview = study.find_interview("P01").id
    sound = study.interview(interview).open_sound()
    assert sound is not None
    with sound:
        pcm = sound.read(0, sound.frames)
        found = Kept(np.frombuffer(pcm, "<i2"), list(sound.marks()))
        assert last is None or sound.frames / sound.form.rate >= last["sound_s"]
    assert verify_interview_sound(study.interview(interview)) == []
    return found
