"""The demonstration, walked once for all tests that go on from its end."""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.cli import main

Demonstrate = Callable[[Path], dict[str, object]]


@pytest.fixture(scope="session")
def demonstrate(tmp_path_factory: pytest.TempPathFactory) -> Demonstrate:
    """Put a copy of the walked demonstration into a folder; returns what it told scripts."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # of all workers
    walked, told = shared / "walked", shared / "walked.json"

    def copy(folder: Path) -> dict[str, object]:
        shutil.copytree(walked, folder)
        result: dict[str, object] = json.loads(told.read_text(encoding="utf-8"))["result"]
        return result

    with (shared / "walked.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            with contextlib.redirect_stdout(io.StringIO()) as out:
                assert main(["demo", str(walked), "--json"]) == 0
            told.write_text(out.getvalue().splitlines()[-1], encoding="utf-8")
    return copy
