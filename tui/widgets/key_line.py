"""The line, or lines, at the bottom with the keys that work now."""

from __future__ import annotations

from typing import cast

from textual.binding import Binding
from textual.keys import format_key
from textual.screen import Screen
from textual.signal import Signal

from app import COMMANDS
from tui.widgets.safe_text import SafeText, TextPart

_PLACES = {command.id: place for place, command in enumerate(COMMANDS)}


class KeyLine(SafeText):
    """The keys that the command table puts in the bottom line, as one line of text.

    Textual's own footer makes a widget for each key, each time; on a slow laptop that is most
    of what opening a screen costs.
    """

    DEFAULT_CSS = """
    KeyLine { height: 1; dock: bottom; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, *, id: str | None = None, lines: int = 1) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._lines = lines

    def on_mount(self) -> None:
        """Redraw whenever the bindings change, as with the focus."""
        # Textual leaves open what a screen returns, and with it what this signal carries.
        changed = cast(
            "Signal[Screen[object]]",
            self.screen.bindings_updated_signal,  # pyright: ignore[reportUnknownMemberType]
        )
        changed.subscribe(self, self._show)

    def on_resize(self) -> None:
        """Break the lines anew."""
        if self._lines > 1:
            self._show(self.screen)

    def _show(self, screen: Screen[object]) -> None:
        shown: dict[str, Binding] = {}
        for _, binding, enabled, _ in screen.active_bindings.values():
            if binding.show and enabled:
                shown.setdefault(binding.action, binding)
        parts: list[TextPart] = []
        room = self.size.width
        lines = 1
        for binding in sorted(shown.values(), key=_place):
            key, label = format_key(binding.key), f" {binding.description}"
            gap = "  " if parts else ""
            room -= len(gap + key + label)
            if room < 0 and lines < self._lines:
                gap, lines, room = "\n", lines + 1, self.size.width - len(key + label)
            parts += [gap, (key, "$open bold"), label]
        self.styles.height = lines
        self.say(*parts)


def _place(binding: Binding) -> int:
    """Return where a key stands in the line: as in the table, and help comes first.

    In a narrow window the end of the line is cut off. A key of somebody's own moves nothing.
    """
    return -1 if binding.action == "help" else _PLACES.get(binding.id or "", len(_PLACES))
