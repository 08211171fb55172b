"""Transcribing an interview while it is being recorded: a child that follows the sealed sound.

It works at low priority and is the first to go for want of memory; whatever becomes of it, the
recording goes on. It is told of the recording's end by the end of a pipe, so it also hears of it
when the recorder dies.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence

from study.steps import Progress
from study.store import Study
from study.waiting import Waiting
from tui.background import PROGRAM, Child, Ending, Halted, transcription

Tell = Callable[[Progress | Ending], None]


def _nobody(_: Progress | Ending) -> None:
    """Ignore what a child tells: the default for ``tell``."""


class Live:
    """One recording that is followed. Start it with the recording; always end or stop it."""

    def __init__(
        self,
        study: Study,
        wanted: Waiting,
        *,
        tell: Tell = _nobody,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        """Prepare; ``tell`` is called on a thread of our own, the ending last."""
        self._tell = tell
        self._over, self._recording = os.pipe()
        self._child: Child = transcription(study, wanted, until=self._over, program=program)
        self._thread = threading.Thread(target=self._follow, name="live", daemon=True)
        self.ending: Ending | None = None

    def start(self) -> None:
        """Let the child wait for the first sound."""
        self._thread.start()

    def recording_ended(self) -> None:
        """Let the child finish what is missing. May be called again."""
        if self._recording >= 0:
            os.close(self._recording)
            self._recording = -1

    def wait(self, limit_s: float | None = None) -> Ending | None:
        """Return how it ended, or None where the limit came first."""
        self._thread.join(limit_s)
        return self.ending

    def stop(self) -> None:
        """Stop it now; what was heard is kept."""
        self._child.stop()

    def leave(self) -> None:
        """Stop it and wait for it, so that no child outlives us."""
        self.recording_ended()
        self._child.leave()
        self._thread.join()

    def _follow(self) -> None:
        ending: Ending = Halted()
        try:
            for event in self._child.events():
                if isinstance(event, Progress):
                    self._tell(event)
                else:
                    ending = event
        finally:
            os.close(self._over)
            self.ending = ending
            self._tell(ending)
