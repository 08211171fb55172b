"""``earshot record`` without a screen: signals, events for scripts, and what is kept."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import capture
from capture import Device, RecordingFault, RecordingPhase, RecordingStatus
from cli import RecordingSignals, call_on_interrupt
from cli.console import Console
from cli.verbs.record import _HOW_BY_KEY, _StatusReport
from cli.willingness import KEYS
from study import ArtefactKind, MarkKind, RecordingSetup, SoundCheck
from study.errors import DiskFull, NoMicrophone, PoorSound
from study.store import Interview, Study
from tests.cli.conftest import Run
from tests.recordings import GOOD, Clip, Humming

_FOUND = [
    Device(0, "Laptop", 2, 48_000, is_default=True),
    Device(1, "Table", 1, 48_000, is_default=False),
]


@pytest.fixture
def folder(study: Study) -> Path:
    """A closed study, and two microphones that hum."""
    study.close()
    return study.folder


@pytest.fixture(autouse=True)
def only_our_microphone(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_offer(monkeypatch, "list_devices", lambda: _FOUND)
    replace_offer(monkeypatch, "find_device", partial(capture.pick_device, _FOUND))
    replace_offer(monkeypatch, "make_opener", make_opener)
    real = partial(capture.record_interview, opener=Humming)
    replace_offer(monkeypatch, "record_interview", real)


def make_opener(_name: str | None, _channels: int | None) -> type[Humming]:
    return Humming


def replace_offer(monkeypatch: pytest.MonkeyPatch, name: str, offer: object) -> None:
    """Replace what the door of ``capture`` offers by this name, where the verbs look it up."""
    monkeypatch.setitem(vars(capture), name, offer)


def watch(monkeypatch: pytest.MonkeyPatch, see: Callable[[RecordingStatus], None]) -> None:
    """Show the test each status that is reported, on the thread that takes signals."""
    real = capture.record_interview

    def record(
        interview: Interview,
        *,
        report_status: Callable[[RecordingStatus], None],
        **options: Any,  # noqa: ANN401 - handed on
    ) -> RecordingStatus:
        def both(status: RecordingStatus) -> None:
            report_status(status)
            see(status)

        return real(interview, report_status=both, **options)

    replace_offer(monkeypatch, "record_interview", record)


def judge(monkeypatch: pytest.MonkeyPatch, verdict: SoundCheck) -> None:
    """Give every sound check this verdict."""

    def check(*_args: object, **_more: object) -> tuple[SoundCheck, Clip]:
        return verdict, Clip()

    replace_offer(monkeypatch, "run_sound_check", check)


def send(name: str) -> None:
    os.kill(os.getpid(), getattr(signal, name))


def events(out: str, name: str) -> list[dict[str, Any]]:
    return [e for e in map(json.loads, out.splitlines()) if e["event"] == name]


def test_signals_mark_pause_go_on_and_stop(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, passphrase: str
) -> None:
    sent: list[str] = []

    def see(moment: RecordingStatus) -> None:
        steps = {
            0: ("SIGUSR2", moment.sound_s > 0),
            1: ("SIGUSR1", moment.marks >= 1),
            2: ("SIGUSR1", moment.doing is RecordingPhase.PAUSED and moment.away_s > 0),
            3: ("SIGTERM", moment.doing is RecordingPhase.RECORDING and moment.paused_s > 0),
        }
        name, is_time = steps.get(len(sent), ("", False))
        if is_time:
            sent.append(name)
            send(name)

    watch(monkeypatch, see)

    code, out, _ = run("record", folder, "--label", "P07_i1", "--for", "60s", "--json")

    told = [e["doing"] for e in events(out, "recording")]
    (done,) = events(out, "done")
    assert code == 0
    assert "paused" in told
    assert told[-1] == "recording"
    assert done["result"]["paused_s"] > 0
    with Study.open(folder, passphrase) as study:
        found = study.find_interview("P07_i1")
        sound = study.interview(found.id).open_sound()
        assert sound is not None
        with sound:
            kinds = [mark.kind for mark in sound.marks()]
        setting = study.interview(found.id).read_artefact(ArtefactKind.SETTING, RecordingSetup)
    assert kinds[0] == MarkKind.MARKER
    assert MarkKind.PAUSED in kinds
    assert setting == RecordingSetup((), "Laptop", consent=None)


def test_it_ends_by_itself_after_its_time_and_the_microphone_is_remembered(
    folder: Path, run: Run
) -> None:
    first = run("record", folder, "--label", "P07_i1", "--device", "Table", "--for", "0.3s")
    _, out, _ = run("record", folder, "--interview", "P07_i1", "--for", "0.3s", "--json")

    assert first[0] == 0
    assert "recorded, sealed" in first[1]
    assert events(out, "done")[0]["result"]["sound_s"] > 0


def test_a_full_disk_says_how_much_is_kept(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> RecordingStatus:
        raise DiskFull

    replace_offer(monkeypatch, "record_interview", full)

    code, _, err = run("record", folder, "--label", "P07_i1")

    assert code == DiskFull.exit_code
    assert "00:00:00 were recorded; they are sealed and safe." in err
    assert "The disk is full." in err


def test_the_last_lines_say_what_is_missing(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_gaps(*_args: object, **_more: object) -> RecordingStatus:
        return RecordingStatus(
            RecordingPhase.ENDED,
            sound_s=60.0,
            missing_s=5.24,
            dropped_s=1.5,
            marks=3,
            missing_why={
                "the computer slept": 2.0,
                "the microphone was gone": 3.24,
                "all of it came": 0.0,
            },
        )

    replace_offer(monkeypatch, "record_interview", with_gaps)

    _, out, _ = run("record", folder, "--label", "P07_i1")

    assert "00:01:00 recorded, sealed" in out
    assert "2.0 s are missing: the computer slept. The gaps are marked." in out
    assert "3.2 s are missing: the microphone was gone. The gaps are marked." in out
    assert "all of it came" not in out  # nothing of that is missing
    assert "1.5 s are missing: the disk was too slow. The gaps are marked." in out


def test_a_microphone_that_is_not_there_makes_no_interview(
    folder: Path, run: Run, passphrase: str
) -> None:
    code, _, _ = run("record", folder, "--label", "P07_i1", "--device", "Moon")

    assert code == NoMicrophone.exit_code
    with Study.open(folder, passphrase) as study:
        assert study.summaries() == []


def test_the_sound_check_has_a_verdict_and_an_exit_code(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(monkeypatch, GOOD)

    good = run("record", folder, "--check")
    silent = run("record", folder, "--check", "--json")

    assert good[0] == silent[0] == 0
    assert "Good." in good[1]
    assert events(silent[1], "done")[0]["result"]["is_good"]


def test_a_bad_sound_check_fails(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = "Too quiet: move the microphone closer."
    bad = replace(GOOD, is_good=False, verdict=verdict)
    judge(monkeypatch, bad)

    code, _, err = run("record", folder, "--check")

    assert code == PoorSound.exit_code
    assert verdict in err


def test_the_microphones_are_listed(folder: Path, run: Run) -> None:
    code, out, _ = run("record", folder, "--devices")

    assert code == 0
    assert "Laptop" in out
    assert "Table" in out


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    steering = RecordingSignals()
    try:
        with steering.handle_signals():
            send("SIGHUP")
    finally:
        signal.signal(signal.SIGHUP, before)

    assert not steering.has_ended()


def test_each_signal_is_told_once_and_the_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGUSR1)
    steering = RecordingSignals()

    with steering.handle_signals():
        for name in ("SIGUSR2", "SIGUSR2", "SIGUSR1"):
            send(name)
        marks = [steering.take_mark() for _ in range(3)]

    assert marks == [True, True, False]
    assert steering.is_paused()
    assert not steering.has_ended()
    assert signal.getsignal(signal.SIGUSR1) is before


def test_ctrl_c_is_taken_while_the_lock_that_it_needs_is_held() -> None:
    lock, stopped = threading.Lock(), threading.Event()

    def stop() -> None:
        with lock:
            stopped.set()

    with call_on_interrupt(stop):
        with lock:
            os.kill(os.getpid(), signal.SIGINT)
        was_stopped = stopped.wait(5)

    assert was_stopped


def test_a_fault_is_read_on_the_one_line_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = list[str]()
    console = Console(as_json=False)
    monkeypatch.setattr(console, "show_line", lines.append)
    status = RecordingStatus(
        RecordingPhase.RECORDING,
        sound_s=729.0,
        level_dbfs=(-96.0,),
        disk_left_s=1e9,
        faults=(RecordingFault("silence", "The microphone hears nothing."),),
    )

    _StatusReport(console).show(status)
    _StatusReport(console).show(replace(status, faults=()))

    assert lines == [
        "● RECORDING 0:12:09  level -96.0 dBFS  ! The microphone hears nothing.",
        "● RECORDING 0:12:09  level -96.0 dBFS  over 2 days of disk left",
    ]
    assert max(map(len, lines)) < 80


def test_keys_of_a_recording_name_no_distress_and_no_want_of_capacity() -> None:
    shown = (_HOW_BY_KEY + KEYS).lower()
    assert not [word for word in ("distress", "cannot", "capacity") if word in shown]
