"""What a screen does for its controllers: questions, messages, timers and threads.

A controller is a plain class that does one kind of thing for a screen. It is handed what it works
on, and this; it knows neither the screen nor the app.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from study.errors import EarshotError

_Answer = TypeVar("_Answer")


class Stage(Protocol):
    """The screen, as its controllers see it."""

    def ask(self, question: Screen[_Answer], answered: Callable[[_Answer | None], None]) -> None:
        """Put a question in front; ``answered`` gets None where it was left."""
        ...

    def tell(self, sentence: str) -> None:
        """Show a sentence that has to be read before anything else is done."""
        ...

    def attempt(self, act: Callable[[], None]) -> bool:
        """Do something with the study; False where it could not be done, which is told."""
        ...

    def problem(self, error: EarshotError) -> str:
        """Write an error as a sentence of what happened and one of what to do."""
        ...

    def run_beside(self, act: Callable[[], None], group: str) -> None:
        """Run something on a thread of its own, as the only one of its group."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the screen, from any thread."""
        ...

    def set_timer(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Call something once, after so many seconds."""
        ...

    def set_interval(self, interval: float, callback: Callable[[], object]) -> Timer:
        """Call something again and again, every so many seconds."""
        ...

    def call_after_refresh(self, callback: Callable[[], object]) -> bool:
        """Call something once the screen was drawn."""
        ...

    def set_focus(self, widget: Widget | None) -> None:
        """Let a widget have the keys."""
        ...
