"""The demonstration's progress bars say which interview is worked on."""

from __future__ import annotations

import io

import pytest

from cli.console import Console
from cli.verbs.demo import CASE, _name_progress
from study import TaskProgress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("name", list(CASE))
def test_a_bar_of_the_demonstration_names_its_interview(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    shown = Terminal()
    console = Console(as_json=False, err=shown)

    _name_progress(console, name)(TaskProgress(1.0, 4.0, "looking for speech"))
    console.end_progress()

    assert f"{CASE[name][0]}: looking for speech" in shown.getvalue()
