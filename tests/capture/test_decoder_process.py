"""The decoder of hostile sound gets no secret: whoever takes it over finds none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from capture.sound_import import _Decoding
from study import no_stop
from study.store import PASSPHRASE_VARIABLE

SECRET = "four unrelated secret words"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_the_decoder_of_hostile_sound_gets_no_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, SECRET)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    with (tmp_path / "a.wav").open("rb") as source, _Decoding(source.fileno(), no_stop) as decoding:
        found = Path(f"/proc/{decoding._child.pid}/environ").read_text()

    assert "PATH=" in found
    assert SECRET not in found
