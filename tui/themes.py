"""The colours: one dark and one light theme, made for tired eyes and for all eyes.

Blue against orange instead of green against red, so that those who tell red from green badly
see as much; and never colour alone, every state has a sign and a word. Text has a contrast of
at least 4.5:1 against what is behind it and signs at least 3:1 (WCAG 2.2 AA), which a test
computes for every cell of every screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.theme import Theme

DARK_NAME, LIGHT_NAME, TERMINAL_NAME = "earshot-dark", "earshot-light", "earshot-terminal"


@dataclass(frozen=True, slots=True)
class Palette:
    """The few colours that a theme is made of.

    ``ink`` on ``paper`` is text; ``quiet`` is text that may stand back. ``open`` is the accent: the
    keys, and what waits for a person; ``indirect`` is its softer shade, for details that name
    nobody alone. ``done`` is where keys act and what goes well, ``kept`` what stays, ``wrong`` what
    failed, ``live`` that sound is being recorded. ``on_open`` and ``on_wrong`` are text on a ground
    of those colours.
    ``raised`` lies behind bars and boxes, ``cursor`` behind the line that keys act on. ``first`` to
    ``fourth`` are the codes of speakers, beside their numbers.
    """

    paper: str
    raised: str
    ink: str
    quiet: str
    open: str
    indirect: str
    done: str
    kept: str
    wrong: str
    live: str
    on_open: str
    on_wrong: str
    cursor: str
    on_cursor: str
    first: str
    second: str
    third: str
    fourth: str


DARK = Palette(
    paper="#121212", raised="#1E2124", ink="#E6E6E3", quiet="#A9AEB2", open="#E69F00",
    indirect="#D8BC7A", done="#56B4E9", kept="#B9BEC2", wrong="#FF8A5C", live="#FF6B6B",
    on_open="#121212", on_wrong="#121212",
    cursor="#0F4C75", on_cursor="#FFFFFF",
    first="#7BD3B0", second="#E9A6C6", third="#B9B4F4", fourth="#D9CBA3",
)  # fmt: skip
LIGHT = Palette(
    paper="#F7F7F5", raised="#E8E8E4", ink="#1B1B1B", quiet="#55595C", open="#8A4B00",
    indirect="#6B5A2B", done="#005A8C", kept="#4A4E51", wrong="#A83200", live="#B3001B",
    on_open="#F7F7F5", on_wrong="#F7F7F5",
    cursor="#005A8C", on_cursor="#FFFFFF",
    first="#00614A", second="#8C2B63", third="#4A3CA0", fourth="#665500",
)  # fmt: skip

# The terminal's own: whoever set it up chose what they can read. Signs and words tell the rest.
# Its default ink and paper are known to suit each other alone: on a ground of a named colour stands
# ink of a named colour.
TERMINAL = Palette(
    paper="ansi_default", raised="ansi_default", ink="ansi_default", quiet="ansi_default",
    open="ansi_yellow", indirect="ansi_yellow", done="ansi_cyan", kept="ansi_default",
    wrong="ansi_red", live="ansi_red",
    on_open="ansi_black", on_wrong="ansi_bright_white",
    cursor="ansi_white", on_cursor="ansi_black",
    first="ansi_green", second="ansi_magenta", third="ansi_bright_blue", fourth="ansi_default",
)  # fmt: skip


def _theme(name: str, colours: Palette, *, dark: bool, ansi: bool = False) -> Theme:
    return Theme(
        name=name, dark=dark, ansi=ansi, primary=colours.done, secondary=colours.kept,
        accent=colours.open, warning=colours.open, error=colours.wrong, success=colours.done,
        foreground=colours.ink, background=colours.paper, surface=colours.paper,
        panel=colours.raised, boost=colours.raised,
        variables={
            "text": colours.ink, "text-muted": colours.quiet, "text-disabled": colours.quiet,
            "foreground-muted": colours.quiet, "foreground-disabled": colours.quiet,
            "quiet": colours.quiet, "raised": colours.raised,
            "open": colours.open,
            "done": colours.done, "kept": colours.kept,
            "wrong": colours.wrong, "indirect": colours.indirect, "live": colours.live,
            "on-open": colours.on_open, "on-wrong": colours.on_wrong,
            "first": colours.first, "second": colours.second,
            "third": colours.third, "fourth": colours.fourth,
            "block-cursor-background": colours.cursor, "block-cursor-foreground": colours.on_cursor,
            "block-cursor-blurred-background": colours.raised,
            "block-cursor-blurred-foreground": colours.ink,
            "block-hover-background": colours.raised,
            "ansi-background": "ansi_black", "ansi-foreground": "ansi_white",
            "border": colours.done, "border-blurred": colours.quiet,
            "footer-background": colours.raised, "footer-foreground": colours.ink,
            "footer-description-foreground": colours.ink, "footer-key-foreground": colours.open,
            "input-selection-background": colours.cursor,
            "input-selection-foreground": colours.on_cursor,
            "input-cursor-background": colours.ink, "input-cursor-foreground": colours.paper,
            "scrollbar": colours.quiet, "scrollbar-hover": colours.ink,
            "scrollbar-active": colours.done, "scrollbar-background": colours.raised,
        },
    )  # fmt: skip


THEMES = (
    _theme(DARK_NAME, DARK, dark=True),
    _theme(LIGHT_NAME, LIGHT, dark=False),
    _theme(TERMINAL_NAME, TERMINAL, dark=True, ansi=True),
)
