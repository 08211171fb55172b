"""Where the terminal's cursor belongs: on the line that keys act on.

Screen readers and braille lines follow the terminal's cursor, also while it is not shown. A list
leads before a transcript beside it.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual.geometry import Offset
from textual.screen import Screen


@runtime_checkable
class LineSelector(Protocol):
    """A widget with a line that keys act on."""

    leads: bool

    def find_selected_line(self) -> Offset | None:
        """Return where that line begins, in cells of the widget's content; None for nowhere."""
        ...


def find_selected_line(screen: Screen[object]) -> Offset | None:
    """Return where the selected line of a screen begins, in cells of the terminal, or None."""
    selectors = [
        widget
        for widget in screen.query("*")
        if isinstance(widget, LineSelector) and widget.display
    ]
    for widget in sorted(selectors, key=lambda one: not one.leads):
        at = widget.find_selected_line()
        content = widget.content_region
        if at is not None and 0 <= at.y < content.height:
            return content.offset + at
    return None
