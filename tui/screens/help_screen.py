"""The help screen: every key and its effect, by what they are about, from the command table."""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input

from app import (
    Command,
    CommandPlace,
    KeyGroup,
    Preferences,
    find_key_meaning,
    is_further_number,
    list_commands,
    name_keys,
)
from study import fold_name
from tui.key_names import with_keys
from tui.screens.dialogs import MessageDialog
from tui.widgets.safe_text import SafeText, TextPart
from tui.widgets.turn_layout import KIND_SIGNS

_BOX = 76  # columns at most, as in the style sheet
_FRAME = 6  # columns of the box that its border, its padding and the bar for scrolling take
_BAR = 2  # columns of the bar for scrolling, which the field has not
_LEAST_ROOM = 20  # columns, below which nothing is read anyhow
_COLUMNS = 4
_ROW = "1-9"
_Cell = tuple[str, bool]  # a text, and whether it is a heading

# Headings of commands that do another thing than what their key is about elsewhere.
_GROUPS = {"home.withdraw": KeyGroup.RECORD}


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
_HOW = "Type to search. ↓ and PgDn go on to what each key does, {dialog.close} closes this."
_HOW_SHORT = "Type to search. ↓ reads on, {dialog.close} closes."
_NOTHING = "Nothing here is called that. {palette} looks for a command by its name."
_FINDS = "/"  # who looks for something in other programs begins with it
_SHELL = "Everything here also works as a command in a terminal: earshot --help."


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the help: its keys, what it is called and does, and where."""

    keys: str
    label: str
    sentence: str
    group: KeyGroup
    aliases: Sequence[str] = ()

    def is_on(self, typed: str) -> bool:
        """Whether it has this key: a letter or sign as it is typed, a longer name in any case."""
        keys = self.keys.split(" or ")
        return typed in keys or (len(typed) > 1 and fold_name(typed) in map(fold_name, keys))

    def has(self, typed: str) -> bool:
        """Whether these words stand in it, or it is on this key."""
        said = " ".join((self.label, self.sentence, *self.aliases))
        return self.is_on(typed) or (bool(fold_name(typed)) and fold_name(typed) in fold_name(said))


class HelpScreen(MessageDialog):
    """The keys of the screen that is open, then those that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_help(-1)", "Up"),
        Binding("down", "scroll_help(1)", "Down"),
        Binding("pageup", "scroll_help(-15)", "Page up"),
        Binding("pagedown", "scroll_help(15)", "Page down"),
        Binding("home", "scroll_help(-9999)", "Beginning", priority=True),
        Binding("end", "scroll_help(9999)", "End", priority=True),
        Binding("enter,escape", "close", "Close", priority=True),
    ]
    DEFAULT_CSS = """
    HelpScreen Input { border: none; height: 1; padding: 0; }
    HelpScreen .box { height: 100%; }
    HelpScreen VerticalScroll { height: 1fr; }
    """

    def __init__(self, place: CommandPlace, chosen: Preferences | None = None) -> None:
        super().__init__("")
        self._place, self._chosen = place, chosen or Preferences()
        self._room = 0  # columns of a line, as it was shown last

    def compose(self) -> ComposeResult:
        """Lay out the field, and the keys below it."""
        with Vertical(classes="box"):
            yield Input(id="sought", compact=True)
            with VerticalScroll(can_focus=False):
                yield SafeText(id="keys-of-help")

    def on_mount(self) -> None:
        """Show all keys, and let whoever is there type at once."""
        self.query_one(Input).cursor_blink = False
        self.query_one(Input).focus()
        self._show("")

    @on(Input.Changed)
    def _sought(self, event: Input.Changed) -> None:
        self._show(event.value)

    def on_resize(self) -> None:
        """Break the lines anew for the room that there is now."""
        if self._room not in (0, self._find_room()):
            self._show(self.query_one(Input).value)

    def _find_room(self) -> int:
        """Return how many columns a line may have, so that nothing breaks it again."""
        return max(_LEAST_ROOM, min(_BOX, self.app.size.width) - _FRAME)  # pyright: ignore[reportUnknownMemberType]

    def action_scroll_help(self, by: int) -> None:
        """Scroll by so many lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def list_places(self) -> tuple[CommandPlace, ...]:
        """Return the places whose keys the help lists: the screen's own first."""
        return (
            self._place,
            *_WITHIN.get(self._place, ()),
            CommandPlace.EVERYWHERE,
            CommandPlace.DIALOG,
            CommandPlace.COVER,
        )

    def _show(self, typed: str) -> None:
        sought, self._room = typed.strip(), self._find_room()
        sought = sought[1:] if len(sought) > 1 and sought[0] in _FINDS else sought
        told = with_keys(_HOW)
        self.query_one(Input).placeholder = (
            told if len(told) <= self._room + _BAR else with_keys(_HOW_SHORT)
        )
        parts: list[TextPart] = [] if sought else [*self._list_at_a_glance(self._room)]
        everything = {place: [*self._list_entries(place)] for place in self.list_places()}
        on_key = len(sought) == 1 and any(
            one.is_on(sought) for all_ in everything.values() for one in all_
        )
        for place, all_here in everything.items():
            entries = [
                one for one in all_here
                if not sought or (one.is_on(sought) if on_key else one.has(sought))
            ]  # fmt: skip
            for group in KeyGroup:
                here = [one for one in entries if one.group is group]
                if not here:
                    continue
                front = "everywhere" if place is CommandPlace.EVERYWHERE else place.value
                parts += [(f"\n{group.value.capitalize()} ({front})\n", "$done bold")]
                parts += [f"{_write(one, self._room)}\n" for one in here]
        if not sought:
            parts += [("\nSigns\n", "$done bold"), f"{_fill(_SIGNS, self._room)}\n"]
            parts += [(f"\n{_fill(_SHELL, self._room)}", "$quiet")]
        elif not parts:
            parts = [with_keys(_NOTHING)]
        self.query_one("#keys-of-help", SafeText).say(*parts)
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _list_entries(self, place: CommandPlace) -> Iterator[_Entry]:
        """Yield a line for each command of a place; a row of digits is one line."""
        commands = list_commands(place)
        for command in commands:
            if is_further_number(command.means) and _is_in_row(command, commands):
                continue
            keys = name_keys(command, self._chosen.keys_of(command))
            label = command.label
            if keys == "1" and _is_in_row(command, commands):
                keys, label = _ROW, command.short or label
            group = _GROUPS.get(command.id, find_key_meaning(command.means.split("+")[0]).group)
            yield _Entry(keys, label, command.help, group, command.aliases)

    def _list_at_a_glance(self, room: int) -> Iterator[TextPart]:
        """Yield the keys of the screen in columns under what they are about, to be seen at once.

        The arrows and their neighbours are left out.
        """
        moves = {c.label for c in list_commands(self._place) if c.action.startswith("move(")}
        entries = [one for one in self._list_entries(self._place) if one.label not in moves]
        cells: list[_Cell] = []
        for group in KeyGroup:
            here = [one for one in entries if one.group is group]
            cells += [(group.value.capitalize(), True)] * bool(here)
            cells += [(f"{one.keys.split(' or ')[0]:<3} {one.label}", False) for one in here]
        yield from _in_columns(cells, room)


