"""Where a passphrase comes from: a descriptor, the environment, a keyring, or the terminal.

A system keyring is used only where it keeps secrets from other users and was asked to; a
backend that writes them to a plain file is never used.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import sys
from pathlib import Path

from study.errors import EarshotError, NoPassphrase, WrongPassphrase
from study.keys import Keyring
from study.store import Study

_VARIABLE = "EARSHOT_PASSPHRASE"
_SERVICE = "earshot"
_SECURE = ("keyring.backends.SecretService", "keyring.backends.macOS", "keyring.backends.Windows",
           "keyring.backends.kwallet", "keyring.backends.libsecret")  # fmt: skip


def unlock(given: argparse.Namespace) -> Study:
    """Open the study that was named with whatever passphrase can be had.

    Raises:
        NoPassphrase: there is none and nobody to ask.
        WrongPassphrase: it opens no slot.
    """
    folder: Path = given.study
    if given.keys_fd is not None:
        return Study.open_with_keys(folder, Keyring.from_bytes(_read(given.keys_fd)))
    kept = _unasked(given.passphrase_fd) or _from_keyring(folder)
    if kept:
        return Study.open(folder, kept)
    if not (folder / "study.db").is_file():  # say so before asking for a passphrase
        return Study.open(folder, "")
    return Study.open(folder, _ask("Passphrase: "))


def choose(descriptor: int | None) -> str:
    """Return the passphrase for a new study, asked for twice.

    Raises:
        WrongPassphrase: the two differ.
    """
    given = _unasked(descriptor)
    if given:
        return given
    first = _ask("A passphrase for the new study (10 characters or more): ")
    if first != _ask("The same again: "):
        raise WrongPassphrase
    return first


def remember(folder: Path, passphrase: str) -> bool:
    """Keep the passphrase in the system's keyring; False where there is no secure one."""
    if not _keyring_is_secure():
        return False
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, str(folder.resolve()), passphrase)
    except KeyringError:
        return False
    return True


def _unasked(descriptor: int | None) -> str:
    if descriptor is not None:
        return _read(descriptor).decode(errors="replace").rstrip("\r\n")
    return os.environ.get(_VARIABLE, "")


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


def _keyring_is_secure() -> bool:
    import keyring

    return type(keyring.get_keyring()).__module__.startswith(_SECURE)


def _from_keyring(folder: Path) -> str:
    """Return what ``remember`` kept; a keyring that is locked or broken is as good as none."""
    with contextlib.suppress(EarshotError, ImportError, RuntimeError):
        import keyring
        from keyring.errors import KeyringError

        with contextlib.suppress(KeyringError):
            if _keyring_is_secure():
                return keyring.get_password(_SERVICE, str(folder.resolve())) or ""
    return ""
