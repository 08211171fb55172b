"""The line of the guided tour: which key comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from textual.screen import Screen
from textual.signal import Signal

from tui.widgets.safe_text import SafeText


class NextKey(SafeText):
    """One or two lines, hidden while the tour has nothing to say."""

    DEFAULT_CSS = """
    NextKey { height: auto; padding: 0 1; background: $open; color: $on-open; text-style: bold; }
    """

    def __init__(self, suggest: Callable[[], str]) -> None:
        super().__init__()
        self._suggest = suggest

    def on_mount(self) -> None:
        """Redraw whenever the bindings change."""
        # Textual leaves open what a screen returns, and with it what this signal carries.
        changed = cast(
            "Signal[Screen[object]]",
            self.screen.bindings_updated_signal,  # pyright: ignore[reportUnknownMemberType]
        )
        changed.subscribe(self, lambda _: self.show_next_key())
        self.show_next_key()

    def show_next_key(self) -> None:
        """Show the sentence for the present place."""
        sentence = self._suggest()
        self.display = bool(sentence)
        self.say(f"→ {sentence}")
