"""The app class that keeps a participant's words inside: no traceback, picture, log or clipboard.

It holds no screen and no key; ``tui.app`` builds on it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Final

import platformdirs
from rich.console import RenderableType
from rich.text import Text
from textual import constants, events
from textual._xterm_parser import XTermParser  # whose name the drivers look up
from textual.app import App
from textual.driver import Driver
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, TextArea
from textual.worker import WorkerFailed

from app import name_fault as name_bare_fault
from capture import redirect_stderr as redirect_stderr_to
from study.errors import EarshotError, Fault
from tui.pasted_text import PasteFilter
from tui.pedal_keys import read_pedal_key, teach_numbered_keys
from tui.widgets.selected_line import find_selected_line

teach_numbered_keys()


class PasteProofParser(XTermParser):
    """Textual's parser of what a terminal sends, from which pasted text makes no keys."""

    def __init__(self, debug: bool = False) -> None:  # noqa: FBT001, FBT002 - as Textual's
        super().__init__(debug)
        self._pasted = PasteFilter()

    def feed(self, data: str) -> Iterable[Message]:
        """Read what has come; "" is the end."""
        # To the parser "" is the end, and nothing may be left of a piece of a pasted text.
        passed = self._pasted.filter_input(data)
        return super().feed(passed) if passed or not data else ()


def teach_pasting() -> None:
    """Let each driver that Textual has loaded read keys with our parser."""
    for name, module in list(sys.modules.items()):
        if name.startswith("textual.drivers.") and "XTermParser" in vars(module):
            vars(module)["XTermParser"] = PasteProofParser


CRASH_EXIT: Final = Fault.exit_code  # what the command line says of its own faults too
_HARMLESS = {"TEXTUAL_ANIMATIONS", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DRIVER", "TEXTUAL_FPS"}
_LEAKS: dict[str, object] = {
    "LOG_FILE": None,  # writes what widgets log, words included
    "DEBUG": False,
    "SCREENSHOT_DELAY": -1,  # saves a picture of the screen
    "SCREENSHOT_LOCATION": None,
    "SCREENSHOT_FILENAME": None,
    "PRESS": "",
    "SHOW_RETURN": False,
}


def disable_textual_leaks() -> None:
    """Switch off the settings of Textual, from the environment, that would leak words."""
    for name in [n for n in os.environ if n == "TEXTUAL" or n.startswith("TEXTUAL_")]:
        if name not in _HARMLESS:
            del os.environ[name]
    for name, closed in _LEAKS.items():
        setattr(constants, name, closed)  # read at import, which may have been before this


def find_log_file() -> Path:
    """Return the file for what C libraries print; no participant's words go there."""
    return Path(platformdirs.user_state_dir("earshot")) / "screen.log"


def redirect_stderr(log: Path) -> None:
    """Send what C libraries print to ``log`` instead of the screen.

    A log that cannot be written (a full disk, a read-only home) becomes nothing at all.
    """
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        redirect_stderr_to(log)
    except (OSError, EarshotError):
        redirect_stderr_to(Path(os.devnull))


@contextlib.contextmanager
def silence_tracebacks() -> Generator[None]:
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


def name_fault(error: BaseException | None) -> str:
    """Name a fault as ``app.name_fault`` does, also one that a worker of Textual wrapped."""
    while isinstance(error, WorkerFailed):
        error = error.error
    return "unknown" if error is None else name_bare_fault(error)


def describe_crash(error: BaseException | None) -> str:
    """Say that the screen crashed, where the work stands, and what to do."""
    return (
        f"Earshot's screen stopped because of a fault in Earshot (code: {name_fault(error)}).\n"
        "Every decision you made is kept, and so is what was transcribed so far.\n"
        "Open the study again with `earshot open`. If you report the fault, give the code: "
        "it holds nothing of the study.\n"
    )


class HardenedApp(App[None]):
    """An app that ends in a sentence when it crashes, and saves no pictures of its screen."""

    ALLOW_SELECT = False
    _said_farewell = False
    _typing_at = Offset(0, 0)

    def get_driver_class(self) -> type[Driver]:
        """Return the driver of this system, which makes no keys from pasted text."""
        driver = super().get_driver_class()  # loads this system's driver alone
        teach_pasting()
        return driver

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's cursor is put after each drawing, in cells of the terminal.

        While somebody types it is where they type, as the field said last; otherwise it is on the
        selected line, where screen readers and braille lines look for it.
        """
        if not self._screen_stack or isinstance(self.focused, Input | TextArea):
            return self._typing_at
        return find_selected_line(self.screen) or self._typing_at

    @cursor_position.setter
    def cursor_position(self, at: Offset) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._typing_at = at

    async def on_event(self, event: events.Event) -> None:
        """Take what a foot pedal sends for the key that it is, in every terminal."""
        key = read_pedal_key(event)
        if isinstance(event, events.CursorPosition) and isinstance(key, events.Key):
            self.post_message(key)  # it has its turn among the keys
        else:
            await super().on_event(key)

    def _fatal_error(self) -> None:
        # The original prints a traceback with the values of all local variables.
        self.panic()

    def panic(self, *renderables: RenderableType) -> None:
        """Exit with our own sentence instead of Textual's traceback."""
        del renderables
        self._return_code = CRASH_EXIT
        if self._said_farewell:
            self._close_messages_no_wait()
            return
        self._said_farewell = True
        super().panic(Text(describe_crash(self._exception)))

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
        """Copy within this program only: any program can read the terminal's clipboard."""
        self._clipboard = text


def read_screen_lines(app: App[None]) -> list[Strip]:
    """Return the lines on the screen, for tests and pictures."""
    return app.screen._compositor.render_strips()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def end_driver(app: App[None]) -> None:
    """End each thread that reads keys, also one that Textual has lost sight of.

    A terminal that is closed sends SIGCONT behind SIGHUP, for which Textual begins another such
    thread; the one before would read from the terminal that is gone, without end.
    """
    event = getattr(app._driver, "exit_event", None)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    if isinstance(event, threading.Event):
        event.set()
