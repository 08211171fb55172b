"""The line, or lines, at the bottom with the keys that work now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, cast

from textual.binding import Binding
from textual.screen import Screen
from textual.signal import Signal

from app import COMMANDS, Command
from tui.key_names import show_key
from tui.widgets.safe_text import SteadyText, TextPart

_COMMANDS: Final = {command.id: command for command in COMMANDS}
_PLACES: Final = {command.id: place for place, command in enumerate(COMMANDS)}
_ALWAYS: Final = ("help", "palette")  # what is hidden here is one key away
_GAP: Final = "  "


class KeyLine(SteadyText):
    """The keys that help here and now, as one line of text or several.

    What does not fit is left out whole, the last of the choice first, so that nothing is cut off.
    Textual's own footer makes a widget for each key, each time; on a slow laptop that is most
    of what opening a screen costs.
    """

    DEFAULT_CSS = """
    KeyLine { height: 1; dock: bottom; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        lines: int = 1,
        choose: Callable[[], Sequence[str]] | None = None,
    ) -> None:
        """Prepare.

        choose: returns the ids of the commands that help at the cursor, the most wanted first; by
        default those that the command table puts in the bottom line.
        """
        super().__init__(id=id)
        self._lines, self._choose = lines, choose
        self._enabled: dict[str, Binding] = {}  # by the ids of the commands that work now
        self._shown: Sequence[str] = ()

    def on_mount(self) -> None:
        """Redraw whenever the bindings change, as with the focus."""
        # Textual leaves open what a screen returns, and with it what this signal carries.
        changed = cast(
            "Signal[Screen[object]]",
            self.screen.bindings_updated_signal,  # pyright: ignore[reportUnknownMemberType]
        )
        changed.subscribe(self, self._take_bindings)

    def on_resize(self) -> None:
        """Break the lines anew."""
        if self._enabled:
            self._show()

    def follow(self) -> None:
        """Show the keys of where the cursor is now, if they are others."""
        if self._choose is not None and (chosen := self._choose()) != self._shown:
            self._shown = chosen
            self._show()

    def _take_bindings(self, screen: Screen[object]) -> None:
        enabled: dict[str, Binding] = {}
        for one in screen.active_bindings.values():
            if one.enabled and one.binding.id:
                enabled.setdefault(one.binding.id, one.binding)  # the first of its keys
        self._enabled = enabled
        if self._choose is not None:
            self._shown = self._choose()
        self._show()

    def _show(self) -> None:
        parts: list[TextPart] = []
        room, lines = self.size.width, 1
        for key, label in self._list_keys():
            gap = _GAP if parts else ""
            needed = len(key) + len(label) + 1
            if room < len(gap) + needed:
                if lines == self._lines or self.size.width < needed:
                    continue
                gap, lines, room = "\n", lines + 1, self.size.width
            room -= needed + (len(gap) if gap != "\n" else 0)
            parts += [gap, (key, "$open bold"), f" {label}"]
        self.styles.height = lines
        self.say(*parts)

    def _list_keys(self) -> Iterator[tuple[str, str]]:
        """Yield each key that may be shown, as a keyboard names it, and what it does."""
        if self._choose is None:
            known = sorted(
                (name for name, one in self._enabled.items() if one.show),
                key=lambda name: _PLACES.get(name, len(_PLACES)),
            )
        else:
            known = self._shown
        for name in dict.fromkeys((*_ALWAYS, *known)):
            binding, command = self._enabled.get(name), _COMMANDS.get(name)
            if binding is not None and command is not None:
                yield _name_keys_of(binding, command), command.short or command.label


def _name_keys_of(binding: Binding, command: Command) -> str:
    """Return the key of a binding; a row of digits that does the same by number is one."""
    is_row = command.means == "number_1" and binding.key == "1" and command.id.endswith("_1")
    return "1-9" if is_row else show_key(binding.key)
