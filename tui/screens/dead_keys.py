"""Why a key does nothing: it is no key of this place, or not available now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.events import Key

from app import Command, CommandPlace, list_commands
from tui.key_names import show_key, with_keys

ExplainRefusal = Callable[[str, tuple[object, ...]], str]
_LEAVES = "{leave} leaves Earshot; everything is kept."
_UNKNOWN = "does nothing here; {help} shows every key."
# A terminal sends these by itself, or for somebody who means no command.
_SILENT = frozenset({"tab", "shift+tab", "ctrl+z"})


def explain_key(
    place: CommandPlace, event: Key, own_keys: Mapping[str, str], explain: ExplainRefusal
) -> str:
    """Return a sentence about a key that no command took, "" for a key that has its effect.

    own_keys: the keys that somebody chose, by a command's id. explain: says why an action of the
    place is not available now, "" where it is.
    """
    if event.key in _SILENT:
        return ""
    if event.key == "ctrl+c":
        return with_keys(_LEAVES, own_keys)
    everywhere = list_commands(CommandPlace.EVERYWHERE)
    if any(event.key in _list_keys(one, own_keys) for one in everywhere):
        return ""
    here = [one for one in list_commands(place) if event.key in _list_keys(one, own_keys)]
    if not here:
        return f"{show_key(event.key)} {with_keys(_UNKNOWN)}"
    return next((said for one in here if (said := explain(one.action, ()))), "")


def _list_keys(command: Command, own_keys: Mapping[str, str]) -> list[str]:
    return own_keys.get(command.id, command.key).split(",")
