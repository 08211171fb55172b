"""The terminal's cursor stands on the selected line, where a braille line looks for it."""

from __future__ import annotations

import pytest
from textual.geometry import Offset
from textual.pilot import Pilot

from anonymise import accept_all_mentions, write_clean_transcript
from study.store import Study
from tests.keys import key_of
from tui.app import Earshot
from tui.hardening import read_screen_lines
from tui.screens.check.check_screen import CheckScreen
from tui.screens.review_screen import ReviewScreen
from tui.widgets.transcript_view import TranscriptView

BRAILLE = (40, 24)


def line_at_cursor(app: Earshot) -> str:
    """The rest of the line in which the terminal's cursor stands."""
    at = app.cursor_position
    return read_screen_lines(app)[at.y].text[at.x :]


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


@pytest.mark.parametrize("size", [BRAILLE, (80, 24), (140, 40)])
async def test_the_cursor_stands_on_the_selected_interview(
    course: Study, size: tuple[int, int]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        seen = [line_at_cursor(app)]
        for _ in range(2):
            await press(pilot, "down")
            seen.append(line_at_cursor(app))

    labels = [summary.label for summary in course.summaries()]
    assert len(set(seen)) == 3
    assert all(any(label in line for label in labels) for line in seen)


@pytest.mark.parametrize("size", [BRAILLE, (140, 40)])
async def test_the_cursor_stands_on_the_turn_or_the_mention_of_the_review(
    course: Study, size: tuple[int, int]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "enter")
        assert isinstance(app.screen, ReviewScreen)
        view = app.screen.query_one(TranscriptView)
        for _ in range(4):
            line = line_at_cursor(app)
            mention = view.find_selected_line()
            assert mention is not None
            assert line.strip()
            assert app.cursor_position == view.content_region.offset + mention
            await press(pilot, "down")


async def test_the_cursor_stands_on_the_line_of_the_check(course: Study) -> None:
    interview = course.interview("P07_i1")
    accept_all_mentions(interview)
    write_clean_transcript(interview)
    app = Earshot(course)
    async with app.run_test(size=BRAILLE) as pilot:
        await press(pilot, key_of("home.check"))
        await pilot.app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()
        assert isinstance(app.screen, CheckScreen)
        first = line_at_cursor(app)
        await press(pilot, "down")

        assert first.startswith("▸")
        assert line_at_cursor(app).startswith("▸")
        assert line_at_cursor(app) != first


async def test_the_cursor_stands_where_somebody_types(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "slash", *"P0")
        typed = app.cursor_position
        await press(pilot, "8")

        assert app.cursor_position == typed + Offset(1, 0)
