"""Eyes for the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from study import Mention, Turn
from tests.course import MENTIONS, TURNS
from tui.app import Earshot
from tui.hardening import read_screen_lines


@pytest.fixture
def turns() -> tuple[Turn, ...]:
    return TURNS


@pytest.fixture
def mentions() -> tuple[Mention, ...]:
    return MENTIONS


@pytest.fixture
def shown() -> Callable[[Earshot], str]:
    """Read the screen, blanks at the ends of lines left out."""

    def read(app: Earshot) -> str:
        text = "\n".join(strip.text.rstrip() for strip in read_screen_lines(app))
        return text.replace("\N{NO-BREAK SPACE}", " ")

    return read
