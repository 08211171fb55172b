"""Calls of the command line, as a person or a script makes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import main

Run = Callable[..., tuple[int, str, str]]


def result(out: str) -> Any:  # noqa: ANN401 - JSON is whatever a verb says
    """What the last line of JSON says."""
    return json.loads(out.splitlines()[-1])["result"]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], passphrase: str
) -> Run:
    """Call Earshot; returns its exit code, what stood on stdout, and what on stderr."""
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)

    def call(*words: str | Path) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call
