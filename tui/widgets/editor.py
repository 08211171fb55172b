"""A turn that is being typed anew, in its own place in the transcript.

What is typed is kept without a key for it: the screen hears of every change. Keys that move
beyond the text leave it for the turn before or after.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.events import Key, Resize
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from study.screen_text import safe
from tui.commands import Place, bindings


class TurnEditor(TextArea):
    """The words of one turn, to be corrected."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.TYPING)
    DEFAULT_CSS = """
    TurnEditor { layer: typing; position: absolute; border: none; padding: 0; }
    """

    class Beyond(Message):
        """The cursor was moved over the beginning (-1) or the end (1) of the turn; 0: it ends."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Wrapped(Message):
        """The text was broken into lines for another width: it may have other rows."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            compact=True,
            highlight_cursor_line=False,
        )
        self._opened_with = ""
        self.display = False
        self.cursor_blink = False  # nothing on a page that is read for hours should move

    def open(self, text: str, start: int, end: int) -> None:
        """Take a turn's text; what is typed first takes the place of these characters."""
        self._opened_with = safe(text)
        self.load_text(self._opened_with)
        places = (0, len(safe(text[:start]))), (0, len(safe(text[:end])))
        self.selection = Selection(*places)
        self.display = True
        self.screen.set_focus(self)  # at once: the next key may be on its way already

    def close(self) -> None:
        """Go out of sight."""
        self.display = False

    @property
    def is_typing(self) -> bool:
        """Whether a turn is open."""
        return self.display

    @property
    def is_changed(self) -> bool:
        """Whether it says something else than when it was opened."""
        return self.text != self._opened_with

    @property
    def at(self) -> int:
        """How many characters stand before the cursor."""
        row, column = self.cursor_location
        return sum(len(line) + 1 for line in self.text.split("\n")[:row]) + column

    @property
    def rows(self) -> int:
        """How many rows the text takes as it is broken now."""
        return max(1, self.wrapped_document.height)

    def on_resize(self, event: Resize) -> None:
        """Tell of other rows; Textual has broken the lines anew by then."""
        del event
        self.call_after_refresh(self.post_message, self.Wrapped())

    def on_key(self, event: Key) -> None:
        """Let Enter leave the turn, in its turn behind the letters before it.

        So does Escape with a letter hard behind it, which terminals tell as one key with Alt: that
        letter was meant as a command, and must not stand in the turn.
        """
        if event.key == "enter":
            event.prevent_default()
        elif event.key.startswith("alt+"):
            event.prevent_default()
            self.post_message(self.Beyond(0))

    def action_cursor_up(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's
        """Go up, or to the turn before."""
        if not select and self.wrapped_document.location_to_offset(self.cursor_location).y == 0:
            self.post_message(self.Beyond(-1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's
        """Go down, or to the turn after."""
        row = self.wrapped_document.location_to_offset(self.cursor_location).y
        if not select and row >= self.rows - 1:
            self.post_message(self.Beyond(1))
        else:
            super().action_cursor_down(select)
