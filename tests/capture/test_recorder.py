"""A recorder keeps every frame it was given, or says how many it could not keep."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
import pytest

from capture.recorder import LOST, Recorder, record
from capture.source import Push
from capture.status import Status
from study import sound
from study.errors import DiskFull, MicrophoneFailed, UnknownInterview
from study.keys import Argon2Cost
from study.recordings import check, open_sound, rescue
from study.store import Study
from study.terms import About, Mark, SoundFormat
from study.verify import check_study

RATE = 8_000


class Fed:
    """A source that gives what the test feeds it."""

    def __init__(self, channels: int = 1) -> None:
        self.form = SoundFormat(RATE, channels)
        self.is_alive = True
        self.push: Push = lambda _: pytest.fail("not started")
        self.stops = 0

    def start(self, push: Push) -> None:
        self.push = push

    def stop(self) -> None:
        self.stops += 1
        self.is_alive = False


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("added") as change:
        return change.add_interview(About("P01"))


def kept(study: Study, interview: str) -> tuple[bytes, list[Mark]]:
    found = open_sound(study, interview)
    assert found is not None
    with found:
        return found.read(0, found.frames), found.marks()


def noise(frames: int, channels: int = 1, seed: int = 0) -> bytes:
    dice = np.random.default_rng(seed)
    return dice.integers(-9000, 9000, (frames, channels), dtype=np.int16).tobytes()


def standing_still(is_free: threading.Event) -> Callable[[int], None]:
    """Return an ``fdatasync`` for a disk that does nothing until it is free."""
    real = os.fdatasync

    def slow(descriptor: int) -> None:
        is_free.wait(10)
        real(descriptor)

    return slow


def until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(("channels", "block"), [(1, 80), (2, 333), (8, 20_000)])
def test_every_frame_is_kept_in_order(
    study: Study, interview: str, channels: int, block: int
) -> None:
    source = Fed(channels)
    recorder = Recorder(study, interview, source)
    pcm, size = noise(40_000, channels), block * 2 * channels

    recorder.start()
    for first in range(0, len(pcm), size):
        source.push(pcm[first : first + size])
    status = recorder.stop()

    assert kept(study, interview) == (pcm, [])
    assert (status.frames, status.dropped, status.queued_s) == (40_000, 0, 0.0)
    assert status.fault == ""
    assert check(study, interview) == []


def test_sound_is_on_disk_within_a_second_of_having_come(study: Study, interview: str) -> None:
    source = Fed()
    recorder = Recorder(study, interview, source)
    recorder.start()

    for _ in range(20):
        source.push(noise(400))

    until(lambda: recorder.status().frames >= 8_000 - 4_000)
    assert kept(study, interview)[0][:800] == noise(400)
    recorder.stop()


def test_the_level_is_of_the_newest_sound_of_each_channel(study: Study, interview: str) -> None:
    source = Fed(2)
    recorder = Recorder(study, interview, source)
    recorder.start()
    assert recorder.status().level_dbfs == ()

    source.push(np.tile(np.array([3277, 0], "<i2"), 100).tobytes())

    until(lambda: recorder.status().level_dbfs != ())
    assert recorder.status().level_dbfs == (pytest.approx(-20.0, abs=0.1), -96.0)
    recorder.stop()


def test_what_does_not_fit_in_the_queue_is_counted_shown_and_marked_at_its_place(
    study: Study, interview: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, is_free = Fed(), threading.Event()
    recorder = Recorder(study, interview, source, queue_s=2.0)
    recorder.start()
    monkeypatch.setattr(sound.os, "fdatasync", standing_still(is_free))

    for number in range(3):
        source.push(noise(RATE, seed=number))
    stuck = recorder.status()
    is_free.set()
    until(lambda: recorder.status().queued_s < 1.0)
    source.push(noise(RATE, seed=3))
    ended = recorder.stop()

    whole = noise(RATE, seed=0) + noise(RATE, seed=1)
    assert (stuck.dropped, stuck.queued_s) == (RATE, 2.0)
    assert stuck.fault == "1.0 s of sound were lost: the disk is too slow."
    assert ended.dropped == RATE
    assert kept(study, interview) == (whole + noise(RATE, seed=3), [Mark(2.0, LOST, "1.00 s")])


def test_the_source_never_waits_for_the_disk(
    study: Study, interview: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, is_free = Fed(), threading.Event()
    recorder = Recorder(study, interview, source)
    recorder.start()
    monkeypatch.setattr(sound.os, "fdatasync", standing_still(is_free))

    began = time.monotonic()
    for _ in range(30):
        source.push(noise(RATE))
    took_s = time.monotonic() - began
    is_free.set()

    assert took_s < 1.0
    assert recorder.stop().frames == 30 * RATE


def test_a_watching_person_is_told_what_is_wrong(study: Study, interview: str) -> None:
    source, clock = Fed(), Clock()
    recorder = Recorder(study, interview, source, clock=clock)
    recorder.start()

    source.push(noise(100))
    well = recorder.status()
    clock.now_s += 5
    still = recorder.status()
    source.push(bytes(2 * 3 * RATE))
    until(lambda: recorder.status().zeros_s > 0)
    muted = recorder.status()
    source.is_alive = False
    gone = recorder.status()
    recorder.stop()

    assert well.fault == ""
    assert (still.still_s, still.elapsed_s) == (5.0, 5.0)
    assert still.fault == "No sound has come for 5 s."
    assert "muted" in muted.fault
    assert gone.is_over
    assert "stopped" in gone.fault


def test_a_full_disk_ends_the_stretch_and_keeps_what_came_before(
    study: Study, interview: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, real, writes = Fed(), os.write, 0

    def full(descriptor: int, raw: bytes) -> int:
        nonlocal writes
        writes += 1
        if writes > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, raw)

    recorder = Recorder(study, interview, source)
    recorder.start()
    monkeypatch.setattr(sound.os, "write", full)
    for number in range(4):
        source.push(noise(RATE, seed=number))
    until(lambda: recorder.status().is_over)
    status = recorder.status()
    with pytest.raises(DiskFull):
        recorder.stop()
    monkeypatch.undo()

    assert status.fault == "The disk is full."
    assert source.stops == 1
    assert kept(study, interview)[0] == noise(RATE, seed=0) + noise(RATE, seed=1)
    assert check(study, interview) == []
    assert check_study(study) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path]:
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    place = tmp_path / "small"
    place.mkdir()
    if mount is None or unmount is None or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "earshot-test", str(place)],
        check=False, capture_output=True,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run([unmount, str(place)], check=True)


def test_a_disk_that_is_really_full_is_the_same(small_disk: Path) -> None:
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    with Study.create(small_disk / "s", "a long passphrase", cost=cheap)[0] as study:
        with study.change("added") as change:
            interview = change.add_interview(About("P01"))
        ballast = small_disk / "ballast"
        ballast.write_bytes(bytes(100_000))
        source, fed = Fed(), b""
        recorder = Recorder(study, interview, source)
        recorder.start()
        for number in range(80):
            fed += noise(RATE, seed=number)
            source.push(noise(RATE, seed=number))
        until(lambda: recorder.status().is_over)

        with pytest.raises(DiskFull):
            recorder.stop()
        ballast.unlink()  # even ending a stretch takes a little room
        rescue(study)

        pcm, _ = kept(study, interview)
        assert len(pcm) > 20 * RATE * 2
        assert fed.startswith(pcm)


def test_a_source_that_does_not_start_leaves_no_stretch(study: Study, interview: str) -> None:
    class Dead(Fed):
        def start(self, push: Push) -> None:
            del push
            raise MicrophoneFailed

    with pytest.raises(MicrophoneFailed):
        Recorder(study, interview, Dead()).start()

    assert open_sound(study, interview) is None


def test_an_interview_that_is_not_there_stops_the_source_again(study: Study) -> None:
    source = Fed()

    with pytest.raises(UnknownInterview):
        Recorder(study, "nowhere", source).start()

    assert source.stops == 1


class Flowing(Fed):
    """A source that gives 50 ms of sound twenty times a second, on a thread of its own."""

    def __init__(self, ends_after: int = 1 << 30) -> None:
        super().__init__()
        self._ends_after = ends_after
        self._over = threading.Event()
        self.given = b""

    def start(self, push: Push) -> None:
        super().start(push)
        self._thread = threading.Thread(target=self._flow)
        self._thread.start()

    def stop(self) -> None:
        super().stop()
        self._over.set()
        self._thread.join()

    def _flow(self) -> None:
        for number in range(self._ends_after):
            if self._over.wait(0.05):
                return
            block = noise(RATE // 20, seed=number)
            self.given += block
            self.push(block)
        self.is_alive = False


def test_recording_for_some_seconds_tells_how_it_went(study: Study, interview: str) -> None:
    source, seen = Flowing(), list[Status]()

    status = record(study, "P01", seconds=1.2, source=source, report_status=seen.append)

    assert kept(study, interview)[0] == source.given
    assert status.sound_s == pytest.approx(1.1, abs=0.3)
    assert status.elapsed_s == pytest.approx(1.3, abs=0.3)
    assert len(seen) > 5
    assert study.find("P01").sound_s == status.sound_s


def test_recording_until_a_person_stops_it(study: Study, interview: str) -> None:
    source = Flowing()

    record(study, interview, source=source, stop=lambda: len(source.given) > RATE)

    assert kept(study, interview)[0] == source.given


def test_a_microphone_that_is_pulled_out_is_told_after_its_sound_was_kept(
    study: Study, interview: str
) -> None:
    source = Flowing(ends_after=12)

    with pytest.raises(MicrophoneFailed):
        record(study, interview, source=source)

    assert kept(study, interview)[0] == source.given
    assert check(study, interview) == []


_RECORDER = """
import sys, threading, time
from pathlib import Path
from capture.recorder import Recorder
from study.store import Study
from study.terms import About, SoundFormat

class Source:
    form, is_alive = SoundFormat(8000, 1), True
    def start(self, push):
        def flow():
            for number in range(1000):
                push(number.to_bytes(2, "little") * 800)
                print(number, flush=True)
                time.sleep(0.1)
        threading.Thread(target=flow, daemon=True).start()
    def stop(self): pass

with Study.open(Path(sys.argv[1]), "a long passphrase") as study:
    with study.change("added") as change:
        interview = change.add_interview(About("P09"))
    recorder = Recorder(study, interview, Source())
    recorder.start()
    time.sleep(100)
"""


def test_kill_9_costs_less_than_a_second(study: Study) -> None:
    command = [sys.executable, "-c", _RECORDER, str(study.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as recorder:
        assert recorder.stdout is not None
        while recorder.stdout.readline() != "25\n":
            assert recorder.poll() is None
        recorder.kill()

    (rescued,) = rescue(study)

    pcm, _ = kept(study, rescued.interview)
    assert rescued.kept_s > 2.6 - 1.0
    assert np.array_equal(np.frombuffer(pcm, "<i2"), np.arange(len(pcm) // 2) // 800)
