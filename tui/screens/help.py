"""What every key does, from the command table."""

from __future__ import annotations

import textwrap

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.keys import format_key

from tui.commands import Command, Place, of
from tui.screens.dialog import Told
from tui.widgets.plain import Plain
from tui.widgets.turns import CLOSING, OPENING

_WIDTH = 70  # what the box holds at 80 columns


def _in(text: str) -> str:
    return f"{OPENING}{text}{CLOSING}"


_SIGNS = (
    f"{_in('? person: Margaret')}  waits for you      {_in('✓ [Person 2]')}  is replaced\n"
    f"{_in('✎ [her sister]')}  is replaced as you typed      {_in('✗ Margaret')}  stays\n"
    f"▸ ◂ instead of {_in(' ')}: the mention that keys act on      ≈ a turn to be doubted"
)


class Help(Told):
    """The keys of the screen that is open, then those that work everywhere."""

    def __init__(self, place: Place) -> None:
        super().__init__("")
        self._place = place

    def compose(self) -> ComposeResult:
        """Lay out one line for each command."""
        with VerticalScroll(classes="box"):
            yield Plain("↓ and PgDn show more, Esc closes this.", classes="hint")
            for place in (self._place, Place.EVERYWHERE):
                yield Plain(f"Keys for {place}" if place is self._place else "Keys everywhere",
                            classes="heading")  # fmt: skip
                for command in of(place):
                    yield Plain(line(command), classes="words")
            yield Plain("Signs", classes="heading")
            yield Plain(_SIGNS, classes="words")
            yield Plain("Everything here can be done in the shell too: earshot --help.",
                        classes="hint")  # fmt: skip


def keys(command: Command) -> str:
    """Name the keys of a command as they are written on a keyboard."""
    return " or ".join(_named(key) for key in command.key.split(","))


def line(command: Command) -> str:
    """Write a command as a line of the help screen."""
    return textwrap.fill(
        f"{keys(command):<13}{command.label}: {command.help}",
        width=_WIDTH,
        subsequent_indent=" " * 13,
    )


def _named(key: str) -> str:
    if key.startswith("ctrl+"):
        return f"Ctrl-{key.removeprefix('ctrl+').upper()}"
    return {"enter": "Enter", "escape": "Esc", "space": "Space"}.get(key, format_key(key))
