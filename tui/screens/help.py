"""What every key does, from the command table."""

from __future__ import annotations

import textwrap

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tui.commands import Command, Place, keys, of
from tui.preferences import Preferences
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

    def __init__(self, place: Place, chosen: Preferences | None = None) -> None:
        super().__init__("")
        self._place, self._chosen = place, chosen or Preferences()

    def compose(self) -> ComposeResult:
        """Lay out one line for each command."""
        with VerticalScroll(classes="box"):
            yield Plain("↓ and PgDn show more, Esc closes this.", classes="hint")
            for place in self.places():
                front = "" if place is Place.EVERYWHERE else "for "
                yield Plain(f"Keys {front}{place}", classes="heading")
                for command in of(place):
                    yield Plain(line(command, self._chosen), classes="words")
            yield Plain("Signs", classes="heading")
            yield Plain(_SIGNS, classes="words")
            yield Plain("Everything here can be done in the shell too: earshot --help.",
                        classes="hint")  # fmt: skip

    def places(self) -> tuple[Place, ...]:
        """Return the places whose keys are told: the screen's own first."""
        typing = (Place.TYPING, Place.REPLACING) if self._place is Place.INTERVIEW else ()
        return self._place, *typing, Place.EVERYWHERE, Place.DIALOG, Place.COVER


def line(command: Command, chosen: Preferences | None = None) -> str:
    """Write a command as a line of the help screen."""
    named = keys(command, chosen.key(command) if chosen else "")
    return textwrap.fill(
        f"{named:<11}  {command.label}: {command.help}",
        width=_WIDTH,
        subsequent_indent=" " * 13,
    )
