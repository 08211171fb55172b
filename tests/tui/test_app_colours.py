"""Contrast of every cell that is on any screen, and the screens without colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import pytest
from rich.color import Color
from textual.widgets import Input

from app import BackgroundWork
from study import TaskProgress
from study.store import Study
from tests.keys import key_of
from tests.tui.gallery import SIGN, TEXT, contrast, faint, foreign, unsure
from tui.app import Earshot
from tui.hardening import read_screen_lines
from tui.themes import DARK, DARK_NAME, LIGHT, LIGHT_NAME, TERMINAL, TERMINAL_NAME, Palette

_TOUR = ("", "question_mark", "escape", "slash", "escape", "enter", "a", "x", "c", "escape",
         *[key_of("interview.previous")] * 2, "ctrl+p", "escape")  # fmt: skip


@pytest.mark.parametrize("theme", [DARK_NAME, LIGHT_NAME])
async def test_every_text_has_4_5_to_1_and_every_sign_3_to_1(theme: str, course: Study) -> None:
    assert await _seen(theme, course, faint) == set()


async def test_the_terminals_own_theme_has_no_colour_but_the_terminals_sixteen(
    course: Study,
) -> None:
    assert await _seen(TERMINAL_NAME, course, foreign) == set()


async def test_the_terminals_own_theme_puts_no_unknown_ink_on_a_coloured_ground(
    course: Study,
) -> None:
    app = Earshot(course, is_guided=True)
    app.theme = TERMINAL_NAME
    found: set[str] = set()
    async with app.run_test(size=(100, 30)) as pilot:
        for key in ("", "enter", "home", "right", "slash", *"Tom", "enter", "escape", "escape"):
            if key:
                await pilot.press(key)
            await pilot.pause()
            found |= unsure(app)

    assert found == set()


async def test_the_cursor_of_a_field_is_the_terminals_ink_turned_round(course: Study) -> None:
    """It was black on black in a dark terminal."""
    app = Earshot(course)
    app.theme = TERMINAL_NAME
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "slash", "T")
        await pilot.pause()
        style = app.screen.query_one(Input).get_component_rich_style("input--cursor")

    assert style.reverse
    assert style.color is not None
    assert style.bgcolor is not None
    assert style.color.is_default
    assert style.bgcolor.is_default


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_all_that_may_stand_together_can_be_read(colours: Palette) -> None:
    papers = (colours.paper, colours.raised)
    inks = (
        colours.ink,
        colours.quiet,
        colours.open,
        colours.indirect,
        colours.live,
        colours.done,
        colours.kept,
        colours.wrong,
    )
    inks += (colours.first, colours.second, colours.third, colours.fourth)
    pairs = [(ink, paper) for ink in inks for paper in papers]
    pairs += [(colours.on_open, colours.open), (colours.on_wrong, colours.wrong)]
    pairs.append((colours.on_cursor, colours.cursor))

    assert [pair for pair in pairs if contrast(*pair) < TEXT] == []


def test_the_terminals_own_palette_names_no_colour() -> None:
    assert {value[:5] for value in asdict(TERMINAL).values()} == {"ansi_"}


async def _seen(theme: str, study: Study, look: Callable[[Earshot], set[str]]) -> set[str]:
    app = Earshot(study)
    app.theme = theme
    found: set[str] = set()
    async with app.run_test(size=(100, 30)) as pilot:
        app.jobs.show(BackgroundWork("transcribe", "x", "P07_i1", TaskProgress(1.0, 4.0), 60.0))
        for key in _TOUR:
            if key:
                await pilot.press(key)
            await pilot.pause()
            found |= look(app)
    return found


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
            for strip in read_screen_lines(app)
            for segment in strip
            if segment.text.startswith("▸")
        ]
        coloured = [
            segment.style
            for strip in read_screen_lines(app)
            for segment in strip
            if segment.style and segment.style.color and _is_coloured(segment.style.color)
        ]

    assert app.no_color
    assert "✓[Person 2]ᵖ" in text
    assert "✗Ashfield wardᵒ" in text
    assert "▸Margaret◂" in text
    assert [segment.style.reverse for segment in current if segment.style] == [True]
    assert coloured == []


async def test_without_colour_chosen_words_and_a_found_word_stand_on_another_ground(
    course: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "right")
        await pilot.pause()
        chosen = _ground_of(app, "Could")
        await pilot.press("slash", *"Tom", "enter")
        await pilot.pause()
        found, plain = _ground_of(app, "Tom"), _ground_of(app, "How long has ")

    assert contrast(chosen, plain) >= SIGN
    assert contrast(found, plain) >= SIGN


def _ground_of(app: Earshot, text: str) -> str:
    """Return the colour that a piece of text of exactly these words is drawn on."""
    (style,) = [
        segment.style
        for strip in read_screen_lines(app)
        for segment in strip
        if segment.text == text and segment.style
    ]
    ground = style.color if style.reverse else style.bgcolor
    assert ground is not None
    return ground.get_truecolor().hex


def _is_coloured(colour: Color) -> bool:
    return len(set(colour.get_truecolor())) > 1


async def test_in_the_terminals_own_colours_chosen_words_and_the_cursor_of_a_field_can_be_seen(
    course: Study,
) -> None:
    app = Earshot(course)
    app.theme = TERMINAL_NAME
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "right", "enter", "shift+right")
        await pilot.pause()
        chosen = _marked(app)
        await pilot.press("escape", "slash", "a", "left")
        await pilot.pause()
        typed = _marked(app)

    assert chosen
    assert typed
    assert chosen | typed == {"color(0) on color(7)"}


def _marked(app: Earshot) -> set[str]:
    """Return the colours, as they come out, of what stands on a ground of its own."""
    return {
        f"{ink} on {paper}"
        for strip in read_screen_lines(app)
        for segment in strip
        if segment.text.strip() and (style := segment.style) is not None
        for colours in [(style.color, style.bgcolor)]
        for ink, paper in [
            [one.name if one is not None else "default" for one in
             (colours[::-1] if style.reverse else colours)]
        ]
        if "default" not in paper or (style.reverse and "black" in paper)
    }  # fmt: skip
