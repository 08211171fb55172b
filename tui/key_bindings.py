"""The key bindings of a screen, in Textual's form, from the command table of ``app``."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from app import Command, CommandPlace, list_commands

_IN_FRONT = {"ctrl+q", "ctrl+l"}  # the way out and the cover work in front of a message too


def build_bindings(place: CommandPlace) -> list[BindingType]:
    """Return the commands of one place as bindings of Textual."""
    return [_bind(one, one.action) for one in list_commands(place)]


def build_page_bindings(place: CommandPlace) -> list[BindingType]:
    """Return the commands of a page in front of a screen, and those that work everywhere.

    Textual keeps the keys of the app from what is modal, so the page has to have them itself.
    """
    everywhere = [one for one in list_commands(CommandPlace.EVERYWHERE) if one.key not in _IN_FRONT]
    return [*build_bindings(place), *(_bind(one, f"app.{one.action}") for one in everywhere)]


def _bind(command: Command, action: str) -> Binding:
    return Binding(
        command.key,
        action,
        command.label,
        show=command.in_footer,
        tooltip=command.help,
        id=command.id,
        priority=command.key in _IN_FRONT,
    )
