"""Keys of a terminal, one at a time and without Enter: POSIX's line discipline, or a console's."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator

from study import IS_WINDOWS, read_console_keys, wait_for_console_key

_MOST_KEYS = 64
_LOCAL_MODES = 3  # where termios lists whether typed letters are shown
_shown_before: list[list[int | list[bytes | int]]] = []  # how the terminal was, while it is hidden


@contextlib.contextmanager
def read_single_keys() -> Generator[None]:
    """Let keys arrive one by one within the block; the terminal is as it was afterwards."""
    if IS_WINDOWS:  # its console is asked key by key in any case
        yield
        return
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)  # Ctrl+C still stops
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def read_pressed_keys() -> str:
    """Return the keys that were pressed since the last call, without waiting for one."""
    if IS_WINDOWS:
        return read_console_keys(_MOST_KEYS)
    import select

    if not select.select([sys.stdin], [], [], 0)[0]:
        return ""
    return os.read(sys.stdin.fileno(), _MOST_KEYS).decode(errors="replace")


def wait_for_key() -> str:
    """Wait for a key and return it; "" where the terminal is gone."""
    if IS_WINDOWS:
        return wait_for_console_key()
    return os.read(sys.stdin.fileno(), 1).decode(errors="replace")


def hide_typing() -> bool:
    """Stop the terminal from showing what is typed, until ``show_typing``; say whether it did.

    Who knows the program types the passphrase while it still starts. Nothing typed so far is lost.
    The console of Windows shows it: there it is hidden only where it is asked for.
    """
    if IS_WINDOWS or not sys.stdin.isatty() or _shown_before:
        return bool(_shown_before)
    import termios

    if os.tcgetpgrp(0) != os.getpgrp():  # in the background a change of the terminal would stop it
        return False
    _shown_before.append(termios.tcgetattr(0))
    hidden = termios.tcgetattr(0)
    modes = hidden[_LOCAL_MODES]
    if isinstance(modes, int):
        hidden[_LOCAL_MODES] = modes & ~termios.ECHO
    termios.tcsetattr(0, termios.TCSADRAIN, hidden)
    return True


def show_typing() -> None:
    """Let the terminal show again what is typed."""
    if _shown_before:
        import termios

        termios.tcsetattr(0, termios.TCSADRAIN, _shown_before.pop())