def _in_columns(cells: Sequence[_Cell], room: int) -> Iterator[TextPart]:
    """Yield cells of text in as many columns as fit; the headings among them, True, stand out."""
    wanted = (_stack_cells(cells, columns) for columns in range(_COLUMNS, 0, -1))
    stacks = next(one for one in wanted if len(one) == 1 or _measure_width(one) <= room)
    widths = [max(len(text) for text, _ in stack) for stack in stacks]
    for row in itertools.zip_longest(*stacks, fillvalue=("", False)):
        for (text, is_heading), width in zip(row, widths, strict=True):
            padded = f"{text:<{width + 2}}"
            yield (padded, "$done bold") if is_heading else padded
        yield "\n"


def _stack_cells(cells: Sequence[_Cell], columns: int) -> list[list[_Cell]]:
    """Return cells as columns, at most so many; no heading is the last of its column."""
    height = math.ceil(len(cells) / columns)
    while True:
        stacks = [list[_Cell]()]
        for cell in cells:
            if len(stacks[-1]) == height:
                is_torn = stacks[-1][-1][1] and height > 1
                stacks.append([stacks[-1].pop()] if is_torn else [])
            stacks[-1].append(cell)
        if len(stacks) <= columns:
            return stacks
        height += 1


def _measure_width(stacks: Iterable[Sequence[_Cell]]) -> int:
    return sum(max(len(text) for text, _ in stack) + 2 for stack in stacks) - 2


def _is_in_row(command: Command, commands: Sequence[Command]) -> bool:
    """Whether several commands do the same by number, and so are one line."""
    stem, _, number = command.id.rpartition("_")
    return number.isdigit() and (
        sum(one.id.rpartition("_")[0] == stem and one.help == command.help for one in commands) > 1
    )


def _fill(text: str, room: int) -> str:
    """Break the lines of a text that are too long."""
    return "\n".join(textwrap.fill(line, room) for line in text.splitlines())


def _write(entry: _Entry, room: int) -> str:
    return textwrap.fill(
        f"{entry.keys:<11}  {entry.label}: {entry.sentence}",
        width=room,
        subsequent_indent=" " * 13,
    )
