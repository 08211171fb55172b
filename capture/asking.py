"""A question whose answer may take its time, asked again and again beside everything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from capture.errands import Errand

T = TypeVar("T")


class Asking(Generic[T]):
    """Asks ``question`` every so many seconds; ``answer`` is the newest one there is.

    Nobody ever waits for it: while an answer is under way nothing else is asked, and a question
    that raises leaves the answer as it was.
    """

    def __init__(self, question: Callable[[], T], every_s: float, answer: T) -> None:
        self.answer = answer
        self._question = question
        self._every_s = every_s
        self._next_s: float | None = None
        self._errand: Errand[T] | None = None

    def look(self, now_s: float) -> T:
        """Take an answer that has come, ask again if it is time to, and return the newest."""
        if self._errand is not None and self._errand.is_done:
            if self._errand.failure is None:
                self.answer = self._errand.result()
            self._errand = None
        if self._errand is None and (self._next_s is None or now_s >= self._next_s):
            self._errand = Errand(self._question, "asking")
            self._next_s = now_s + self._every_s
        return self.answer
