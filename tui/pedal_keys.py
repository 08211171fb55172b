"""The keys F13 to F24, which foot pedals send, as every kind of terminal writes them.

Textual reads them by kitty's protocol alone. Some terminals, as the VT220 did, write F13 to F20 as
numbers of their own; others, xterm and tmux among them, write F13 to F24 as Shift with F1 to F12,
of which Shift-F3 looks like an answer to where the cursor is, which nobody here asks for.
"""

from __future__ import annotations

from typing import Final

from textual import events
from textual._keyboard_protocol import FUNCTIONAL_KEYS  # its table has no public name

_NUMBERED: Final = {
    "25~": "f13", "26~": "f14", "28~": "f15", "29~": "f16",
    "31~": "f17", "32~": "f18", "33~": "f19", "34~": "f20",
}  # fmt: skip
_SHIFTED: Final = {f"shift+f{n}": f"f{n + 12}" for n in range(1, 13)}
_SHIFT_F3: Final = (1, 0)  # "ESC [ 1 ; 2 R" read as the second column of the first line


def teach_numbered_keys() -> None:
    """Let Textual read F13 to F20 as xterm numbers them, and not as other characters."""
    FUNCTIONAL_KEYS.update(_NUMBERED)


def read_pedal_key(event: events.Event) -> events.Event:
    """Return the key that a pedal sent under another name; any other event as it is."""
    if isinstance(event, events.CursorPosition) and (event.x, event.y) == _SHIFT_F3:
        return events.Key("f15", None)
    if isinstance(event, events.Key) and event.key in _SHIFTED:
        return events.Key(_SHIFTED[event.key], None)
    return event
