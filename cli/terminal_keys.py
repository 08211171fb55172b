"""Keys of a terminal, one at a time and without Enter: POSIX's line discipline, or a console's."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator

from study import IS_WINDOWS, read_console_keys, wait_for_console_key

_MOST_KEYS = 64


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
