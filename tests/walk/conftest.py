"""The demonstration, walked once for all tests that go on from its end."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models import InstalledModel

Demonstrate = Callable[[Path], dict[str, object]]


def run_apart(words: list[str]) -> str:
    """Run a verb in a process of its own, as a person does; returns what it says.

    pytest has loaded numpy before anybody could tell its library to work on one thread, and on
    several the same sound may give a word another time.
    """
    command = [sys.executable, "-P", "-m", "cli.command_line", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def demonstrate(tmp_path_factory: pytest.TempPathFactory, tiny_en: InstalledModel) -> Demonstrate:
    """Put a copy of the walked demonstration into a folder; returns what it told scripts."""
    assert tiny_en.folder.is_dir()
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
            out = run_apart(["demo", str(walked), "--json"])
            told.write_text(out.splitlines()[-1], encoding="utf-8")
    return copy
