"""The small boxes that take an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from study.store import Study
from tests.keys import key_of
from tui.app import Earshot
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import TextPart


async def test_a_digit_that_begins_a_longer_number_says_how_it_is_taken(
    study: Study, shown: Callable[[Earshot], str]
) -> None:
    answers: list[int | None] = []
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in (("1", "enter"), ("1", "2"), ("2",)):
            app.push_screen(ChoicePrompt("Which?", [f"way {n}" for n in range(12)]), answers.append)
            await pilot.pause()
            await pilot.press(keys[0])
            seen = shown(app)
            assert ("Enter takes 1, another digit goes on" in seen) == (keys[0] == "1")
            await pilot.press(*keys[1:])
            await pilot.pause()

    assert answers == [0, 11, 1]


async def test_a_list_shows_all_its_lines_before_it_knows_its_size(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    say = RowList.say

    def noted(rows: RowList, *parts: TextPart) -> None:
        said.append("".join(one if isinstance(one, str) else one[0] for one in parts))
        say(rows, *parts)

    monkeypatch.setattr(RowList, "say", noted)
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        said.clear()
        app.push_screen(ChoicePrompt("Which?", [f"way {n}" for n in range(8)]))
        await pilot.pause()

    assert said
    assert all(f"way {n}" in text for text in said for n in range(8))
    assert not any("more" in text for text in said)


async def test_every_box_names_the_keys_that_end_it(
    study: Study, shown: Callable[[Earshot], str]
) -> None:
    typed = "Enter goes on, Esc cancels."
    boxes = [
        (TextPrompt("Where to?"), typed),
        (TextPrompt("Where to?", hint="A folder."), f"A folder. {typed}"),
        (TextPrompt("Where to?", hint="A folder. Esc cancels."), f"A folder. {typed}"),
        (TextPrompt("Where to?", hint="Enter saves it."), "Enter saves it. Esc cancels."),
        (ChoicePrompt("Which?", ["one"] * 9), "A number or Enter chooses, Esc cancels."),
        (ChoicePrompt("Which?", ["one"] * 12), "A number chooses, 1 with Enter; ↓ goes on down"),
        (ChoicePrompt("Which?", ["one"] * 22), "A number chooses, 1 to 2 with Enter;"),
    ]
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        for box, wanted in boxes:
            app.push_screen(box)
            await pilot.pause()
            assert wanted in shown(app)
            await pilot.press("escape")
            await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_field_for_a_replacement_names_the_keys_that_end_it(
    course: Study, shown: Callable[[Earshot], str], size: tuple[int, int]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=size) as pilot:
        await pilot.press(key_of("home.open"), key_of("interview.change"))
        await pilot.pause()
        opened = shown(app)
        await pilot.press("escape")
        await pilot.pause()
        left = shown(app)

    assert "Enter keeps what you type in its place, Esc leaves it as it was." in opened
    assert "Enter keeps what you type" not in left
