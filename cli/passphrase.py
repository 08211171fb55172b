"""Where a passphrase comes from: a descriptor, the environment, a keyring, or the terminal.

It is never printed, and stands in no argument of the command line.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app import read_from_keyring, read_last_person, save_last_person
from cli.terminal_keys import hide_typing, show_typing
from study import sanitise_text
from study.errors import NoPassphrase, WeakPassphrase, WrongPassphrase
from study.store import (
    NEW_PASSPHRASE_VARIABLE,
    PASSPHRASE_VARIABLE,
    SHORTEST_PASSPHRASE,
    Keyring,
    Study,
    take_variable,
)

_PERSON_VARIABLE = "EARSHOT_PERSON"
# The verbs that open and make no study: in all others a passphrase may be typed before it is asked.
ASK_NOTHING = frozenset({
    "demo", "verify", "models", "keys", "doctor", "completion", "cluster", "scheduler", "worker",
})  # fmt: skip
_NO_QUESTION = ("--keys-fd", "--passphrase-fd", "--help", "-h")
_MOST_KEY_BYTES = 65_536

_taken: dict[str, str] = {}


def take_passphrase() -> None:
    """Take the passphrases out of the environment of this process, for this module alone.

    Other programs of the same person could read them there for as long as this one runs.
    """
    for name in (PASSPHRASE_VARIABLE, NEW_PASSPHRASE_VARIABLE):
        _taken[name] = take_variable(name)


def hide_early(asked: Sequence[str]) -> None:
    """Hide what is typed from now on, if a passphrase will be asked for: before all else loads."""
    is_needless = any(word.startswith(_NO_QUESTION) for word in asked)
    asks = bool(asked) and asked[0][:1].isalpha() and asked[0] not in ASK_NOTHING
    if asks and not is_needless and not _taken.get(PASSPHRASE_VARIABLE):
        hide_typing()


def unlock_study(arguments: argparse.Namespace) -> Study:
    """Open the study named on the command line, asking for its passphrase only where it must.

    Raises:
        NoPassphrase: no passphrase was given, and there is nobody to ask.
        WrongPassphrase: the passphrase opens no slot.
    """
    if arguments.keys_fd is None and not _unasked_for(arguments):
        hide_typing()  # again, where names were asked for before
    try:
        return _unlock(arguments)
    finally:
        show_typing()


def _unasked_for(arguments: argparse.Namespace) -> bool:
    """Whether a passphrase is given, so that none is asked for."""
    return arguments.passphrase_fd is not None or bool(_unasked(None))


def _unlock(arguments: argparse.Namespace) -> Study:
    folder: Path = arguments.study
    if arguments.keys_fd is not None:
        return Study.open_with_keys(folder, Keyring.from_bytes(_read_line(arguments.keys_fd)))
    if passphrase := _unasked(arguments.passphrase_fd):
        is_variable = arguments.passphrase_fd is None
        return _open(folder, passphrase, PASSPHRASE_VARIABLE if is_variable else "")
    if passphrase := read_from_keyring(folder):
        return _open(folder, passphrase, "the keyring")
    if not (folder / "study.db").is_file():  # say so before asking for a passphrase
        return Study.open(folder, "")
    return _open(folder, _ask("Passphrase: "))


def _open(folder: Path, passphrase: str, given_by: str = "") -> Study:
    """Open a study, trying first the slot of who says who they are, or of who was there last."""
    person = os.environ.get(_PERSON_VARIABLE, "") or read_last_person(folder)
    try:
        study = Study.open(folder, passphrase, person=person)
    except WrongPassphrase as wrong:
        raise WrongPassphrase(given_by) from wrong
    if study.slot_name != person:
        save_last_person(folder, study.slot_name)
    return study


def ask_new_passphrase(descriptor: int | None, *, for_whom: str = "") -> str:
    """Return a new passphrase, which a person at a terminal types twice.

    One that is too short is asked for again here: what is typed next would go to the shell.

    for_whom: somebody in a study that there is already, whose passphrase comes from a variable of
    its own; "" for a new study.

    Raises:
        NoPassphrase: no passphrase was given, and there is nobody to ask.
    """
    passphrase = _unasked(descriptor, NEW_PASSPHRASE_VARIABLE if for_whom else PASSPHRASE_VARIABLE)
    if passphrase:
        return passphrase
    whose = sanitise_text(for_whom) if for_whom else "the new study"
    while True:
        first = _ask(f"A passphrase for {whose} ({SHORTEST_PASSPHRASE} characters or more): ")
        if len(first.strip()) < SHORTEST_PASSPHRASE:
            sys.stderr.write(
                f"{WeakPassphrase()} Type one of {SHORTEST_PASSPHRASE} characters or more.\n"
            )
            continue
        if first == _ask("The same again: "):
            return first
        sys.stderr.write("The two were not the same; type it again.\n")


def ask_recovery_code(descriptor: int | None) -> str:
    """Return a recovery code that is to be checked.

    Raises:
        NoPassphrase: none was given, and there is nobody to ask.
    """
    return _unasked(descriptor, NEW_PASSPHRASE_VARIABLE) or _ask("The recovery code: ")


def ask_hidden_line(prompt: str) -> str:
    """Return a line that a person types without seeing it, or that a program writes.

    "" where nothing is typed, and at the end of what is written.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return _ask(prompt)


def _unasked(descriptor: int | None, variable: str = PASSPHRASE_VARIABLE) -> str:
    if descriptor is not None:
        return _read(descriptor).decode(errors="replace").rstrip("\r\n")
    return _taken.get(variable) or os.environ.get(variable, "")


def _read(descriptor: int) -> bytes:
    try:
        with os.fdopen(descriptor, "rb") as source:
            return source.read()
    except OSError as closed:
        raise NoPassphrase from closed


def _read_line(descriptor: int) -> bytes:
    """Read up to the end of a line or of it all; the descriptor stays open."""
    line = b""
    try:
        while not line.endswith(b"\n") and (part := os.read(descriptor, _MOST_KEY_BYTES)):
            line += part
    except OSError as closed:
        raise NoPassphrase from closed
    return line


def _ask(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise NoPassphrase
    if not hide_typing():  # no terminal of this kind
        try:
            return getpass.getpass(prompt, stream=sys.stderr)
        except EOFError as closed:
            raise NoPassphrase from closed
    try:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()  # with what was typed before it was asked for: getpass drops it
    finally:
        show_typing()
        sys.stderr.write("\n")
    if not line:
        raise NoPassphrase
    return line.rstrip("\r\n")
