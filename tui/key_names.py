"""Sentences that name keys, with the keys of whoever uses the interface.

A key stands in a sentence as the command that it is bound to, in braces: ``{home.transcribe}`` is
shown as the first key that this person has for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

from textual.keys import format_key

from app import COMMANDS, name_key, name_keys

_COMMANDS: Final = {command.id: command for command in COMMANDS}
_KEY: Final = re.compile(r"\{([a-z_.0-9]+)\}")
_NONE: Final[Mapping[str, str]] = {}
# An interface is one for its process; what runs beside it begins with a copy of its context.
_CHOSEN: ContextVar[Mapping[str, str]] = ContextVar("the keys of whoever is there", default=_NONE)


def use_keys(chosen: Mapping[str, str]) -> None:
    """Name these keys from now on. chosen: by the command's id, see ``Preferences.keys``."""
    _CHOSEN.set(chosen)


def show_key(key: str) -> str:
    """Name a key that Textual names, be it of the table or one that a person chose or pressed."""
    named = name_key(key)
    return format_key(key) if named == key else named


def with_keys(sentence: str, chosen: Mapping[str, str] | None = None) -> str:
    """Put the first key of each command that stands in braces in its place.

    chosen: the keys that a person chose, by default those of whoever is there.
    """
    keys = _CHOSEN.get() if chosen is None else chosen

    def named(found: re.Match[str]) -> str:
        command = _COMMANDS[found[1]]
        return name_keys(command, keys.get(command.id, command.key).split(",")[0])

    return _KEY.sub(named, sentence)
