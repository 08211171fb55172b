"""What C libraries print goes to the log, and Python still reaches the terminal."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from capture.stderr_redirect import redirect_stderr
from study.errors import StudyUnwritable

_PROGRAM = """
import ctypes, os, sys
from pathlib import Path
from capture.stderr_redirect import redirect_stderr
redirect_stderr(Path(sys.argv[1]))
os.write(2, b"Expression 'err' failed\\n")
ctypes.CDLL(None).perror(b"ALSA")
print("for the person", file=sys.stderr)
print("for the screen", file=sys.__stderr__)
"""


def test_noise_goes_to_the_log_and_words_to_the_terminal(tmp_path: Path) -> None:
    log = tmp_path / "noise.log"

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _PROGRAM, str(log)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stderr == "for the person\nfor the screen\n"
    assert "Expression" in log.read_text()
    assert "ALSA" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "log").symlink_to(tmp_path / "elsewhere")
    before = sys.stderr

    with pytest.raises((StudyUnwritable, OSError)):
        redirect_stderr(tmp_path / "log")

    assert sys.stderr is before
    assert not (tmp_path / "elsewhere").exists()
