"""A job in a child process, followed at the shell, so that Ctrl+C stops it at any moment.

A library in a long calculation does not notice Ctrl+C; the process that watches its child does.
"""

from __future__ import annotations

from app import BackgroundJob, JobFailed, JobFinished, JobStopped
from cli.console import Console
from cli.recording_signals import call_on_interrupt
from study import TaskProgress
from study.errors import Stopped


def run_to_end(job: BackgroundJob, console: Console, task: str) -> JobFinished | JobFailed:
    """Run a job to its end and show its progress; Ctrl+C and SIGTERM stop it within a second.

    task: names the job in the error, as in "Transcribing".

    Raises:
        Stopped: somebody stopped it.
    """
    ending: JobFinished | JobFailed | JobStopped = JobStopped()
    with call_on_interrupt(job.stop):
        for event in job.run_and_report():
            if isinstance(event, TaskProgress):
                console.show_progress(event)
            else:
                ending = event
    if isinstance(ending, JobStopped):
        raise Stopped(task)
    return ending
