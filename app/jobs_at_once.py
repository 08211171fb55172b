"""Several jobs in child processes at once, as a cluster needs them to have enough to do.

While the workers transcribe one interview, this computer finds the windows of the next, or tells
the voices of the one before apart.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable

from app.background_job import BackgroundJob, JobEnding
from study import TaskProgress

TRANSCRIBING = "transcribing"


class JobsAtOnce:
    """Runs jobs in their order, ``count`` of them at a time."""

    def __init__(self, jobs: Iterable[tuple[str, BackgroundJob]], count: int) -> None:
        """Take the jobs by the ids of their interviews; nothing is started yet."""
        self._waiting = list(jobs)
        self._total = len(self._waiting)
        self._count = count
        self._running: dict[str, BackgroundJob] = {}
        self._shares: dict[str, float] = {}
        self._news: queue.SimpleQueue[tuple[str, TaskProgress | JobEnding]] = queue.SimpleQueue()
        self._lock = threading.Lock()

    def run_and_report(self) -> Generator[tuple[str, TaskProgress | JobEnding]]:
        """Yield the progress of all together, in interviews, and the ending of each."""
        try:
            while self._start_more() or self._running:
                interview, event = self._news.get()
                if isinstance(event, TaskProgress):
                    if event.what == TRANSCRIBING and event.total:
                        self._shares[interview] = event.done / event.total
                    yield interview, self._sum_up()
                    continue
                with self._lock:
                    del self._running[interview]
                self._shares[interview] = 1.0
                yield interview, event
        finally:
            self.stop()

    def stop(self) -> None:
        """Stop what runs, and start no more; returns at once."""
        with self._lock:
            self._waiting.clear()
            running = list(self._running.values())
        for job in running:
            job.stop()

    def _start_more(self) -> bool:
        """Start what there is a place for; whether anything was started."""
        with self._lock:
            begun = self._waiting[: self._count - len(self._running)]
            del self._waiting[: len(begun)]
            self._running.update(begun)
        for interview, job in begun:
            threading.Thread(
                target=self._watch, args=(interview, job), name="job", daemon=True
            ).start()
        return bool(begun)

    def _watch(self, interview: str, job: BackgroundJob) -> None:
        for event in job.run_and_report():
            self._news.put((interview, event))

    def _sum_up(self) -> TaskProgress:
        return TaskProgress(sum(self._shares.values()), float(self._total), TRANSCRIBING)
