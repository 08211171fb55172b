"""A real terminal in which a test presses keys and reads what a person would see: tmux.

Each terminal has a server of its own, so that nobody's other windows are touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

_LOOK_EACH_S = 0.05
PATIENCE_S = 60.0  # as for a slow computer with other work

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not here")


class Terminal:
    """A window of ``size`` columns and lines in which ``command`` runs."""

    def __init__(self, size: tuple[int, int], command: str, told: dict[str, str], at: Path) -> None:
        """Begin. ``told``: of the environment. ``at``: a folder, for the socket."""
        self._socket, self.pressed, self.begun = at / "tmux", 0, time.monotonic()
        columns, lines = (str(n) for n in size)
        given = [word for name, value in told.items() for word in ("-e", f"{name}={value}")]
        self._tmux(
            "-f", os.devnull, "new-session", "-d", "-x", columns, "-y", lines, *given, command
        )

    def press(self, *keys: str) -> None:
        """Press keys one after the other, by tmux's names for them."""
        for key in keys:
            self._tmux("send-keys", "--", key)
        self.pressed += len(keys)

    def type(self, text: str) -> None:
        """Type letters."""
        self._tmux("send-keys", "-l", "--", text)
        self.pressed += len(text)

    def shown(self) -> str:
        """Return what is seen, one line for each of the window."""
        return self._tmux("capture-pane", "-p")

    def until(self, *wanted: str, within_s: float = PATIENCE_S) -> str:
        """Wait until all of this is seen; return what is seen then."""
        until = time.monotonic() + within_s
        while True:
            seen = self.shown()
            missing = [text for text in wanted if text not in seen]
            if not missing:
                return seen
            assert time.monotonic() < until, f"never seen: {missing}\n{seen}"
            time.sleep(_LOOK_EACH_S)

    def until_gone(self, unwanted: str, within_s: float = PATIENCE_S) -> str:
        """Wait until something is seen no more; return what is seen then."""
        until = time.monotonic() + within_s
        while unwanted in (seen := self.shown()):
            assert time.monotonic() < until, f"still seen: {unwanted}\n{seen}"
            time.sleep(_LOOK_EACH_S)
        return seen

    @property
    def has_ended(self) -> bool:
        """Whether the program has."""
        return self._run("has-session").returncode != 0

    def close(self) -> None:
        """End the program and the window."""
        self._run("kill-server")

    def _tmux(self, *words: str) -> str:
        done = self._run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["tmux", "-S", str(self._socket), *words],
            capture_output=True, text=True, check=False, encoding="utf-8",
        )  # fmt: skip
