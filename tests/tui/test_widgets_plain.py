"""No words reach the screen except through the few widgets that show them as they are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tui
from tui.widgets.safe_text import SafeText

_FOLDER = Path(tui.__file__).parent
_MARKED_UP = {"Static", "Label", "Markdown", "RichLog", "OptionList", "ListView", "Header"}
_FILES = sorted(_FOLDER.rglob("*.py"))


@pytest.mark.parametrize("file", _FILES, ids=lambda f: f.stem)
def test_no_widget_that_reads_markup_is_used(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
             for a in node.names}  # fmt: skip
    calls = {node.func.attr for node in ast.walk(tree)
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}  # fmt: skip

    assert names & _MARKED_UP == ({"Static"} if file.stem == "safe_text" else set())
    assert "notify" not in calls
    assert "from_markup" not in calls


def test_plain_shows_brackets_and_makes_escapes_visible() -> None:
    widget = SafeText("[/red] \x1b[2J")

    assert widget.said == "[/red] ␛[2J"
