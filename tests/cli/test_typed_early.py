"""A passphrase that is typed while the program still starts, in a terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from cli import VERB_NAMES
from cli.command_line import build_parser
from cli.passphrase import ASK_NOTHING
from study.store import Argon2Cost, Study

_PATIENCE_S = 60.0
_LOCAL_MODES = 3
# Where tests run in the background, Ctrl-C is ignored by what they start.
_IN_A_TERMINAL = """
import os, signal, sys
os.login_tty(0)
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.executable, [sys.executable, "-P", "-m", "cli.command_line", *sys.argv[1:]])
"""

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


@pytest.mark.parametrize("words", [["new", "made"], ["status", "study"], ["consent", "study"]])
def test_no_verb_shows_a_passphrase_that_is_typed_while_it_starts_and_ctrl_c_shows_keys_again(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost, words: list[str]
) -> None:
    Study.create(tmp_path / "study", passphrase, cost=cheap)[0].close()
    around = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}
    keeper, terminal = pty.openpty()  # stays open, so that it can be looked at afterwards
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _IN_A_TERMINAL, *words],
        cwd=tmp_path, env=around, stdin=terminal, stdout=terminal, stderr=terminal,
    )  # fmt: skip
    try:
        until_s = time.monotonic() + _PATIENCE_S
        while _is_shown(terminal):
            assert time.monotonic() < until_s
            assert process.poll() is None
            time.sleep(0.005)
        asked_first = _read(keeper, 0.0)
        os.write(keeper, passphrase.encode())
        painted = b""
        while b"assphrase" not in painted:
            assert time.monotonic() < until_s, painted
            painted += _read(keeper, 0.2)
        process.send_signal(signal.SIGINT)
        process.wait(_PATIENCE_S)
        shown_again = _is_shown(terminal)
    finally:
        process.kill()
        process.wait()
        os.close(keeper)
        os.close(terminal)

    assert b"assphrase" not in asked_first
    assert passphrase[:4].encode() not in painted
    assert shown_again


@pytest.mark.parametrize("name", VERB_NAMES)
def test_typing_is_hidden_early_for_each_verb_that_asks_for_a_passphrase(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        build_parser(name).parse_args([name, "--help"])

    asks = "--passphrase-fd" in capsys.readouterr().out
    assert asks is (name not in ASK_NOTHING)
