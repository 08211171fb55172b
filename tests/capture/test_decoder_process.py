"""The decoder of hostile sound gets no secret: whoever takes it over finds none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from capture.decoder_process import DecodingOrder
from capture.decoding_child import DecodingChild
from study import no_stop
from study.store import PASSPHRASE_VARIABLE

SECRET = "four unrelated secret words"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_the_decoder_of_hostile_sound_gets_no_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, SECRET)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    with (
        (tmp_path / "a.wav").open("rb") as source,
        DecodingChild(source.fileno(), no_stop, DecodingOrder()) as decoding,
    ):
        found = Path(f"/proc/{decoding._child.pid}/environ").read_text()

    assert "PATH=" in found
    assert SECRET not in found
