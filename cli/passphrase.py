"""Where a passphrase comes from: a descriptor, the environment, a keyring, or the terminal.

It is never printed, and stands in no argument of the command line.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from app import read_from_keyring
from study.errors import NoPassphrase, WrongPassphrase
from study.store import PASSPHRASE_VARIABLE, Keyring, Study, take_variable

_taken: list[str] = []


def take_passphrase() -> None:
    """Take the passphrase out of the environment of this process, for ``unlock_study`` alone.

    Other programs of the same person could read it there for as long as this one runs.
    """
    _taken[:] = [take_variable(PASSPHRASE_VARIABLE)]


def unlock_study(arguments: argparse.Namespace) -> Study:
    """Open the study named on the command line, asking for its passphrase only where it must.

    Raises:
        NoPassphrase: no passphrase was given, and there is nobody to ask.
        WrongPassphrase: the passphrase opens no slot.
    """
    folder: Path = arguments.study
    if arguments.keys_fd is not None:
        return Study.open_with_keys(folder, Keyring.from_bytes(_read(arguments.keys_fd)))
    passphrase = _unasked(arguments.passphrase_fd) or read_from_keyring(folder)
    if passphrase:
        return Study.open(folder, passphrase)
    if not (folder / "study.db").is_file():  # say so before asking for a passphrase
        return Study.open(folder, "")
    return Study.open(folder, _ask("Passphrase: "))


def ask_new_passphrase(descriptor: int | None) -> str:
    """Return the passphrase for a new study, which a person at a terminal types twice.

    Raises:
        NoPassphrase: no passphrase was given, and there is nobody to ask.
        WrongPassphrase: the two differ.
    """
    passphrase = _unasked(descriptor)
    if passphrase:
        return passphrase
    first = _ask("A passphrase for the new study (10 characters or more): ")
    if first != _ask("The same again: "):
        raise WrongPassphrase
    return first


def _unasked(descriptor: int | None) -> str:
    if descriptor is not None:
        return _read(descriptor).decode(errors="replace").rstrip("\r\n")
    return "".join(_taken) or os.environ.get(PASSPHRASE_VARIABLE, "")


def _read(descriptor: int) -> bytes:
    try:
        with os.fdopen(descriptor, "rb") as source:
            return source.read()
    except OSError as closed:
        raise NoPassphrase from closed


def _ask(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise NoPassphrase
    try:
        return getpass.getpass(prompt, stream=sys.stderr)
    except EOFError as closed:
        raise NoPassphrase from closed
