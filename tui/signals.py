"""Signals: Ctrl+C that stops a step, and those that steer a recording without a screen.

USR1 pauses a recording or goes on, USR2 marks a place; Ctrl+C, TERM and a terminal that is closed
stop and seal it. Where a system has no such signal, it steers nothing.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Generator, Mapping
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
        calls = {
            number: call
            for name, call in wanted.items()
            if (number := getattr(signal, name, None)) is not None
            and signal.getsignal(number) is not signal.SIG_IGN
        }
        with _handling(calls):
            yield


@contextlib.contextmanager
def interrupting(act: Callable[[], None]) -> Generator[None]:
    """Let Ctrl+C and SIGTERM call ``act`` within the block, on a thread of its own."""

    def call() -> None:
        threading.Thread(target=act, daemon=True).start()  # it may take a lock that is held here

    with _handling({signal.SIGINT: call, signal.SIGTERM: call}):
        yield


@contextlib.contextmanager
def _handling(calls: Mapping[int, Callable[[], None]]) -> Generator[None]:
    """Let each signal make its call within the block, and what it made before afterwards."""

    def handle(number: int, _frame: FrameType | None) -> None:
        calls[number]()

    before = {number: signal.signal(number, handle) for number in calls}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
