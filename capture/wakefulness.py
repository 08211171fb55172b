"""Keep the computer from falling asleep while it records.

It asks the desktop over D-Bus, which is on this computer, and nobody else. It holds up the sleep
that comes by itself; a lid that is closed still sends most computers to sleep, and is a gap.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from capture.errands import Errand

_LEAVING_S = 2.0  # the desktop answers within milliseconds, or wakepy gives it up after 2 s


@contextmanager
def awake() -> Generator[Callable[[], bool]]:
    """Keep the computer awake inside; what is given tells whether it does, and never raises.

    It is False at first, until the desktop has answered, and for good where there is none. Neither
    entering nor leaving waits for a desktop that hangs.
    """
    is_over, is_awake = threading.Event(), threading.Event()
    # On one thread from its beginning to its end, because wakepy asks for that.
    errand = Errand(lambda: _kept(is_awake, is_over), "wakefulness")
    try:
        yield is_awake.is_set
    finally:
        is_over.set()
        errand.wait(_LEAVING_S)


def _kept(is_awake: threading.Event, is_over: threading.Event) -> None:
    """Hold the desktop's promise until it is over, on a thread of its own."""
    with contextlib.suppress(ImportError):
        from wakepy import keep

        with keep.running(on_fail="pass") as mode:
            if mode.active:
                is_awake.set()
                is_over.wait()
                is_awake.clear()
