"""Work of a verb at the shell in a process of its own, so that it can be stopped at any moment.

A library in the middle of a long calculation hears no Ctrl+C; a process that watches it does.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Generator
from types import FrameType

from study.errors import Stopped
from study.steps import Progress
from tui.background import Child, Failed, Finished, Halted
from tui.talk import Talk


def finished(child: Child, talk: Talk, what: str) -> Finished | Failed:
    """Run a child to its end, telling how far it is; Ctrl+C and SIGTERM stop it within a second.

    Raises:
        Stopped: somebody did; ``what`` says what was stopped.
    """
    ending: Finished | Failed | Halted = Halted()
    with interrupting(child.stop):
        for event in child.events():
            if isinstance(event, Progress):
                talk.progress(event)
            else:
                ending = event
    if isinstance(ending, Halted):
        raise Stopped(what)
    return ending


@contextlib.contextmanager
def interrupting(act: Callable[[], None]) -> Generator[None]:
    """Let Ctrl+C and SIGTERM call ``act`` within the block, on a thread of its own."""

    def tell(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=act, daemon=True).start()  # it may take a lock that is held here

    before = {number: signal.signal(number, tell) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
