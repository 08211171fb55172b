"""The help screen: every key and its effect, from the command table."""

from __future__ import annotations

import itertools
import math
import textwrap

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from app import Command, CommandPlace, Preferences, list_commands, name_keys
from tui.screens.dialogs import MessageDialog
from tui.widgets.safe_text import SafeText
from tui.widgets.turn_layout import KIND_SIGNS

_WIDTH = 70  # what the box holds at 80 columns
_COLUMNS = 3


_ASKING = (CommandPlace.WILLING, CommandPlace.DISSENT)
_WITHIN = {
    CommandPlace.INTERVIEW: (
        CommandPlace.TYPING, CommandPlace.REPLACING, CommandPlace.HEARING, CommandPlace.RETURNED,
        CommandPlace.VOICES,
    ),
    CommandPlace.PREPARE: _ASKING,
    CommandPlace.RECORD: _ASKING,
    CommandPlace.CONSENT: (CommandPlace.CONSENT_FORM, CommandPlace.CONSENT_READ),
    CommandPlace.CONSENT_FORM: (CommandPlace.CONSENT_READ,),
}  # fmt: skip
"""The places that are reached from a screen, whose keys its help lists as well."""
_SIGNS = (
    "?Margaretᵖ  waits for you      ✓[Person 2]ᵖ  replaced\n"
    "✎her sisterᵖ  replaced as you typed      ✗Margaretᵖ  left in\n"
    "▸Margaret◂  the mention that keys act on      ≈  check this\n"
    "The small sign at the end is the kind of detail:\n"
    + "\n".join(f"  {sign}  {kind}" for sign, kind in KIND_SIGNS.items())
)


class HelpScreen(MessageDialog):
    """The keys of the screen that is open, then those that work everywhere."""

    def __init__(self, place: CommandPlace, chosen: Preferences | None = None) -> None:
        super().__init__("")
        self._place, self._chosen = place, chosen or Preferences()

    def compose(self) -> ComposeResult:
        """Lay out one line for each command."""
        with VerticalScroll(classes="box"):
            yield SafeText("↓ and PgDn say what each key does, Esc closes this.", classes="hint")
            yield SafeText(list_at_a_glance(self._place, self._chosen), classes="words")
            for place in self.list_places():
                front = "" if place is CommandPlace.EVERYWHERE else "for "
                yield SafeText(f"Keys {front}{place}", classes="heading")
                for command in list_commands(place):
                    yield SafeText(format_command(command, self._chosen), classes="words")
            yield SafeText("Signs", classes="heading")
            yield SafeText(_SIGNS, classes="words")
            yield SafeText((
                "Everything here also works as a command in a terminal: earshot "
                "--help."
            ),
                        classes="hint")  # fmt: skip

    def list_places(self) -> tuple[CommandPlace, ...]:
        """Return the places whose keys the help lists: the screen's own first."""
        return (
            self._place,
            *_WITHIN.get(self._place, ()),
            CommandPlace.EVERYWHERE,
            CommandPlace.DIALOG,
            CommandPlace.COVER,
        )


def list_at_a_glance(place: CommandPlace, chosen: Preferences | None = None) -> str:
    """Write the keys of a screen in columns, so that one look finds them all.

    The arrows and their neighbours are left out; a row of digits is one entry.
    """
    entries = [
        _name_shortly(command, chosen)
        for command in list_commands(place)
        if not command.action.startswith("move(") and not _is_further_digit(command)
    ]
    height = math.ceil(len(entries) / _COLUMNS)
    columns = [entries[n : n + height] for n in range(0, len(entries), height)]
    widths = [max(map(len, column)) for column in columns]
    rows = itertools.zip_longest(*columns, fillvalue="")
    return "\n".join(
        "  ".join(f"{one:<{width}}" for one, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _is_further_digit(command: Command) -> bool:
    return command.key in set("23456789") and command.id.endswith(f"_{command.key}")


def _name_shortly(command: Command, chosen: Preferences | None) -> str:
    key = chosen.keys_of(command) if chosen else command.key
    if command.id.endswith("_1") and key == "1":
        return f"{'1-9':<5} {command.label.split()[0]}"
    return f"{name_keys(command, key.split(',')[0]):<5} {command.label}"


def format_command(command: Command, chosen: Preferences | None = None) -> str:
    """Write a command as a line of the help screen."""
    named = name_keys(command, chosen.keys_of(command) if chosen else "")
    return textwrap.fill(
        f"{named:<11}  {command.label}: {command.help}",
        width=_WIDTH,
        subsequent_indent=" " * 13,
    )
