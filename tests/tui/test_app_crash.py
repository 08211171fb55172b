"""What the terminal and the exit code say when the interface has a fault, and doors kept shut.

The first tests run the real program in a real terminal, because what must not come out could
come from anywhere: Textual's own crash screen, Python's, a thread's, a C library's.
"""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import constants
from textual.app import App
from textual.worker import WorkerFailed

from study.store import SUM, RescuedRecording, Study
from tui import app as tui_app
from tui.app import NO_TERMINAL_EXIT, WEB_EXIT, Earshot, run_interface
from tui.hardening import CRASH_EXIT, HardenedApp, disable_textual_leaks, name_fault

_CANARY = "Margaret-of-Ashfield"
_PROGRAM = f"""
import asyncio, gc, os, sys, threading
from pathlib import Path
from study.store import Study
import tui.app
from tui.screens.home_screen import HomeScreen

def fault(*_):
    transcript_text = {_CANARY!r}
    raise KeyError(transcript_text)

def noise(self):
    os.write(2, {_CANARY!r}.encode())
    thread = threading.Thread(target=fault)
    thread.start()
    thread.join()
    async def task():
        fault()
    self.kept = asyncio.get_running_loop().create_task(task())
    def later():
        self.kept = None
        gc.collect()
        self.app.exit()
    self.set_timer(0.05, later)

def in_a_worker(self):
    self.run_worker(fault, thread=True)

where = sys.argv[2]
if where == "start":
    tui.app.Earshot.on_mount = fault
elif where == "render":
    HomeScreen.compose = fault
else:
    HomeScreen.action_refresh = {{
        "handler": fault, "worker": in_a_worker, "noise": noise,
    }}[where]
folder = Path(sys.argv[1])
with Study.open(folder, "four unrelated small words") as study:
    code = tui.app.run_interface(
        study, log=folder.parent / "state" / "screen.log", program=()
    )
sys.exit(code)
"""


_LONGEST_S = 120


