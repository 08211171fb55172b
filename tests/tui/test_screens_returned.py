"""A participant's copy that came back, gone through in the interface."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from textual.pilot import Pilot

from handoff import keep_returned
from study import (
    ArtefactKind,
    InterviewDetails,
    Provenance,
    ReturnedChange,
    ReturnedCopy,
    ReturnedPart,
    ReturnedStanding,
    Transcript,
    Turn,
)
from study.store import Study
from tests.keys import key_of
from tui.app import Earshot
from tui.screens.prompts import TextPrompt
from tui.screens.returned_screen import ReturnedScreen
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText

Shown = Callable[[Earshot], str]
_TURNS = tuple(Turn(key, "P07", key, key + 1.0, f"Line {key}, said.") for key in range(1, 15))
_NEW = "It was quite another thing."
_LONG = tuple(
    ReturnedPart(
        f"row {line}", "what a line should say", ReturnedStanding.READ,
        " ".join([_NEW] * 60), (ReturnedChange(line, line, _NEW),), line=line,
    )
    for line in range(1, 4)
)  # fmt: skip
_REMARK = ReturnedPart("a comment", "a text about a line", ReturnedStanding.ASKED, "A bus!", line=9)


@pytest.fixture
async def going_through(study: Study) -> AsyncIterator[tuple[Earshot, Pilot[None]]]:
    """Open the list of a copy of which some parts are longer than the screen."""
    with study.change("heard") as change:
        made = change.add_interview(InterviewDetails("P07_i1"))
        change.write_artefact(ArtefactKind.RAW, Transcript(_TURNS, Provenance("typed", "tests")))
    copy = ReturnedCopy("2026-11-20", 0, tuple(range(1, 15)), (*_LONG, _REMARK))
    keep_returned(study.interview(made), copy)
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", key_of("interview.returned"))
        await pilot.pause()
        assert isinstance(app.screen, ReturnedScreen)
        yield app, pilot


async def test_arrows_go_along_the_parts_however_long_one_is(
    going_through: tuple[Earshot, Pilot[None]],
) -> None:
    app, pilot = going_through
    rows = app.screen.query_one(RowList)
    seen: list[int] = []

    for key in ("down", "down", "down", "up", "j", "k", "up"):
        await pilot.press(key)
        seen.append(rows.cursor)

    assert seen == [1, 2, 3, 2, 3, 2, 1]


async def test_the_hint_names_the_line_that_the_field_begins_with(
    going_through: tuple[Earshot, Pilot[None]], shown: Shown
) -> None:
    app, pilot = going_through
    app.screen.query_one(RowList).choose_row(3)

    await pilot.press(key_of("returned.say"))

    assert isinstance(app.screen, TextPrompt)
    hint = app.screen.query_one("#hint", SafeText).said
    assert "9: what it should say" in hint
    assert hint.endswith("Enter keeps it, Esc leaves it open.")
    await pilot.press(*"9: A bus.", "enter")
    await pilot.pause()
    assert "9: A bus." in shown(app)
    assert "9: 9:" not in shown(app)
