"""How much is done for one key: counted, not timed, because a person waits for it at each turn."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.geometry import Size
from textual.screen import Screen

from study import Turn
from study.store import Study
from tui.app import Earshot
from tui.screens.review_screen import ReviewScreen
from tui.widgets.key_line import KeyLine
from tui.widgets.transcript_view import TranscriptView
from tui.widgets.turn_editor import TurnEditor

_OPENING = """
import asyncio, sys
from pathlib import Path

from cli import main
from study.store import Study
from tui.app import Earshot

async def look(study):
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "j")
        await pilot.pause()
        print(type(app.screen).__name__, *sys.modules)

with Study.open(Path(sys.argv[1]), sys.argv[2]) as study:
    asyncio.run(look(study))
"""


class _Walked(list[Turn]):
    """Turns that count how often somebody goes through all of them."""

    walks = 0

    def __iter__(self) -> Iterator[Turn]:
        self.walks += 1
        return super().__iter__()


def _count_layouts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by one each time that a screen is laid out from now on."""
    layouts = list[int]()
    lay_out = Screen._refresh_layout  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    def counted(self: Screen[object], size: Size | None = None, *, scroll: bool = False) -> None:
        layouts.append(1)
        lay_out(self, size, scroll=scroll)

    monkeypatch.setattr(Screen, "_refresh_layout", counted)
    return layouts


async def test_a_move_between_turns_with_and_without_a_mention_lays_nothing_out_anew(
    course: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "home")
        await pilot.pause()
        layouts = _count_layouts(monkeypatch)
        footers = set[str]()
        for key in "jjkk":
            await pilot.press(key)
            await pilot.pause()
            footers.add(app.screen.query_one(KeyLine).said)

    assert len(footers) > 1
    assert not layouts


async def test_a_letter_lays_nothing_out_anew_and_a_new_row_no_scroll_bar(
    course: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "home", "enter", "end")
        await pilot.pause()
        layouts, rows, each = _count_layouts(monkeypatch), list[int](), list[int]()
        for _ in range(40):
            before = len(layouts)
            await pilot.press("x")
            await pilot.pause()
            rows.append(app.screen.query_one(TurnEditor).rows)
            each.append(len(layouts) - before)

    (grown,) = [n for n in range(1, len(rows)) if rows[n] > rows[n - 1]]
    assert [n for n, count in enumerate(each) if count] == [grown]
    assert each[grown] <= 2


async def test_a_move_goes_through_no_list_of_all_turns(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "home", "j", "k")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        walked = screen._review.turns = _Walked(screen._review.turns)
        await pilot.press("j", "k")  # what is left to check is counted once for these turns
        await pilot.pause()
        before = walked.walks
        await pilot.press("j", "k", "j", "k")
        await pilot.pause()

    assert walked.walks == before


async def test_a_move_draws_the_rows_of_two_turns_and_no_others(
    course: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = list[int]()
    draw = TranscriptView._drawn

    def noted(self: TranscriptView, number: int, row: int) -> object:
        drawn.append(number)
        return draw(self, number, row)

    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "home")
        await pilot.pause()
        monkeypatch.setattr(TranscriptView, "_drawn", noted)
        before = app.screen.query_one(TranscriptView).number
        await pilot.press("j")
        await pilot.pause()
        now = app.screen.query_one(TranscriptView).number

    assert set(drawn) == {before, now}


def test_a_review_opens_without_what_only_other_screens_need(
    course: Study, passphrase: str
) -> None:
    folder = Path(course.folder)
    course.close()
    shown, *modules = subprocess.run(
        [sys.executable, "-c", _OPENING, str(folder), passphrase],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    assert shown == "ReviewScreen"
    heavy = {
        "numpy", "rapidfuzz", "docx", "xml.sax", "urllib.request", "spacy", "sounddevice",
        "anonymise.search", "anonymise.rule_registry", "handoff.export", "study.documents",
        "tui.screens.travel.travel_screen", "tui.screens.withdrawal_screen",
    }  # fmt: skip
    assert not heavy & set(modules)
