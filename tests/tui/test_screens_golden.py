"""Whole screens, as a person reads them.

The expected screens lie in ``golden/``. After a change that was meant, write them anew with
``EARSHOT_GOLDEN=write pytest -n0 tests/tui/test_screens_golden.py``, and read them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from study.store import Study
from tui.app import Earshot

_GOLDEN = Path(__file__).parent / "golden"
_SCREENS: dict[str, tuple[tuple[int, int], list[str]]] = {
    "home-80x24": ((80, 24), []),
    "home-120x40": ((120, 40), []),
    "interview-80x24": ((80, 24), ["enter", "a", "x"]),
    "interview-120x40": ((120, 40), ["enter", "A"]),
    "change-80x24": ((80, 24), ["enter", "c"]),
    "untranscribed-80x24": ((80, 24), ["end", "enter"]),
    "small-60x20": ((60, 20), ["enter"]),
    "help-80x24": ((80, 24), ["question_mark"]),
}


@pytest.mark.parametrize("name", _SCREENS)
async def test_the_screen_reads_as_it_should(
    name: str, course: Study, shown: Callable[[Earshot], str]
) -> None:
    size, keys = _SCREENS[name]
    app = Earshot(course)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        text = shown(app) + "\n"
    file = _GOLDEN / f"{name}.txt"
    if os.environ.get("EARSHOT_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")

    assert text == file.read_text(encoding="utf-8")
