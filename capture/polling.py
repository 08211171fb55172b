"""Poll a slow call in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from capture.blocking_calls import BlockingCall

T = TypeVar("T")


class Poller(Generic[T]):
    """Calls ``question`` every ``every_s`` seconds in the background; keeps the newest ``answer``.

    The caller never waits. While a call runs no other is started; a call that raises leaves
    ``answer`` as it was.
    """

    def __init__(self, question: Callable[[], T], every_s: float, answer: T) -> None:
        self.answer = answer
        self._question = question
        self._every_s = every_s
        self._next_s: float | None = None
        self._pending: BlockingCall[T] | None = None

    def poll(self, now_s: float) -> T:
        """Return the newest answer; start the next call if it is due."""
        if self._pending is not None and self._pending.is_done:
            if self._pending.failure is None:
                self.answer = self._pending.result()
            self._pending = None
        if self._pending is None and (self._next_s is None or now_s >= self._next_s):
            self._pending = BlockingCall(self._question, "polling")
            self._next_s = now_s + self._every_s
        return self.answer
