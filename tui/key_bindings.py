"""The key bindings of a screen, in Textual's form, from the command table of ``app``."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from app import CommandPlace, list_commands


def build_bindings(place: CommandPlace) -> list[BindingType]:
    """Return the commands of one place as bindings of Textual."""
    return [
        Binding(
            c.key,
            c.action,
            c.label,
            show=c.in_footer,
            tooltip=c.help,
            id=c.id,
            # The way out and the cover work in front of a message too.
            priority=c.key in {"ctrl+q", "ctrl+l"},
        )
        for c in list_commands(place)
    ]
