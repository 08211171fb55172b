"""The diariser gets no secret."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from study.store import PASSPHRASE_VARIABLE
from transcribe import diariser_process

SECRET = "four unrelated secret words"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_the_diariser_gets_no_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, SECRET)
    shown = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(diariser_process, "_PROGRAM", shown)

    class Model:
        folder = Path("none")

    with diariser_process._start_diariser(Model(), 2) as running:  # pyright: ignore[reportArgumentType]
        found = ""
        while not found:  # until the child has started its program
            found = Path(f"/proc/{running._process.pid}/environ").read_text()

    assert "PATH=" in found
    assert SECRET not in found
