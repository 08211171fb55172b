"""The timeline: who speaks, in blocks where there is colour and in numbers where there is none."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from study import Turn
from tui.hardening import read_screen_lines
from tui.themes import THEMES
from tui.widgets.timeline import Timeline

_TURNS = [
    Turn(1, "INT", 0.0, 9.9, "a"), Turn(2, "P07", 10.0, 19.9, "b"),
    Turn(3, "W01", 30.0, 39.9, "c"),
]  # fmt: skip


class _Page(App[None]):
    """A timeline alone."""

    def __init__(self, *, has_digits: bool) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self._has_digits = has_digits

    def compose(self) -> ComposeResult:
        timeline = Timeline()
        timeline.has_digits = self._has_digits
        yield timeline

    def on_mount(self) -> None:
        timeline = self.query_one(Timeline)
        timeline.show(_TURNS, [], [], [], ["INT", "P07", "W01"], 40.0)


@pytest.mark.parametrize(
    ("no_colour", "has_digits", "told"),
    [
        ("", False, "▂" * 10 + "▄" * 10 + " " * 10 + "▆" * 10),
        ("", True, "1" * 10 + "2" * 10 + "·" * 10 + "3" * 10),
        ("1", False, "1" * 10 + "2" * 10 + "·" * 10 + "3" * 10),
    ],
)
async def test_who_speaks_is_told_by_blocks_or_by_numbers(
    no_colour: str, *, has_digits: bool, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if no_colour:
        monkeypatch.setenv("NO_COLOR", no_colour)
    app = _Page(has_digits=has_digits)
    async with app.run_test(size=(40, 4)) as pilot:
        await pilot.pause()
        upper = read_screen_lines(app)[0]

    assert upper.text[1:] == told[1:]  # the first column is where the cursor is
