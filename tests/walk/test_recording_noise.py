"""The sound server dies while the shell records: PortAudio's own lines stay off the screen."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from study.store import PASSPHRASE_VARIABLE, Study
from tests.microphone import virtual_microphone

pytestmark = pytest.mark.slow

# A shell without job control lets what it starts in the background ignore Ctrl+C, and so does
# whatever that starts; Earshot leaves it so, as after nohup.
WITH_CTRL_C = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
    " os.execv(sys.argv[1], sys.argv[1:])"
)


def test_what_portaudio_prints_does_not_reach_the_terminal(
    study: Study, passphrase: str, tmp_path: Path
) -> None:
    with virtual_microphone() as microphone, (tmp_path / "err").open("wb") as err:
        recorder = subprocess.Popen(
            [sys.executable, "-P", "-c", WITH_CTRL_C, sys.executable, "-P", "-m",
             "cli.command_line", "record", str(study.folder), "--label", "P07_i1"],
            env=microphone.around | {PASSPHRASE_VARIABLE: passphrase},
            stdout=subprocess.DEVNULL,
            stderr=err,
        )  # fmt: skip
        try:
            end_s = time.monotonic() + 120
            while b"Recording" not in (tmp_path / "err").read_bytes():
                assert time.monotonic() < end_s
                time.sleep(0.1)
            time.sleep(2)
            microphone.kill()
            time.sleep(2)
            recorder.send_signal(signal.SIGINT)
            assert recorder.wait(timeout=60) == 0
        finally:
            recorder.kill()
            recorder.wait()

    said = (tmp_path / "err").read_text()
    assert "Recording. Ctrl+C stops" in said
    assert "Expression" not in said
    assert "ALSA" not in said
