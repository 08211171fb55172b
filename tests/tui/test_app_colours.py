"""Contrast of every cell that is on any screen, and the screens without colour."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.color import Color
from rich.style import Style

from study.steps import Progress
from study.store import Study
from tui import quiet
from tui.app import Earshot
from tui.themes import DARK_NAME, LIGHT_NAME
from tui.widgets.turns import OPENING
from tui.widgets.working import Work

_TEXT, _SIGN = 4.5, 3.0  # WCAG 2.2 AA, 1.4.3 and 1.4.11
_LINES = set("▌▎▊▔▁━─│╭╮╰╯▂▃▄▅▆▇█▏▕▐▀ ")
_TOUR = ("", "question_mark", "escape", "slash", "escape", "enter", "a", "x", "c", "escape", "p",
         "p", "ctrl+p", "escape")  # fmt: skip


def _luminance(colour: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = colour.get_truecolor()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def _contrast(style: Style) -> float:
    assert style.color is not None
    assert style.bgcolor is not None
    one, other = sorted((_luminance(style.color), _luminance(style.bgcolor)))
    return (other + 0.05) / (one + 0.05)


def _too_faint(app: Earshot) -> set[str]:
    found: set[str] = set()
    for strip in quiet.strips(app):
        for segment in strip:
            bare = segment.text.strip()
            if not bare or segment.style is None:
                continue
            is_line = set(bare) <= _LINES
            if set(bare) <= set("▔▁▊▎▂▃▄▅▆▇█"):
                continue  # edges of boxes and scroll bars, which say nothing
            contrast = _contrast(segment.style)
            if contrast < (_SIGN if is_line else _TEXT):
                found.add(f"{bare[:20]!r} {segment.style} {contrast:.1f}")
    return found


@pytest.mark.parametrize("theme", [DARK_NAME, LIGHT_NAME])
async def test_every_text_has_4_5_to_1_and_every_sign_3_to_1(theme: str, course: Study) -> None:
    app = Earshot(course)
    app.theme = theme
    faint: set[str] = set()
    async with app.run_test(size=(100, 30)) as pilot:
        app.work = Work("transcribe", "x", "P07_i1", Progress(1.0, 4.0), 60.0)
        app.work_changed.publish(app.work)
        for key in _TOUR:
            if key:
                await pilot.press(key)
            await pilot.pause()
            faint |= _too_faint(app)

    assert faint == set()


async def test_without_colour_everything_is_grey_and_still_told_apart(
    course: Study, monkeypatch: pytest.MonkeyPatch, shown: Callable[[Earshot], str]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "a", "x")
        await pilot.pause()
        text = shown(app)
        current = [
            segment
            for strip in quiet.strips(app)
            for segment in strip
            if segment.text.startswith("▸")
        ]
        coloured = [
            segment.style
            for strip in quiet.strips(app)
            for segment in strip
            if segment.style and segment.style.color and _is_coloured(segment.style.color)
        ]

    assert app.no_color
    assert f"{OPENING}✓" in text
    assert f"{OPENING}✗" in text
    assert "▸?" in text
    assert [segment.style.reverse for segment in current if segment.style] == [True]
    assert coloured == []


def _is_coloured(colour: Color) -> bool:
    return len(set(colour.get_truecolor())) > 1
