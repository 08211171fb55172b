"""Pip, which runs what it fetches, gets no secret."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from models import package_client
from study import no_stop
from study.store import PASSPHRASE_VARIABLE

SECRET = "four unrelated secret words"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_pip_gets_no_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, SECRET)
    script = "import sys; sys.stdout.write(open('/proc/self/environ').read())"
    with (tmp_path / "out").open("wb") as output:
        package_client._run_pip(
            [sys.executable, "-c", script], tmp_path, output, lambda: None, no_stop
        )

    assert "TMPDIR=" in (tmp_path / "out").read_text()
    assert SECRET not in (tmp_path / "out").read_text()
