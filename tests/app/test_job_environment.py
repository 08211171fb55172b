"""A job gets the keys by a pipe of its own, and no passphrase."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app import BackgroundJob, JobFailed
from study.store import PASSPHRASE_VARIABLE

SECRET = "four unrelated secret words"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_a_transcription_gets_keys_and_no_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, SECRET)
    script = (
        "import sys, json; found = open('/proc/self/environ').read();"
        f"print(json.dumps({{'event': 'error', 'message': str({SECRET!r} in found)}}))"
    )
    job = BackgroundJob("x", tmp_path, "y", b"keys", program=(sys.executable, "-c", script))

    (ending,) = list(job.run_and_report())

    assert isinstance(ending, JobFailed)
    assert ending.message == "False"
