"""What keeps the study's words off the terminal, and every private name of Textual we lean on.

Textual is made for developers: a crash prints all local variables, an environment variable
writes a log of all that is shown, the command palette saves the screen as a picture. Here these
doors are shut. Private names are pinned with textual==8.2.8; tests/tui/test_app_crash.py says
for each why it is needed. Nothing here knows a study.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Final

import platformdirs
from rich.console import RenderableType
from rich.text import Text
from textual import constants
from textual.app import App
from textual.strip import Strip
from textual.worker import WorkerFailed

from capture import hushing
from study.errors import EarshotError, Fault
from tui import faults

CRASHED: Final = Fault.exit_code  # what the command line says of its own faults too
_HARMLESS = {"TEXTUAL_ANIMATIONS", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DRIVER", "TEXTUAL_FPS"}
_DOORS: dict[str, object] = {
    "LOG_FILE": None,  # writes what widgets log, words included
    "DEBUG": False,
    "SCREENSHOT_DELAY": -1,  # saves a picture of the screen
    "SCREENSHOT_LOCATION": None,
    "SCREENSHOT_FILENAME": None,
    "PRESS": "",
    "SHOW_RETURN": False,
}


def shut_doors() -> None:
    """Forget what the environment asks of Textual that would let words out."""
    for name in [n for n in os.environ if n == "TEXTUAL" or n.startswith("TEXTUAL_")]:
        if name not in _HARMLESS:
            del os.environ[name]
    for name, closed in _DOORS.items():
        setattr(constants, name, closed)  # read at import, which may have been before this


def has_terminal() -> bool:
    """Whether there is somebody to draw for and to read keys from."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def speaks_utf8() -> bool:
    """Whether every letter can be written to the terminal: Textual writes to the error stream."""
    encoding = getattr(sys.stderr, "encoding", None) or ""
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


def log_file() -> Path:
    """Return where C libraries may write; it holds no participant's word."""
    return Path(platformdirs.user_state_dir("earshot")) / "screen.log"


def hush(log: Path) -> None:
    """Keep what C libraries print off the screen: it goes to ``log``.

    A log that cannot be written (a full disk, a read-only home) becomes nothing at all.
    """
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        hushing.hush(log)
    except (OSError, EarshotError):
        hushing.hush(Path(os.devnull))


@contextlib.contextmanager
def mute() -> Generator[None]:
    """Keep tracebacks of threads, finalisers and logging off the terminal: they quote values."""
    nobody = logging.NullHandler()
    root = logging.getLogger()
    threads, finalisers = threading.excepthook, sys.unraisablehook
    root.addHandler(nobody)  # or the handler of last resort prints to the terminal
    threading.excepthook = sys.unraisablehook = lambda _: None
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = threads, finalisers
        root.removeHandler(nobody)


def code(error: BaseException | None) -> str:
    """Name a fault as ``tui.faults.code`` does, also one that a worker of Textual wrapped."""
    while isinstance(error, WorkerFailed):
        error = error.error
    return "unknown" if error is None else faults.code(error)


def farewell(error: BaseException | None) -> str:
    """Say that the screen crashed, where the work stands, and what to do."""
    return (
        f"Earshot's screen stopped because of a fault in Earshot (code: {code(error)}).\n"
        "Every decision you made is kept, and so is what was transcribed so far.\n"
        "Open the study again with `earshot open`. If you report the fault, give the code: "
        "it holds nothing of the study.\n"
    )


class QuietApp(App[None]):
    """An app that ends in a sentence when it crashes, and saves no pictures of its screen."""

    ALLOW_SELECT = False
    _said_farewell = False

    def _fatal_error(self) -> None:
        # The original prints a traceback with the values of all local variables.
        self.panic()

    def panic(self, *renderables: RenderableType) -> None:
        """End with our own words, whatever Textual wanted to show."""
        del renderables
        self._return_code = CRASHED
        if self._said_farewell:
            self._close_messages_no_wait()
            return
        self._said_farewell = True
        super().panic(Text(farewell(self._exception)))

    def deliver_screenshot(
        self,
        filename: str | None = None,
        path: str | None = None,
        time_format: str | None = None,
    ) -> str | None:
        """Save no picture: it would hold a participant's words, unsealed."""
        del filename, path, time_format

    def save_screenshot(
        self,
        filename: str | None = None,
        path: str | None = None,
        time_format: str | None = None,
    ) -> str:
        """Save no picture: it would hold a participant's words, unsealed."""
        del filename, path, time_format
        return ""

    def copy_to_clipboard(self, text: str) -> None:
        """Keep it for this program: the terminal's clipboard is open to every other one."""
        self._clipboard = text


def strips(app: App[None]) -> list[Strip]:
    """Return the lines that are on the screen now, for tests and pictures."""
    return app.screen._compositor.render_strips()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
