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

from app import CommandPlace
from study import sanitise_text
from tui.key_bindings import build_bindings


class TurnEditor(TextArea):
    """The words of one turn, to be corrected."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.TYPING)
    DEFAULT_CSS = """
    TurnEditor { layer: typing; position: absolute; border: none; padding: 0;
                 overflow-y: scroll; scrollbar-size-vertical: 0; }
    """

    class CursorLeft(Message):
        """The cursor was moved over the beginning (-1) or the end (1) of the turn; 0: it ends."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class LinesChanged(Message):
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
        """Show a turn's text with these characters selected: typing replaces them."""
        self._opened_with = sanitise_text(text)
        self.load_text(self._opened_with)
        places = (0, len(sanitise_text(text[:start]))), (0, len(sanitise_text(text[:end])))
        self.selection = Selection(*places)
        self.display = True
        self.screen.set_focus(self)  # at once: the next key may be on its way already

    def close(self) -> None:
        """Hide."""
        self.display = False

    @property
    def is_typing(self) -> bool:
        """Whether a turn is open."""
        return self.display

    @property
    def is_changed(self) -> bool:
        """Whether the text differs from the turn's when it was opened."""
        return self.text != self._opened_with

    @property
    def at(self) -> int:
        """The number of characters before the cursor."""
        row, column = self.cursor_location
        return sum(len(line) + 1 for line in self.text.split("\n")[:row]) + column

    @property
    def rows(self) -> int:
        """The number of rows of the wrapped text."""
        return max(1, self.wrapped_document.height)

    def on_resize(self, event: Resize) -> None:
        """Post ``LinesChanged``: Textual has wrapped the text anew by then."""
        del event
        self.call_after_refresh(self.post_message, self.LinesChanged())

    def on_key(self, event: Key) -> None:
        """Close the turn on Enter, after the letters typed before it.

        So does Escape with a letter hard behind it, which terminals tell as one key with Alt: that
        letter was meant as a command, and must not stand in the turn.
        """
        if event.key == "enter":
            event.prevent_default()
        elif event.key.startswith("alt+"):
            event.prevent_default()
            self.post_message(self.CursorLeft(0))

    def action_cursor_up(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's
        """Go up, or to the turn before."""
        if not select and self.wrapped_document.location_to_offset(self.cursor_location).y == 0:
            self.post_message(self.CursorLeft(-1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's
        """Go down, or to the turn after."""
        row = self.wrapped_document.location_to_offset(self.cursor_location).y
        if not select and row >= self.rows - 1:
            self.post_message(self.CursorLeft(1))
        else:
            super().action_cursor_down(select)
