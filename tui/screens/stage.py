"""The protocol by which a screen serves its controllers: questions, messages, timers, threads.

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
    """The methods of a screen that its controllers may call."""

    def ask(self, question: Screen[_Answer], answered: Callable[[_Answer | None], None]) -> None:
        """Show a question; ``answered`` gets its answer, or None if it was cancelled."""
        ...

    def show_message(self, sentence: str) -> None:
        """Show a sentence in a dialog that the person has to close."""
        ...

    def try_change(self, act: Callable[[], None]) -> bool:
        """Run a change of the study; on an error, show it in a dialog and return False."""
        ...

    def problem(self, error: EarshotError) -> str:
        """Return an error as two sentences: what happened, and what to do."""
        ...

    def run_beside(self, act: Callable[[], None], group: str) -> None:
        """Run ``act`` on a thread; it replaces the worker of the same group."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the screen, from any thread."""
        ...

    def set_timer(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Call something once, after so many seconds."""
        ...

    def set_interval(self, interval: float, callback: Callable[[], object]) -> Timer:
        """Call something every so many seconds."""
        ...

    def call_after_refresh(self, callback: Callable[[], object]) -> bool:
        """Call something after the screen has been drawn."""
        ...

    def set_focus(self, widget: Widget | None) -> None:
        """Give the keyboard focus to a widget."""
        ...
