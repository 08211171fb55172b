"""Keys that come in faster than the interface takes them have their effect in their order."""

from __future__ import annotations

import asyncio

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from study import InterviewDetails, Participant, Role
from study.store import Study
from tests.keys import sign_of
from tests.recordings import FakeSound
from tui.app import Earshot
from tui.screens.prompts import TextPrompt

_KEYS = {"/": "slash", "_": "underscore", " ": "space", "\n": "enter", "<": "escape"}
_NEW, _NEW_CODE = sign_of("home.new"), sign_of("consent.new")
_PATIENCE = 250  # looks, 0.02 s apart


@pytest.fixture
def visited(study: Study) -> Study:
    """A study with one interview."""
    people = (Participant("P01"), Participant("INT01", Role.INTERVIEWER))
    with study.change("interview made") as change:
        change.add_interview(InterviewDetails("P01_i1", people))
    return study


def burst(app: Earshot, typed: str) -> None:
    """Send keys one behind the other, with no pause in which one could have its effect."""
    for letter in typed:
        app.post_message(Key(_KEYS.get(letter, letter), None if letter in "\n<" else letter))


async def read_field(app: Earshot, pilot: Pilot[None], wanted: str) -> str:
    """Wait until the field that has the focus holds the text, or for a while."""
    text = ""
    for _ in range(_PATIENCE):
        await pilot.pause()
        field = app.focused
        text = field.value if isinstance(field, Input) else ""
        text = field.text if isinstance(field, TextArea) else text
        if text == wanted:
            break
        await asyncio.sleep(0.02)
    return text


async def test_letters_typed_at_once_behind_the_key_of_a_filter_come_in_order(
    visited: Study,
) -> None:
    app = Earshot(visited)
    async with app.run_test() as pilot:
        burst(app, "/P01_i1")

        assert await read_field(app, pilot, "P01_i1") == "P01_i1"


@pytest.mark.parametrize(
    "opening", [_NEW, f"C{_NEW_CODE}"], ids=["a box", "a screen, and a box on it"]
)
async def test_letters_typed_at_once_behind_the_key_of_a_box_come_in_order(
    visited: Study, opening: str
) -> None:
    app = Earshot(visited, sound=FakeSound())
    async with app.run_test() as pilot:
        burst(app, f"{opening}P07_i1")

        assert await read_field(app, pilot, "P07_i1") == "P07_i1"
        assert isinstance(app.screen, TextPrompt)


async def test_what_follows_an_answer_goes_to_the_next_box(visited: Study) -> None:
    answers: list[str | None] = []
    app = Earshot(visited)

    def answered(first: str | None) -> None:
        answers.append(first)
        app.push_screen(TextPrompt("Second?"))

    async with app.run_test() as pilot:
        app.push_screen(TextPrompt("First?"), answered)
        await pilot.pause()
        burst(app, "one\ntwo")

        assert await read_field(app, pilot, "two") == "two"
        assert answers == ["one"]


async def test_keys_that_close_boxes_hold_nothing_up(visited: Study) -> None:
    app = Earshot(visited)
    async with app.run_test() as pilot:
        burst(app, f"C{_NEW_CODE}<{_NEW_CODE}<<" * 3 + "/zebra")

        assert await read_field(app, pilot, "zebra") == "zebra"


async def test_a_text_pasted_behind_the_key_of_a_field_is_not_lost(visited: Study) -> None:
    app = Earshot(visited)
    async with app.run_test() as pilot:
        burst(app, "/")
        app.post_message(Paste("P01"))
        burst(app, "_i1")

        assert await read_field(app, pilot, "P01_i1") == "P01_i1"
