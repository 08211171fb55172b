"""Work of a verb at the shell in a process of its own, so that it can be stopped at any moment.

A library in the middle of a long calculation hears no Ctrl+C; a process that watches it does.
"""

from __future__ import annotations

from study.errors import Stopped
from study.steps import Progress
from tui.background import Child, Failed, Finished, Halted
from tui.signals import interrupting
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
