"""The work beside the screen as the interface follows it: what is being done, how far, what failed.

``Labour`` does the work; this keeps what is shown of it. It knows no screen and no widget.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from study.artefacts import Summary
from study.errors import EarshotError
from study.screen_text import safe
from study.steps import Progress
from study.store import Study
from tui.background import PROGRAM, Clock, Ending, Pace
from tui.labour import TRANSCRIBE, Labour
from tui.recording import Recording


@dataclass(frozen=True, slots=True)
class Work:
    """What is being done for which interview, as far as it is known.

    is_live: it follows a recording that goes on. waiting: how many more wait for their turn.
    """

    verb: str
    interview: str
    label: str
    progress: Progress | None = None
    left_s: float | None = None
    is_stopping: bool = False
    is_live: bool = False
    waiting: int = 0


class Jobs:
    """One piece of work at a time, and what is to be told of it once a recording has ended."""

    def __init__(
        self,
        study: Study,
        *,
        advanced: Callable[[Progress, float | None], object],
        ended: Callable[[Ending], object],
        changed: Callable[[Work | None], None],
        clock: Clock,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        """Prepare.

        advanced: told how far work is and the seconds left; ended: told how it ended; both are
        called on other threads. changed: called with ``work`` whenever that is another.
        """
        self.work: Work | None = None
        self._study, self._clock = study, clock
        self._advanced, self._ended, self._changed = advanced, ended, changed
        self._labour = Labour(study, self._tell, program=program)
        self._pace = Pace(clock)
        self._untold: list[str] = []  # what failed beside a recording, until that has ended

    def begin(self, verb: str, summary: Summary) -> bool:
        """Begin a verb of the shell, or let it wait for its turn; False where it can do neither.

        Raises:
            StudyInUse, StudyUnwritable, DiskFull, KeyNotHeld: it cannot be lined up.
        """
        is_busy = self.work is not None
        if not self._labour.begin(verb, summary):
            return False
        if not is_busy:
            self._begun(verb, summary.id, summary.label)
        elif self.work is not None:
            self.show(replace(self.work, waiting=len(self._labour.line())))
        return True

    def go_on(self) -> None:
        """Begin with what waits in the study, if anything does."""
        if interview := self._labour.go_on():
            with contextlib.suppress(EarshotError):
                self._begun(TRANSCRIBE, interview, self._study.find(interview).label)

    def follow(self, recording: Recording) -> None:
        """Transcribe a recording as it goes, if the study wants it."""
        if self._labour.follow(recording.interview):
            self._pace = Pace(self._clock)
            label = safe(recording.label)
            self.show(Work(TRANSCRIBE, recording.interview, label, is_live=True))

    def recording_ended(self) -> str:
        """Finish what follows the recording; return the sentence to show for it."""
        failures, self._untold = "\n".join(self._untold), []
        self._labour.recording_ended()
        if self.work is not None and self.work.is_live:
            self.show(replace(self.work, is_live=False))
            return "What is missing of its transcript is being made now."
        if self.work is None:
            self.go_on()
        return failures or "Press t to transcribe it, or let it rest: it is safe."

    def show_progress(self, progress: Progress, left_s: float | None) -> None:
        """Take over how far the work is."""
        if self.work is not None:
            self.show(replace(self.work, progress=progress, left_s=left_s))

    def end(self, ending: Ending) -> bool:
        """Take note of an ending; False where it gave way to a recording that is followed."""
        self._labour.ended(ending)
        if self._labour.is_busy:
            return False
        self.show(None)
        return True

    def keep_untold(self, sentence: str) -> None:
        """Tell a failure once the recording has ended."""
        self._untold.append(sentence)

    def stop(self) -> None:
        """Stop what runs."""
        if self.work is not None:
            self.show(replace(self.work, is_stopping=True))
            self._labour.stop()

    def leave(self) -> None:
        """Stop everything and wait for it, so that no child outlives the screen."""
        self._labour.leave()

    def _tell(self, event: Progress | Ending) -> None:
        """Hand on what work tells, on its thread."""
        if isinstance(event, Progress):
            self._advanced(event, self._pace.left_s(event))
        else:
            self._ended(event)

    def _begun(self, verb: str, interview: str, label: str) -> None:
        self._pace = Pace(self._clock)
        line = len(self._labour.line())
        self.show(Work(verb, interview, safe(label), waiting=line))

    def show(self, work: Work | None) -> None:
        """Show another state of the work, or that nothing runs."""
        self.work = work
        self._changed(work)
