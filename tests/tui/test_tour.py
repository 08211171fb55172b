"""Somebody who is shown around reads at each place which key comes next, and it is a real one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from study.artefacts import Kind, State, Summary
from study.store import Study
from tui.app import Earshot
from tui.commands import Place, of
from tui.tour import Whereabouts, hint

Shown = Callable[[Earshot], str]
_NAMES = {"Enter": "enter", "Esc": "escape", "Space": "space"}


class _In(Summary):
    """An interview in a state that was chosen."""

    wanted = State.EMPTY

    @property
    def state(self) -> State:
        return self.wanted


def _interview(state: State) -> Summary:
    made = _In("a", "2026-11-23", None, 0.0, {}, is_recording=False)
    _In.wanted = state
    return made


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("place", [Place.HOME, Place.INTERVIEW, Place.CHECK])
@pytest.mark.parametrize("checked", [0, 1])
def test_every_key_that_is_told_does_something_there(
    place: Place, state: State, checked: int
) -> None:
    told = hint(Whereabouts(place, _interview(state), checked=checked))

    keys = {key for command in of(place) for key in command.key.split(",")}
    named = re.findall(r"(?:[Pp]ress|Try) ([A-Za-z]+)\b", told)
    assert {_NAMES.get(name, name) for name in named} <= keys
    assert len(told) <= 150  # two lines at 80 columns


def test_the_list_tells_a_next_step_in_every_state_that_a_walk_comes_through() -> None:
    silent = {s for s in State if not hint(Whereabouts(Place.HOME, _interview(s)))}

    assert silent == {State.EMPTY, State.RECORDING}


def test_while_work_runs_nothing_else_is_asked() -> None:
    at = Whereabouts(Place.HOME, _interview(State.RECORDED))

    assert "goes on beside you" in hint(replace(at, is_working=True))
    assert hint(replace(at, interview=None)) == ""


async def test_the_line_follows_what_was_done(course: Study, shown: Shown) -> None:
    app = Earshot(course, is_guided=True)
    async with app.run_test() as pilot:
        seen: list[str] = []
        for keys in ((), ("enter",), ("a",) * 4, ("h", "y"), ("H",), ("space",)):
            await pilot.press(*keys)
            await pilot.pause(0.5)
            seen.append(shown(app).splitlines()[0])

    assert [re.findall(r"\d of 6", line) for line in seen] == [
        ["3 of 6"], ["3 of 6"], ["4 of 6"], ["5 of 6"], ["5 of 6"], ["5 of 6"],
    ]  # fmt: skip
    assert "Each line is a decision" in seen[4]
    assert "2 tells what may still name somebody" in seen[5]


async def test_nobody_else_is_shown_around(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.pause()

        assert " of 6" not in shown(app)
    assert Kind.SIGNED not in course.find("P07_i1").versions
