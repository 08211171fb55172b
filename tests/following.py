"""Somebody who knows no key: reads the screen, and presses only what it tells them to press.

It reads the text of a screen, wherever that stands: in a test without a terminal, or in a real one.
"""

from __future__ import annotations

import re

from app import COMMANDS, name_keys

_COMMANDS = {command.id: command for command in COMMANDS}
_TOLD = re.compile(r"\b(?:[Pp]ress|Try|Then) (\S+?)[:,.]?(?= |$)")
_BY_SIGN = {"⏎": "Enter"}


def key_of(command: str) -> str:
    """Return the first key of a command, by its id, as Textual names it."""
    return _COMMANDS[command].key.split(",")[0]


def key_told(command: str) -> str:
    """Return the first key of a command, by its id, as a sentence names it."""
    return name_keys(_COMMANDS[command], key_of(command))


def read_next_keys(seen: str) -> list[str]:
    """Return what a reader of this screen presses next, as sentences name keys.

    Letters to type stand as they are. None where the screen tells no key.
    """
    lines = [line.strip(" │▌┃") for line in seen.splitlines()]
    helps = f"{key_told('help')} {_COMMANDS['help'].label}"
    bottom = max((n for n, line in enumerate(lines) if line.startswith(helps)), default=len(lines))
    text, footer = " ".join(lines[:bottom]), " ".join(lines[bottom:])
    everything = f"{text} {footer}"
    closing = re.search(r"(\S+)(?: or \S+)* closes this", everything)
    accept = _COMMANDS["interview.accept"].label
    accepting = re.search(rf"(\S+) {accept}\b", footer)
    waiting = re.search(r"\? [1-9]\d* undecided .* (\S+) goes to the next\.", text)
    searching = re.search(r"(\S+) searches it again", text)
    undecided = re.search(r"\? [1-9]\d* undecided", text)
    answers: tuple[tuple[object, list[str]], ...] = (
        ("y yes" in everything, ["y"]),
        (closing, [closing[1]] if closing else []),
        ("Who signs off?" in everything, [*"Demo", "Enter"]),
        ("Who receives" in everything, ["Enter"]),
        ("In which role?" in everything, ["Enter"]),
        # No mention is under the cursor.
        ("goes to the next," in text, [key_told("interview.next")]),
        (accepting and undecided, [accepting[1]] if accepting else []),
        (waiting, [waiting[1]] if waiting else []),
        (searching, [searching[1]] if searching else []),
    )
    for is_so, keys in answers:
        if is_so:
            return keys
    told = _TOLD.search(text)
    return [_BY_SIGN.get(told[1], told[1])] if told else []
