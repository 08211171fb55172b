"""Signals at the shell: Ctrl+C stops a job, others steer a recording that has no screen.

USR1 pauses a recording or resumes it, USR2 sets a marker; Ctrl+C, TERM and closing the terminal
stop and seal it. A signal that the system lacks is left out.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Generator, Mapping
from types import FrameType

_STOP = ("SIGINT", "SIGTERM", "SIGHUP")


class RecordingSignals:
    """The requests that signals have made so far: to stop, to pause, to set a marker."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._pauses = self._marks = self._marked = 0

    def has_ended(self) -> bool:
        """Whether to stop."""
        return self._stop.is_set()

    def is_paused(self) -> bool:
        """Whether to be paused now."""
        return self._pauses % 2 == 1

    def take_mark(self) -> bool:
        """Whether to set a marker now; True once for each request."""
        if self._marked == self._marks:
            return False
        self._marked += 1
        return True

    def request_stop(self) -> None:
        """Ask to stop."""
        self._stop.set()

    def toggle_pause(self) -> None:
        """Ask to pause, or to resume."""
        self._pauses += 1

    def request_mark(self) -> None:
        """Ask for a marker."""
        self._marks += 1

    @contextlib.contextmanager
    def handle_signals(self) -> Generator[None]:
        """Handle the signals within the block; one that is ignored (nohup) stays ignored."""
        wanted = {
            **dict.fromkeys(_STOP, self.request_stop),
            "SIGUSR1": self.toggle_pause,
            "SIGUSR2": self.request_mark,
        }
        calls = {
            number: call
            for name, call in wanted.items()
            if (number := getattr(signal, name, None)) is not None
            and signal.getsignal(number) is not signal.SIG_IGN
        }
        with _handling(calls):
            yield


@contextlib.contextmanager
def call_on_interrupt(action: Callable[[], None]) -> Generator[None]:
    """Call ``action`` on a thread of its own when Ctrl+C or SIGTERM comes within the block."""

    def call() -> None:
        threading.Thread(target=action, daemon=True).start()  # it may take a lock that is held here

    with _handling({signal.SIGINT: call, signal.SIGTERM: call}):
        yield


@contextlib.contextmanager
def _handling(calls: Mapping[int, Callable[[], None]]) -> Generator[None]:
    """Handle each signal with its call within the block; restore the handlers afterwards."""

    def handle(number: int, _frame: FrameType | None) -> None:
        calls[number]()

    before = {number: signal.signal(number, handle) for number in calls}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
