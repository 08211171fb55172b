"""A study that another process holds, and windows that change their size while one types."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager

import pytest

from study.store import DATABASE, Study, read_newest_transcript
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog
from tui.screens.review_screen import ReviewScreen

Shown = Callable[[Earshot], str]
_FIRST = "Could you tell me who comes to the course with you?"


def _text(study: Study) -> str:
    source = read_newest_transcript(study.interview("P07_i1"))
    assert source is not None
    return source.transcript.turns[0].text


@contextmanager
def _held(study: Study) -> Generator[None]:
    """Hold the study as a long transaction of another program does; we wait only a moment."""
    study.db.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(study.folder / DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_a_decision_while_another_program_writes_is_refused_in_words_and_can_be_made_again(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        with _held(course):
            await pilot.press("a")
            await pilot.pause()
            told, is_told = shown(app), isinstance(app.screen, MessageDialog)
        await pilot.press("escape")
        await pilot.pause()
        undecided = course.find_interview("P07_i1").undecided
        await pilot.press("a")
        await pilot.pause()

    assert is_told
    assert "in use by another program" in told
    assert undecided == 4
    assert course.find_interview("P07_i1").undecided == 3


async def test_words_typed_while_another_program_writes_are_never_called_kept_and_are_not_lost(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", *"So. ")
        with _held(course):
            await pilot.pause(0.7)  # longer than the moment after which they are kept
            told = shown(app)
            await pilot.press("escape", "escape", "escape")  # the message, the turn, the message
            await pilot.pause()
            after = shown(app)
        await pilot.press(*"Well. ")
        await pilot.pause(0.7)
        kept = _text(course)

    assert "in use by another program" in told
    assert "✓ kept" not in told
    assert "So. Could" in after
    assert "! Not saved yet" in after
    assert kept == f"So. Well. {_FIRST}"


@pytest.mark.parametrize("keys", [["R", *"Tom"], ["slash", *"Tom"], ["c", *"[her]"]])
async def test_what_is_typed_in_a_message_outlives_a_window_that_shrinks_and_grows(
    course: Study, shown: Shown, keys: list[str]
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", *keys)
        for size in ((20, 5), (1, 1), (120, 40), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()

        assert keys[-1] in shown(app)
        assert "".join(keys[1:]) in shown(app)


async def test_a_window_of_one_cell_takes_decisions_and_says_so_when_it_grows(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(1, 1)) as pilot:
        await pilot.press("enter", "a", "x")
        await pilot.resize_terminal(90, 24)  # a mention would break over a line of 80
        await pilot.pause()

        assert isinstance(app.screen, ReviewScreen)
        assert "✗Ashfield ward" in shown(app)
    assert course.find_interview("P07_i1").undecided == 2
