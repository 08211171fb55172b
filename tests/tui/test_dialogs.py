"""Messages and questions, however long, say which key ends them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.screen import ModalScreen

from study.store import Study
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog, QuestionDialog, RefusalDialog

Shown = Callable[[Earshot], str]
_LONG = "\n".join(f"Line {number} of many." for number in range(1, 61))


@pytest.mark.parametrize(
    ("kind", "keys"),
    [(MessageDialog, "closes this"), (QuestionDialog, "y yes"), (RefusalDialog, "Esc close")],
)
async def test_a_box_longer_than_the_window_shows_its_keys_and_scrolls(
    study: Study, shown: Shown, kind: Callable[[str], ModalScreen[object]], keys: str
) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(kind(_LONG))
        await pilot.pause()
        opened = shown(app)
        await pilot.press("end")
        await pilot.pause()
        scrolled = shown(app)

    assert "Line 1 of" in opened
    assert keys in opened
    assert "↓ and PgDn show the rest." in opened
    assert "Line 60 of" in scrolled
    assert keys in scrolled


async def test_a_box_that_fits_says_nothing_of_a_rest(study: Study, shown: Shown) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(MessageDialog("All of it."))
        await pilot.pause()
        seen = shown(app)

    assert "All of it." in seen
    assert "the rest" not in seen
