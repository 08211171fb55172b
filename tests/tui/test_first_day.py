"""What made newcomers curse on their first day: each test is named for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from anonymise import add_mention
from study import Category
from study.store import Study, TranscriptEditor, read_decisions, read_newest_transcript
from tests.following import key_of
from tui.app import Earshot
from tui.screens.prompts import ChoicePrompt
from tui.screens.review_screen import ReviewScreen

Shown = Callable[[Earshot], str]
_FIRST = "Could you tell me who comes to the course with you?"


def _edits(study: Study) -> int:
    return TranscriptEditor(study.interview("P07_i1")).state.edits


def _text(study: Study, turn: int = 0) -> str:
    source = read_newest_transcript(study.interview("P07_i1"))
    assert source is not None
    return source.transcript.turns[turn].text


async def _press(pilot: Pilot[None], *commands: str) -> None:
    """Press the key of each command, by its id; what has no point in it is a key itself."""
    await pilot.press(*(key_of(one) if "." in one else one for one in commands))
    await pilot.pause()


def _other(study: Study) -> Study:
    return Study.open_with_keys(study.folder, study.ring)


async def test_after_mentions_were_added_before_it_the_cursor_is_still_on_its_mention(
    course: Study,
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", *["interview.next"] * 3)  # Leeds, the fourth
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        turn, words = _text(course), "who comes"
        start = turn.index(words)
        add_mention(course.interview("P07_i1"), 1, start, start + len(words), Category.PERSON)
        await _press(pilot, "interview.refresh", "interview.accept")

    decided = [d for d in read_decisions(course.interview("P07_i1")) if d.decision is not None]
    assert {d.mention.key for d in decided if d.mention.source != "person"} == {"m4"}


async def test_escape_writes_nothing_that_was_not_typed(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        await pilot.press(*"So. ")
        await pilot.pause(0.6)  # it is kept
        kept = _edits(course)
        with _other(course) as other:
            TranscriptEditor(other.interview("P07_i1")).set_text(1, "Who comes along?")
        await _press(pilot, "typing.done")

    assert kept == 1
    assert _edits(course) == kept + 1
    assert _text(course) == "Who comes along?"


@pytest.mark.parametrize(
    ("answer", "wanted"), [("1", f"So. {_FIRST}"), ("2", "Who comes along?")], ids=["own", "other"]
)
async def test_a_turn_that_somebody_else_changed_is_shown_before_one_text_replaces_the_other(
    course: Study, shown: Shown, answer: str, wanted: str
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        with _other(course) as other:
            TranscriptEditor(other.interview("P07_i1")).set_text(1, "Who comes along?")
        await pilot.press(*"So. ")
        await pilot.pause(0.6)
        told = shown(app)
        await _press(pilot, "typing.done")
        asked, is_asked = shown(app), isinstance(app.screen, ChoicePrompt)
        stood = _text(course)
        await _press(pilot, "escape")  # goes back to typing
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.widgets.editor.is_typing
        await _press(pilot, "typing.done", answer)
        assert isinstance(app.screen, ReviewScreen)
        assert not app.screen.widgets.editor.is_typing

    assert "somebody else changed this turn" in told
    assert is_asked
    assert "theirs: Who comes along?" in asked
    assert stood == "Who comes along?"
    assert _text(course) == wanted


@pytest.mark.parametrize("line_break", ["\r", "\r\n", "\n", "\u2028"])
async def test_a_line_break_that_is_pasted_is_a_space(course: Study, line_break: str) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await _press(pilot, "home.open", "interview.home", "interview.edit")
        app.post_message(Paste(f"So,{line_break}well. "))
        await pilot.pause()
        await _press(pilot, "typing.done")

    assert _text(course) == f"So, well. {_FIRST}"
