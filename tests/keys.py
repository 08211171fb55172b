"""The keys of commands, by the commands' names: a test says what it means, not which key it is."""

from __future__ import annotations

from app import COMMANDS, KEY_SIGNS

_KNOWN = {command.id: command for command in COMMANDS}


def key_of(command: str) -> str:
    """Return the first key of a command, as Textual names it."""
    return _KNOWN[command].key.split(",")[0]


def sign_of(command: str) -> str:
    """Return the first key of a command as a terminal sends it: a letter or a sign."""
    key = key_of(command)
    return KEY_SIGNS.get(key, key)


def named(key: str) -> str:
    """Return a key: of a command where ``@`` and its name are given, else the key itself."""
    return key_of(key[1:]) if key.startswith("@") else key
