"""A foot pedal works in every terminal, however that writes F13 to F24."""

from __future__ import annotations

from typing import ClassVar

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.binding import Binding, BindingType

from tui.hardening import HardenedApp

_XTERM = {13: 25, 14: 26, 15: 28, 16: 29, 17: 31, 18: 32, 19: 33, 20: 34}
_SHIFTED = dict(zip(
    range(13, 25),
    ["1;2P", "1;2Q", "1;2R", "1;2S", *(f"{n};2~" for n in (15, 17, 18, 19, 20, 21, 23, 24))],
    strict=True,
))  # fmt: skip
_WRITTEN = [
    *((n, f"\x1b[{number}~") for n, number in _XTERM.items()),
    *((n, f"\x1b[{end}") for n, end in _SHIFTED.items()),
    *((n, f"\x1b[{57363 + n}u") for n in range(13, 25)),  # kitty's protocol
]


class _Pedalled(HardenedApp):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"f{n}", f"tread({n})") for n in range(13, 25)
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.trodden: list[int] = []

    def action_tread(self, number: int) -> None:
        self.trodden.append(number)


@pytest.mark.parametrize(("number", "written"), _WRITTEN)
async def test_a_pedal_is_heard_however_the_terminal_writes_its_key(
    number: int, written: str
) -> None:
    app = _Pedalled()
    async with app.run_test() as pilot:
        for event in XTermParser().feed(written):
            assert isinstance(event, events.Key | events.CursorPosition)
            app.post_message(event)
        await pilot.pause()

    assert app.trodden == [number]


async def test_an_answer_about_the_cursor_is_no_pedal() -> None:
    app = _Pedalled()
    async with app.run_test() as pilot:
        app.post_message(events.CursorPosition(4, 7))
        await pilot.pause()

    assert app.trodden == []
