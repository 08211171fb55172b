"""The small boxes that take an answer."""

from __future__ import annotations

from collections.abc import Callable

from study.store import Study
from tui.app import Earshot
from tui.screens.prompts import ChoicePrompt


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
