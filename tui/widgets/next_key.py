"""The line on top that says which key comes next, while somebody is shown around."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from textual.screen import Screen
from textual.signal import Signal

from tui.widgets.plain import Plain


class NextKey(Plain):
    """One or two lines; out of sight where nothing has to be said."""

    DEFAULT_CSS = """
    NextKey { height: auto; padding: 0 1; background: $open; color: $background; text-style: bold; }
    """

    def __init__(self, told: Callable[[], str]) -> None:
        super().__init__()
        self._told = told

    def on_mount(self) -> None:
        """Follow what can be done: where that changes, what comes next does too."""
        # Textual leaves open what a screen returns, and with it what this signal carries.
        changed = cast(
            "Signal[Screen[object]]",
            self.screen.bindings_updated_signal,  # pyright: ignore[reportUnknownMemberType]
        )
        changed.subscribe(self, lambda _: self.tell())
        self.tell()

    def tell(self) -> None:
        """Say it anew."""
        told = self._told()
        self.display = bool(told)
        self.say(f"→ {told}")
