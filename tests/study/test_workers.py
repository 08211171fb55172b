"""No child gets the passphrase, and none outlives the program: the attacker reads /proc."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli import VERB_PROGRAM
from study.store import PASSPHRASE_VARIABLE

SECRET = "four unrelated secret words"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(autouse=True)
def _given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, SECRET)


def read_environment(process: int | str) -> str:
    return Path(f"/proc/{process}/environ").read_bytes().decode()


def wait_until_gone(process: int, limit_s: float = 5.0) -> bool:
    """Whether a process ends in time; one whose parent has not asked for it yet is gone, too."""
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_the_passphrase_leaves_the_environment_that_others_can_read() -> None:
    script = """
import sys
from cli import main
sys.argv = ["earshot", "keys", "--json"]
main()
sys.stderr.write(open("/proc/self/environ").read())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert f"{PASSPHRASE_VARIABLE}=" in done.stderr
    assert SECRET not in done.stderr
    assert "words" not in done.stderr


def test_a_verb_in_a_child_process_dies_with_the_program_that_holds_the_keys(
    tmp_path: Path,
) -> None:
    """The program is killed while its child waits for the keys, which nobody sends."""
    reading, writing = os.pipe()
    script = f"""
import os, subprocess, sys, time
child = subprocess.Popen(
    [*{VERB_PROGRAM!r}, "status", {str(tmp_path)!r},
     "--keys-fd", "{reading}", "--parent", str(os.getpid())],
    pass_fds=[{reading}],
)
print(child.pid, flush=True)
time.sleep(60)
"""
    program = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, pass_fds=[reading]
    )
    try:
        assert program.stdout is not None
        child = int(program.stdout.readline())
        wait_until_it_reads(child)
        program.kill()
        program.wait()
        assert wait_until_gone(child)
    finally:
        program.kill()
        program.communicate()
        os.close(reading)
        os.close(writing)


def wait_until_it_reads(process: int) -> None:
    end_s = time.monotonic() + 3  # a system may not show it
    while time.monotonic() < end_s:
        if "pipe" in Path(f"/proc/{process}/wchan").read_text():
            return
        time.sleep(0.05)


@pytest.mark.parametrize(
    "program",
    [
        ("-m", "transcribe.diariser", "none", "2", "1"),
        ("-m", "capture.decoder_process", "1"),
        ("-m", "cli.command_line", "status", "none", "--parent", "1"),
    ],
)
def test_a_worker_whose_parent_is_gone_already_does_not_begin(program: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, *program], capture_output=True, check=False)

    assert done.returncode == -signal.SIGKILL
