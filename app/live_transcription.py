"""Transcription of an interview while it is recorded, in a child that follows the sealed sound.

The child runs at low priority and is the first that the system kills for want of memory; the
recording goes on whatever happens to it. A pipe that closes tells the child that the recording
has ended, even where the recorder died.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from app.background_job import BackgroundJob, JobEnding, JobStopped, build_transcription_job
from study import QueuedInterview, TaskProgress
from study.store import Study

ReportLive = Callable[[TaskProgress | JobEnding], None]


def _ignore_event(_: TaskProgress | JobEnding) -> None:
    """Ignore an event: the default for ``report``."""


class LiveTranscription:
    """The transcription of one ongoing recording. Always call ``stop_and_wait`` at the end."""

    def __init__(
        self,
        study: Study,
        wanted: QueuedInterview,
        *,
        report: ReportLive = _ignore_event,
        program: Sequence[str],
    ) -> None:
        """Prepare; ``report`` is called on a thread of its own, with the ending last."""
        self._report = report
        self._child: BackgroundJob = build_transcription_job(
            study, wanted, follows=True, program=program
        )
        self._thread = threading.Thread(target=self._follow, name="live", daemon=True)
        self.ending: JobEnding | None = None

    def start(self) -> None:
        """Start the child, which waits for the first sound."""
        self._thread.start()

    def finish_following(self) -> None:
        """Tell the child that the recording has ended: it transcribes the rest. Idempotent."""
        self._child.finish_following()

    def wait(self, limit_s: float | None = None) -> JobEnding | None:
        """Wait for the child and return its ending, or None where ``limit_s`` passed first."""
        self._thread.join(limit_s)
        return self.ending

    def find_process(self) -> int | None:
        """Return the id of the child, None where none runs."""
        return self._child.find_process()

    def stop(self) -> None:
        """Stop the child now; what it has transcribed is kept."""
        self._child.stop()

    def stop_and_wait(self) -> None:
        """Stop the child and wait until it is gone."""
        self.finish_following()
        self._child.stop_and_wait()
        self._thread.join()

    def _follow(self) -> None:
        ending: JobEnding = JobStopped()
        try:
            for event in self._child.run_and_report():
                if isinstance(event, TaskProgress):
                    self._report(event)
                else:
                    ending = event
        finally:
            self.ending = ending
            self._report(ending)
