"""A passphrase that is typed while the program still starts, in a terminal."""

from __future__ import annotations

import os
import pty
import select
import sys
import termios
import time
from pathlib import Path

import pytest

from study.store import Argon2Cost, Study

_PATIENCE_S = 60.0
_LOCAL_MODES = 3

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


def _is_shown(terminal: int) -> bool:
    modes = termios.tcgetattr(terminal)[_LOCAL_MODES]
    return isinstance(modes, int) and bool(modes & termios.ECHO)


def _read(terminal: int, wait_s: float) -> bytes:
    if not select.select([terminal], [], [], wait_s)[0]:
        return b""
    try:
        return os.read(terminal, 65536)
    except OSError:  # the program has ended
        return b""


def test_what_is_typed_before_it_is_asked_for_is_neither_shown_nor_lost(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    Study.create(tmp_path / "study", passphrase, cost=cheap)[0].close()
    around = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}
    process, terminal = pty.fork()
    if process == 0:
        try:
            command = [sys.executable, "-P", "-m", "cli.command_line", "open", "study"]
            os.chdir(tmp_path)
            os.execve(command[0], command, around)  # noqa: S606 - no shell is wanted
        finally:
            os._exit(127)
    try:
        until_s = time.monotonic() + _PATIENCE_S
        os.write(terminal, passphrase[:4].encode())  # before anything of the program runs
        while _is_shown(terminal):
            assert time.monotonic() < until_s
            time.sleep(0.005)
        asked_first = _read(terminal, 0.0)
        os.write(terminal, f"{passphrase[4:]}\n".encode())
        painted = b""
        while b"No interviews yet" not in painted:
            assert time.monotonic() < until_s, painted[-2000:]
            painted += _read(terminal, 0.2)
    finally:
        os.kill(process, 9)
        os.waitpid(process, 0)
        os.close(terminal)

    assert b"Passphrase" not in asked_first
    assert passphrase[4:].encode() not in painted
