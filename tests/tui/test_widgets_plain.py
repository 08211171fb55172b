"""No words reach the screen except through the few widgets that show them as they are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tui
from tui.widgets import wording
from tui.widgets.plain import Plain

_FOLDER = Path(tui.__file__).parent
_MARKED_UP = {"Static", "Label", "Markdown", "RichLog", "OptionList", "ListView", "Header"}
_SCREENS = [_FOLDER / "app.py", *_FOLDER.glob("screens/*.py"), *_FOLDER.glob("widgets/*.py")]


@pytest.mark.parametrize("file", _SCREENS, ids=lambda f: f.stem)
def test_no_widget_that_reads_markup_is_used(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
             for a in node.names}  # fmt: skip
    calls = {node.func.attr for node in ast.walk(tree)
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}  # fmt: skip

    assert names & _MARKED_UP == ({"Static"} if file.stem == "plain" else set())
    assert "notify" not in calls
    assert "from_markup" not in calls


def test_plain_shows_brackets_and_makes_escapes_visible() -> None:
    widget = Plain("[/red] \x1b[2J")

    assert widget.said == "[/red] ␛[2J"


def test_times_spans_and_shares_are_written_as_people_say_them() -> None:
    assert wording.clock(3_725.9) == "01:02:05"
    assert [wording.span(s) for s in (0.2, 59, 90, 3_599, 7_500)] == [
        "1 s", "59 s", "2 min", "1 h 0 min", "2 h 5 min",
    ]  # fmt: skip
    assert wording.percent(99.9, 100) == "99 %"
    assert wording.percent(100, 100) == "100 %"
    assert wording.percent(0, 0) == "none"
