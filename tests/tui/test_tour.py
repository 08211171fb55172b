"""Somebody who is shown around reads at each place which key comes next, and it is a real one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from app import CommandPlace, list_commands
from study import ArtefactKind, InterviewState, InterviewSummary
from study.store import Study
from tests.keys import key_of
from tui.app import Earshot
from tui.guided_tour import TourPosition, suggest_next_key

Shown = Callable[[Earshot], str]
_NAMES = {"Enter": "enter", "Esc": "escape", "Space": "space"}


class _In(InterviewSummary):
    """An interview in a state that was chosen."""

    wanted = InterviewState.EMPTY

    @property
    def state(self) -> InterviewState:
        return self.wanted


def _interview(state: InterviewState) -> InterviewSummary:
    made = _In("a", "2026-11-23", None, 0.0, {}, is_recording=False)
    _In.wanted = state
    return made


@pytest.mark.parametrize("state", InterviewState)
@pytest.mark.parametrize("place", [CommandPlace.HOME, CommandPlace.INTERVIEW, CommandPlace.CHECK])
@pytest.mark.parametrize("checked", [0, 1])
def test_every_key_that_is_told_does_something_there(
    place: CommandPlace, state: InterviewState, checked: int
) -> None:
    told = suggest_next_key(TourPosition(place, _interview(state), checked=checked))

    keys = {key for command in list_commands(place) for key in command.key.split(",")}
    named = re.findall(r"(?:[Pp]ress|Try) ([A-Za-z]+)\b", told)
    assert {_NAMES.get(name, name) for name in named} <= keys
    assert len(told) <= 150  # two lines at 80 columns


def test_the_list_tells_a_next_step_in_every_state_that_a_walk_comes_through() -> None:
    silent = {
        s
        for s in InterviewState
        if not suggest_next_key(TourPosition(CommandPlace.HOME, _interview(s)))
    }

    assert silent == {InterviewState.EMPTY, InterviewState.RECORDING}


def test_while_work_runs_nothing_else_is_asked() -> None:
    at = TourPosition(CommandPlace.HOME, _interview(InterviewState.RECORDED))

    assert "runs in the background" in suggest_next_key(replace(at, is_working=True))
    assert suggest_next_key(replace(at, interview=None)) == ""


async def test_the_line_follows_what_was_done(course: Study, shown: Shown) -> None:
    app = Earshot(course, is_guided=True)
    async with app.run_test() as pilot:
        seen: list[str] = []
        for keys in (
            (),
            ("enter",),
            ("a",) * 4,
            (key_of("interview.ready"), "y"),
            (key_of("interview.check"),),
            (key_of("check.right"),),
        ):
            await pilot.press(*keys)
            await pilot.pause(0.5)
            seen.append(shown(app).splitlines()[0])

    assert [re.findall(r"\d of 6", line) for line in seen] == [
        ["3 of 6"], ["3 of 6"], ["4 of 6"], ["5 of 6"], ["5 of 6"], ["5 of 6"],
    ]  # fmt: skip
    assert "Each line is a decision" in seen[4]
    assert "2 shows what may still identify somebody" in seen[5]


async def test_nobody_else_is_shown_around(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.pause()

        assert " of 6" not in shown(app)
    assert ArtefactKind.SIGNED not in course.find_interview("P07_i1").versions
