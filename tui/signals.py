"""Signals that steer a recording without a screen: USR1 pauses or goes on, USR2 marks.

Ctrl+C, TERM and a terminal that is closed stop and seal it. Where a system has no such signal, it
steers nothing.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Generator
from types import FrameType

_STOP = ("SIGINT", "SIGTERM", "SIGHUP")


class Steering:
    """What was asked for until now; asking for a mark is answered once."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._pauses = self._marks = self._marked = 0

    def has_ended(self) -> bool:
        """Whether to stop."""
        return self._stop.is_set()

    def is_paused(self) -> bool:
        """Whether to be paused now."""
        return self._pauses % 2 == 1

    def wants_mark(self) -> bool:
        """Whether to mark this place; each signal is told once."""
        if self._marked == self._marks:
            return False
        self._marked += 1
        return True

    def stop(self) -> None:
        """Ask to stop."""
        self._stop.set()

    def pause(self) -> None:
        """Ask for a pause, or for its end."""
        self._pauses += 1

    def mark(self) -> None:
        """Ask for a mark."""
        self._marks += 1

    @contextlib.contextmanager
    def listening(self) -> Generator[None]:
        """Take the signals, within the block. One that is ignored (nohup) stays so."""
        wanted = {**dict.fromkeys(_STOP, self.stop), "SIGUSR1": self.pause, "SIGUSR2": self.mark}
        before = {
            number: signal.signal(number, _calling(call))
            for name, call in wanted.items()
            if (number := getattr(signal, name, None)) is not None
            and signal.getsignal(number) is not signal.SIG_IGN
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _calling(call: Callable[[], None]) -> Callable[[int, FrameType | None], None]:
    return lambda _number, _frame: call()
