"""The decoder of hostile sound gets no secret: whoever takes it over finds none."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from capture.decoder_process import DecodingOrder
from capture.decoding_child import DecodingChild
from study import no_stop
from study.store import PASSPHRASE_VARIABLE

SECRET = "four unrelated secret words"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def _read_environment(pid: int) -> str:
    """Return it once there is one: between its fork and its exec a process shows none."""
    until = time.monotonic() + 10
    found = ""
    while not found and time.monotonic() < until:
        found = Path(f"/proc/{pid}/environ").read_text()
    return found


def test_the_decoder_of_hostile_sound_gets_no_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, SECRET)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    with (
        (tmp_path / "a.wav").open("rb") as source,
        DecodingChild(source.fileno(), no_stop, DecodingOrder()) as decoding,
    ):
        found = _read_environment(decoding._child.pid)

    assert "PATH=" in found
    assert SECRET not in found
