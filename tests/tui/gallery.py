"""Pictures of whole screens, and what every screen must keep to: contrast, and its own width.

A walk presses keys and takes a picture now and then; the pictures lie in ``golden/`` as text.
After a change that was meant, write them anew with
``EARSHOT_GOLDEN=write pytest -n0 tests/tui/test_screens_golden*.py``, and read them.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from rich.color import Color, ColorType
from rich.style import Style
from textual.pilot import Pilot
from textual.widget import Widget

from tests.keys import named
from tui.app import Earshot
from tui.hardening import read_screen_lines
from tui.screens.review_screen import ReviewScreen
from tui.themes import DARK, LIGHT

GOLDEN = Path(__file__).parent / "golden"
TEXT, SIGN = 4.5, 3.0  # WCAG 2.2 AA, 1.4.3 and 1.4.11
_UNSTEADY = re.compile(
    r"(?<![0-9a-z])[0-9a-f]{16}(?:[0-9a-f]{48})?(?![0-9a-z])"
    r"|SHA256:[0-9A-Za-z+/]{43}"  # the fingerprint of a key,
    r"|\b[0-9a-f]{4}(?: [0-9a-f]{4})+\b"  # and the same in groups
)  # of what is sealed anew
_LINES = set("▌▎▊▔▁━─│╭╮╰╯▂▃▄▅▆▇█▏▕▐▀ ")
_EDGES = set("▔▁▊▎▂▃▄▅▆▇█ ")  # of boxes and scroll bars: they say nothing

_NAMES = {str(getattr(DARK, part.name)).lower(): part.name for part in fields(DARK)}

Act = Callable[[Earshot], object]


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen to be looked at: its name, of which class it is, and what leads to it.

    keys: pressed one after the other, ``@`` and a name for that of a command; a function among
    them does to the app what no key does.
    """

    name: str
    shows: type[Widget]
    keys: Sequence[str | Act] = ()


async def walk(
    app: Earshot,
    pictures: Sequence[Picture],
    shown: Callable[[Earshot], str],
    size: tuple[int, int],
) -> None:
    """Go from picture to picture, and say which of them are others than they should be."""
    wrong: dict[str, str] = {}
    here = contextlib.chdir(app.study.folder.parent)  # where a person types the study's name
    with here:
        async with app.run_test(size=size) as pilot:
            await settle(app, pilot)
            for picture in pictures:
                await _press(app, pilot, picture.keys)
                await settle(app, pilot)
                name = f"{picture.name}-{size[0]}x{size[1]}"

                assert type(app.screen) is picture.shows, name
                if differs(name, shown(app) + "\n"):
                    wrong[name] = shown(app)
                if pale := faint(app):
                    wrong[f"{name} in colour"] = "\n".join(sorted(pale))

    assert not wrong, "\n".join(f"{name}:\n{found}" for name, found in wrong.items())


async def settle(app: Earshot, pilot: Pilot[None]) -> None:
    """Let what runs beside the screen end, and be shown; what waits for no key comes now."""
    await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
    await pilot.pause()
    screen = app.screen
    if isinstance(screen, ReviewScreen):
        screen.typed.keep()
        screen.page.show_now()
        await pilot.pause()


def differs(name: str, text: str) -> bool:
    """Whether a screen is another than its picture; write the picture where that is asked for."""
    text = _UNSTEADY.sub("#" * 16, text)
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("EARSHOT_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")
    return text != file.read_text(encoding="utf-8")


async def _press(app: Earshot, pilot: Pilot[None], keys: Sequence[str | Act]) -> None:
    for key in keys:
        if isinstance(key, str):
            await pilot.press(named(key))
        else:
            key(app)
            await pilot.pause()


def faint(app: Earshot) -> set[str]:
    """Return what has too little contrast to be read, in the dark or in the light theme.

    The screen is in the dark one, whose colours have names: the same names are looked up in the
    light one. What has none, because Textual mixed it, is looked at as it is.
    """
    found: set[str] = set()
    for style, bare in _styled(app):
        least = SIGN if set(bare) <= _LINES else TEXT
        assert style.color is not None
        assert style.bgcolor is not None
        dark = style.color.name, style.bgcolor.name
        ink, paper = (_NAMES.get(name, "") for name in dark)
        light = (getattr(LIGHT, ink), getattr(LIGHT, paper)) if ink and paper else dark
        if min(contrast(*dark), contrast(*light)) < least:
            found.add(f"{bare[:20]!r} {style}")
    return found


def foreign(app: Earshot) -> set[str]:
    """Return what has a colour that is none of the terminal's own sixteen."""
    own = {ColorType.DEFAULT, ColorType.STANDARD}
    return {
        f"{bare[:20]!r} {style}"
        for style, bare in _styled(app)
        for colour in (style.color, style.bgcolor)
        if colour is not None and colour.type not in own
    }


def unsure(app: Earshot) -> set[str]:
    """Return what mixes a colour with the terminal's default ink or paper where it must not.

    Nobody knows the default ink on a ground of a named colour: light grey on yellow was not read.
    """
    return {
        f"{bare[:20]!r} {style}"
        for style, bare in _styled(app)
        if style.color is not None and style.bgcolor is not None
        for ink, ground in [
            (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
        ]
        if not ground.is_default and ink.is_default
    }


def _styled(app: Earshot) -> list[tuple[Style, str]]:
    return [
        (segment.style, segment.text.strip())
        for strip in read_screen_lines(app)
        for segment in strip
        if segment.style is not None and set(segment.text) - _EDGES
    ]


def contrast(ink: str, paper: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    one, other = sorted((_luminance(Color.parse(ink)), _luminance(Color.parse(paper))))
    return (other + 0.05) / (one + 0.05)


def _luminance(colour: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = colour.get_truecolor()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