def in_a_terminal(
    arguments: list[str], *, key: bytes = b"\x12", **environment: str
) -> tuple[int, str]:
    """Run a program in a terminal of 80x24, press ``key`` once it has drawn itself."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    told = {"TERM": "xterm-256color", "TEXTUAL": "debug,devtools"}
    with subprocess.Popen(
        arguments,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | told | environment,
        close_fds=True,
    ) as process:
        os.close(theirs)
        watch = threading.Timer(_LONGEST_S, process.kill)  # or a key that does nothing hangs it
        watch.start()
        seen, pressed = b"", False
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not part:
                break
            seen += part
            if not pressed and b"Quit" in seen:
                os.write(ours, key)
                pressed = True
        process.wait()
        watch.cancel()
    os.close(ours)
    return process.returncode, seen.decode(errors="replace")


@pytest.mark.parametrize("where", ["start", "render", "handler", "worker"])
def test_a_fault_ends_in_a_sentence_and_a_code_and_without_a_word(
    where: str, course: Study
) -> None:
    program = [sys.executable, "-c", _PROGRAM, str(course.folder), where]

    code, seen = in_a_terminal(program)

    assert code == CRASH_EXIT
    assert "because of a fault in Earshot (code: KeyError" in seen
    assert "Every decision you made is kept" in seen
    assert _CANARY not in seen
    assert "Traceback" not in seen
    assert "transcript_text" not in seen
    assert seen.count("a fault in Earshot") == 1


def test_noise_from_below_does_not_reach_the_terminal(course: Study, tmp_path: Path) -> None:
    code, seen = in_a_terminal([sys.executable, "-c", _PROGRAM, str(course.folder), "noise"])

    log = tmp_path / "state" / "screen.log"
    assert code == 0
    assert _CANARY not in seen  # from C, from a thread, from a task that nobody waits for
    assert "Traceback" not in seen
    assert log.stat().st_mode & 0o777 == 0o600
    assert log.read_text() == _CANARY
    assert [title for title in ("\x1b]0;", "\x1b]2;", "\x1b]52;") if title in seen] == []


def test_the_private_names_are_still_where_we_override_them() -> None:
    for name in ("_fatal_error", "_close_messages_no_wait", "_handle_exception"):
        assert hasattr(App, name)
    assert "_fatal_error" in vars(HardenedApp)


def test_a_code_names_the_fault_and_its_place_and_quotes_nothing() -> None:
    try:
        raise ValueError(_CANARY)
    except ValueError as error:
        code = name_fault(error)
        wrapped = name_fault(WorkerFailed(error))

    assert code.startswith("ValueError test_app_crash.py:")
    assert wrapped == code
    assert name_fault(None) == "unknown"


def test_the_doors_of_textual_are_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_SCREENSHOT", "TEXTUAL_DEVTOOLS_HOST"):
        monkeypatch.setenv(name, "7")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setattr(constants, "LOG_FILE", "words.log")
    monkeypatch.setattr(constants, "SCREENSHOT_DELAY", 1)

    disable_textual_leaks()

    assert [n for n in os.environ if n.startswith("TEXTUAL")] == ["TEXTUAL_ANIMATIONS"]
    assert constants.LOG_FILE is None
    assert constants.SCREENSHOT_DELAY < 0


async def test_no_picture_and_no_clipboard(
    course: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        written: list[str] = []
        monkeypatch.setattr(app._driver, "write", written.append)
        app.action_screenshot(path=str(tmp_path / "pictures"))
        app.copy_to_clipboard(_CANARY)
        await pilot.pause()

        assert app.deliver_screenshot() is None
        assert app.save_screenshot(path=str(tmp_path / "pictures")) == ""
        assert app.clipboard == _CANARY  # within the program; the terminal hears nothing of it
        assert not any("\x1b]52" in part for part in written)
        assert not (tmp_path / "pictures").exists()
        assert not app.screen.allow_select


async def test_a_browser_is_refused(
    course: Study, monkeypatch: pytest.MonkeyPatch, shown: Callable[[Earshot], str]
) -> None:
    monkeypatch.setattr(Earshot, "is_web", property(lambda _: True))
    app = Earshot(course)

    async with app.run_test():
        assert "P07" not in shown(app)

    assert app.return_code == WEB_EXIT


def test_a_fault_outside_textual_is_told_too(
    course: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fault(_: Earshot) -> None:
        raise OSError(_CANARY)

    def leave_alone(_: Path) -> None:
        pass

    def there_is() -> bool:
        return True

    monkeypatch.setattr(Earshot, "run", fault)
    monkeypatch.setattr(tui_app, "has_terminal", there_is)
    monkeypatch.setattr(tui_app, "redirect_stderr", leave_alone)

    code = run_interface(course, program=())

    assert code == CRASH_EXIT
    assert "code: OSError" in capsys.readouterr().err


async def test_what_was_rescued_is_told_first(
    course: Study, shown: Callable[[Earshot], str]
) -> None:
    interview = course.find_interview("P07_i1").id
    app = Earshot(course, rescued=[RescuedRecording(interview, 754.0)])
    async with app.run_test() as pilot:
        await pilot.pause()
        told = shown(app)
        await pilot.press("enter")
        await pilot.pause()

        assert "An interrupted recording was recovered." in told
        assert "P07_i1: 13 min kept" in told
        assert "An interrupted recording was recovered" not in shown(app)


async def test_a_study_that_was_changed_outside_is_told_of_first(
    course: Study, passphrase: str, shown: Callable[[Earshot], str]
) -> None:
    course.close()
    (course.folder / SUM).write_bytes(b"{}")
    with Study.open(course.folder, passphrase) as changed:
        app = Earshot(changed)
        async with app.run_test() as pilot:
            await pilot.pause()
            told = " ".join(shown(app).split())
            await pilot.press("enter")
            await pilot.pause()
            after = shown(app)

    assert "This study was changed outside Earshot" in told
    assert "log verify" in told
    assert "in a terminal" in told
    assert "P07_i1" in after
    assert "was changed outside Earshot" not in after


def test_without_a_terminal_it_says_so_and_draws_nothing(
    course: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tui_app, "redirect_stderr", None)  # would fail if it came that far

    code = run_interface(course, program=())

    told = capsys.readouterr()
    assert code == NO_TERMINAL_EXIT
    assert "needs a terminal" in told.err
    assert told.out == ""
