"""Keep the computer from falling asleep while it records.

It asks the desktop, over D-Bus, and nothing beyond this computer. It prevents automatic sleep only:
closing the lid still sends most computers to sleep, which leaves a gap in the recording.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from capture.blocking_calls import BlockingCall

_LEAVING_S = 2.0  # the desktop answers within milliseconds, or wakepy gives it up after 2 s


@contextmanager
def hold_awake() -> Generator[Callable[[], bool]]:
    """Keep the computer awake inside; yields a function that returns whether that works now.

    It returns False until the desktop has answered, and for good if there is no desktop; it never
    raises. Entering does not wait for a desktop that hangs, and leaving waits 2 s at most.
    """
    is_over, is_awake = threading.Event(), threading.Event()
    # wakepy requires that the thread which begins also ends it.
    holding = BlockingCall(lambda: _hold(is_awake, is_over), "wake lock")
    try:
        yield is_awake.is_set
    finally:
        is_over.set()
        holding.wait(_LEAVING_S)


def _hold(is_awake: threading.Event, is_over: threading.Event) -> None:
    """Inhibit sleep until ``is_over`` is set, on a thread of its own."""
    with contextlib.suppress(ImportError):
        from wakepy import keep

        with keep.running(on_fail="pass") as mode:
            if mode.active:
                is_awake.set()
                is_over.wait()
                is_awake.clear()
