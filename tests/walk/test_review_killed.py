"""The interface killed while somebody types: what it called kept is in the study."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path

import pytest

from study import ArtefactKind, InterviewDetails, Provenance, Transcript, Turn
from study.store import Argon2Cost, Study, read_newest_transcript

_PATIENCE_S = 60.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals"),
]


def _started(folder: Path, passphrase: str, state: Path) -> tuple[int, int]:
    process, terminal = pty.fork()
    if process == 0:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            told = {"EARSHOT_PASSPHRASE": passphrase, "TERM": "xterm-256color",
                    "XDG_STATE_HOME": str(state), "XDG_CONFIG_HOME": str(state)}  # fmt: skip
            command = [sys.executable, "-P", "-m", "cli.command_line", "open", str(folder)]
            os.execve(command[0], command, os.environ | told)  # noqa: S606 - no shell is wanted
        finally:
            os._exit(127)
    return process, terminal


def _wait_for(terminal: int, wanted: str) -> None:
    painted, until = b"", time.monotonic() + _PATIENCE_S
    while wanted.encode() not in painted:
        left_s = until - time.monotonic()
        assert left_s > 0, f"never painted: {wanted}"
        if select.select([terminal], [], [], left_s)[0]:
            painted += os.read(terminal, 65536)


def test_words_that_the_screen_called_kept_survive_a_kill(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    folder = tmp_path / "study"
    study, _ = Study.create(folder, passphrase, cost=cheap)
    with study, study.change("transcribed") as change:
        interview = change.add_interview(InterviewDetails("P07_i1"))
        turns = (Turn(1, "P07", 0.0, 2.0, "Afterwards nothing was said."),)
        change.write_artefact(
            ArtefactKind.RAW, Transcript(turns, Provenance("test", "earshot tests"))
        )
    process, terminal = _started(folder, passphrase, tmp_path)
    try:
        _wait_for(terminal, "P07_i1")
        os.write(terminal, b"\r")
        _wait_for(terminal, "Afterwards")
        os.write(terminal, b"\r")
        _wait_for(terminal, "Editing")
        os.write(terminal, b"Well. ")
        _wait_for(terminal, "✓ kept")
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)

    with Study.open(folder, passphrase) as opened:
        source = read_newest_transcript(opened.interview(interview))
        assert source is not None
        assert source.transcript.turns[0].text == "Well. Afterwards nothing was said."
