"""Transcription that follows a recording: how soon it is done after the stop, and at what cost.

``earshot record --transcribe`` hears talk through a microphone of software and is stopped at some
moment. With random weights each window has the same number of tokens however short it is, so the
last one costs more here than it would in life; base is the genuine one where it is installed.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks._place import EARSHOT, THREADS, TOKENS, Place, write_wav
from benchmarks._processes import ran
from benchmarks.frame import Row, at_most
from study import InterviewDetails
from tests.microphone import RATE, Microphone, virtual_microphone

_MODEL, _FAST = "small", "base"
_WINDOW_S = 26.0  # the talk's windows, on average
_CAUGHT_UP_S = 10.0
_PATIENCE_S = 120.0
_STOPS_S = (30, 80)  # from when to when a recording is stopped
_STOPS, _STOPS_FAST = 5, 2


@dataclass(frozen=True, slots=True)
class _Stopped:
    """One recording that was followed: how long until its transcript, and what it lost."""

    caught_up_s: float
    sound_s: float
    lost: int


def rows(place: Place, quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick stops one short recording, with a fast model."""
    try:
        with virtual_microphone() as microphone:
            if quick:
                place.model("tiny", 30)
                return _stopped_at(place, microphone, "tiny", [8.0])
            dice = random.Random(3)
            moments = [round(dice.uniform(*_STOPS_S), 1) for _ in range(_STOPS)]
            made = [
                _share(place, place.model(_MODEL)),
                *_stopped_at(place, microphone, _MODEL, moments),
            ]
            if not place.take_genuine(_FAST):
                place.model(_FAST)
                return made + _stopped_at(place, microphone, _FAST, moments[:_STOPS_FAST])
            return made + _stopped_at(place, microphone, _FAST, moments, "with genuine weights")
    except pytest.skip.Exception as missing:
        return [Row("caught up after the stop", None, "s", note=str(missing))]


def _share(place: Place, model: Path) -> Row:
    share = _window_s(place, model, TOKENS) / _WINDOW_S
    tells = f"{_MODEL}, {TOKENS} tokens in {_WINDOW_S:.0f} s"
    return Row("live: the model takes", share, "of real time", tells)


def _window_s(place: Place, model: Path, tokens: int) -> float:
    command = [sys.executable, "-m", "benchmarks._plain", "one-window", model, str(tokens), THREADS]
    return float(ran(command, place.around).last)


def _stopped_at(
    place: Place, microphone: Microphone, model: str, moments: list[float], note: str = ""
) -> list[Row]:
    found = [_once(place, microphone, model, at_s, n) for n, at_s in enumerate(moments)]
    late_s = [one.caught_up_s for one in found]
    times = f"{len(found)} recordings of {min(moments):.0f} to {max(moments):.0f} s"
    times += f", {note}" if note else ""
    return [
        at_most(f"live, {model}: transcript after the stop, median", median(late_s), _CAUGHT_UP_S,
                "s", compared_with=times),
        at_most("  the worst", max(late_s), _CAUGHT_UP_S, "s", compared_with=times),
        at_most("  frames lost meanwhile", sum(one.lost for one in found), 0, "frames",
                compared_with=f"{sum(one.sound_s for one in found):.0f} s recorded"),
    ]  # fmt: skip


def _once(place: Place, microphone: Microphone, model: str, at_s: float, turn: int) -> _Stopped:
    label = f"live-{model}-{turn}"
    with place.opened() as study, study.change("entered") as change:
        interview = change.add_interview(InterviewDetails(label))
    played = write_wav(place.folder / "live.wav", round(at_s) + 5, RATE)
    command = [EARSHOT, "record", place.study, "--interview", label, "--transcribe", model]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, "--json"],
            env={**microphone.around, **place.ours},
            stdout=subprocess.PIPE,
            stderr=said,
        )
        try:
            caught_up_s = _followed(process, microphone, played, at_s)
        finally:
            process.kill()
            process.wait()
    with place.opened() as study:
        sound = study.interview(interview).open_sound()
        assert sound is not None
        with sound:
            kept = np.frombuffer(sound.read(0, sound.frames), "<i2")
            return _Stopped(caught_up_s, sound.duration_s, missing(kept, played))


def _followed(
    process: subprocess.Popen[bytes], microphone: Microphone, played: Path, at_s: float
) -> float:
    """Play talk for so long, stop the recording, and return the seconds until its transcript."""
    events = _Events(process)
    events.wait_for("recording")
    playing = microphone.play(played)
    time.sleep(at_s)
    stopped_s = time.monotonic()
    process.send_signal(signal.SIGTERM)  # Ctrl+C is ignored by what a shell runs beside itself
    events.wait_for("transcribed")
    caught_up_s = time.monotonic() - stopped_s
    playing.kill()
    playing.wait()
    process.wait(_PATIENCE_S)
    return caught_up_s


class _Events:
    """Reads what a program tells as JSON, all the time, so that it never waits for us."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._told: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def wait_for(self, event: str) -> None:
        """Wait until the program told of that.

        Raises:
            RuntimeError: it ended, or said nothing of it for too long.
        """
        until_s = time.monotonic() + _PATIENCE_S
        while event not in self._told:
            if self._process.poll() is not None and event not in self._told:
                raise RuntimeError(f"it ended with {self._process.returncode}: {self._told[-3:]}")
            if time.monotonic() > until_s:
                raise RuntimeError(f"nothing about {event}: {self._told[-3:]}")
            time.sleep(0.02)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.append(str(json.loads(line)["event"]))


def missing(kept: NDArray[np.int16], played: Path) -> int:
    """Return how many frames of what was played are not there, in one piece and bit for bit.

    What was played began after the recording did, and was still going on when it was stopped.
    """
    talk = np.fromfile(played, "<i2", offset=44)
    loud = np.flatnonzero(kept)
    if not loud.size:
        return kept.size
    begins = int(loud[0]) - int(np.flatnonzero(talk)[0])
    piece = kept[max(0, begins) :]
    return int((piece != talk[: piece.size]).sum())
