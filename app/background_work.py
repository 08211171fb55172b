"""The job in the background as a screen shows it: which verb, for whom, how far, how it ended.

``JobQueue`` runs the jobs; this file keeps what is shown of them. It knows no screen and no widget.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.background_job import Clock, JobEnding, RemainingTime
from app.busy_computer import BusyComputer, ProcessorSample, take_processor_sample
from app.job_queue import HEAR_AGAIN, SPEAKERS_VERB, TRANSCRIBE_VERB, JobQueue
from app.ongoing_recording import OngoingRecording
from study import InterviewSummary, QueuedInterview, TaskProgress, sanitise_text
from study.errors import EarshotError
from study.store import Study

_NOTHING_MORE = "Nothing more of it is transcribed, unless somebody presses {home.transcribe}."


@dataclass(frozen=True, slots=True)
class BackgroundWork:
    """The job that runs: its verb (``HEAR_AGAIN`` for a passage), its interview, and how far it is.

    left_s: seconds left, None while unknown. is_live: it follows an ongoing recording. waiting:
    how many interviews wait behind it. model: the name of the speech model that hears it, ""
    without one. is_starved: other programs leave it too little of the processor to get on.
    """

    verb: str
    interview: str
    label: str
    progress: TaskProgress | None = None
    left_s: float | None = None
    is_stopping: bool = False
    is_live: bool = False
    waiting: int = 0
    model: str = ""
    is_starved: bool = False


class Jobs:
    """One job at a time, and the failures to show once a recording has ended."""

    def __init__(
        self,
        study: Study,
        *,
        advanced: Callable[[TaskProgress, float | None], object],
        ended: Callable[[JobEnding], object],
        changed: Callable[[BackgroundWork | None], None],
        clock: Clock,
        program: Sequence[str],
        speech_model: str = "",
    ) -> None:
        """Prepare; nothing is started yet.

        advanced: called with the progress and the seconds left. ended: called with the ending;
        both on other threads. changed: called with ``work`` whenever that changes. program: the
        command that runs a verb, see ``BackgroundJob``. speech_model: as for ``JobQueue``.
        """
        self.work: BackgroundWork | None = None
        self._study, self._clock = study, clock
        self._advanced, self._ended, self._changed = advanced, ended, changed
        self._queue = JobQueue(study, self._report, program=program, speech_model=speech_model)
        self._pace = RemainingTime(clock)
        self._busy = BusyComputer()
        self._untold: list[
            str
        ] = []  # sentences about failures beside a recording, until that has ended

    def begin(
        self,
        verb: str,
        summary: InterviewSummary,
        *,
        is_unchecked: bool = False,
        model: str = "",
        to_whom: str = "",
    ) -> bool:
        """Start a verb, or queue it behind the job that runs; False where it can do neither.

        is_unchecked: a person insists on the language that the interview has. model, to_whom: as
        for ``JobQueue.start``.

        Raises:
            ConsentError: somebody who was heard did not agree to it.
            StudyInUse, StudyUnwritable, DiskFull, KeyNotHeld: the interview cannot be queued.
        """
        is_busy = self.work is not None
        if not self._queue.start(
            verb, summary, is_unchecked=is_unchecked, model=model, to_whom=to_whom
        ):
            return False
        if not is_busy:
            self._begun(verb, summary.id, summary.label)
        elif self.work is not None:
            self.show(replace(self.work, waiting=len(self._queue.list_waiting())))
        return True

    def hear_again(self, wanted: QueuedInterview, passage: tuple[float, float | None]) -> bool:
        """Start to hear a passage again; False where another job runs."""
        if not self._queue.hear_again(wanted, passage):
            return False
        label = self._study.find_interview(wanted.interview).label
        self._begun(HEAR_AGAIN, wanted.interview, label)
        return True

    def tell_voices_apart(
        self, interview: str, count: int | None, *, uses_keys: bool | None = None
    ) -> bool:
        """Start to tell the voices of an interview apart; False where another job runs.

        count, uses_keys: as for ``JobQueue.tell_voices_apart``.
        """
        if not self._queue.tell_voices_apart(interview, count, uses_keys=uses_keys):
            return False
        self._begun(SPEAKERS_VERB, interview, self._study.find_interview(interview).label)
        return True

    def resume_queue(self) -> None:
        """Start the first transcription that waits in the study, if there is one."""
        if interview := self._queue.start_next():
            with contextlib.suppress(EarshotError):
                self._begun(TRANSCRIBE_VERB, interview, self._study.find_interview(interview).label)

    def follow(self, recording: OngoingRecording) -> None:
        """Transcribe an ongoing recording, if the study wants it."""
        if self._queue.follow_recording(recording.interview):
            self._begin_anew()
            label = sanitise_text(recording.label)
            model = self._queue.model
            self.show(
                BackgroundWork(
                    TRANSCRIBE_VERB, recording.interview, label, is_live=True, model=model
                )
            )

    def end_recording(self, *, goes_on: bool = True) -> str:
        """Transcribe the rest of the recording that has ended; return the sentence to show.

        goes_on: False where somebody did not want to go on, so that nothing more is made of it.
        A command in braces stands in the sentence for its key.
        """
        failures, self._untold = "\n".join(self._untold), []
        if not goes_on:
            if self.work is not None and self.work.is_live:
                self.stop()
            return _NOTHING_MORE
        self._queue.finish_following()
        if self.work is not None and self.work.is_live:
            self._busy = BusyComputer()  # until now it waited for what was to be recorded
            self.show(replace(self.work, is_live=False))
            by = f" by the model {self.work.model}" if self.work.model else ""
            return f"The rest of its transcript is being made now{by}."
        if self.work is None:
            self.resume_queue()
        return failures or "Press {home.transcribe} to transcribe it, or leave it: it is safe."

    def show_progress(self, progress: TaskProgress, left_s: float | None) -> None:
        """Show how far the job is and how many seconds are left."""
        if self.work is not None:
            self.show(replace(self.work, progress=progress, left_s=left_s))

    def take_processor_sample(self) -> ProcessorSample | None:
        """Read how much of the processor the job got; on any thread, for it takes a moment."""
        process = self._queue.find_process()
        return take_processor_sample(process, self._clock()) if process is not None else None

    def judge_computer(self, sample: ProcessorSample) -> None:
        """Show whether other programs hold the job up; never of one that follows a recording."""
        if self.work is None or self.work.is_live:
            return
        is_starved = self._busy.take_sample(sample)
        if is_starved is not self.work.is_starved:
            self.show(replace(self.work, is_starved=is_starved))

    def end(self, ending: JobEnding) -> bool:
        """Take note of an ending; False where the job only made way for a recording's."""
        self._queue.note_ending(ending)
        if self._queue.is_busy:
            return False
        self.show(None)
        return True

    def keep_untold(self, sentence: str) -> None:
        """Keep the sentence about a failure until the recording has ended."""
        self._untold.append(sentence)

    def stop(self) -> None:
        """Stop the job that runs."""
        if self.work is not None:
            self.show(replace(self.work, is_stopping=True))
            self._queue.stop()

    def leave(self) -> None:
        """Stop every job and wait, so that no child outlives the screen."""
        self._queue.stop_and_wait()

    def _report(self, event: TaskProgress | JobEnding) -> None:
        """Hand an event on; called on the job's thread."""
        if isinstance(event, TaskProgress):
            self._advanced(event, self._pace.estimate_left_s(event))
        else:
            self._ended(event)

    def _begin_anew(self) -> None:
        self._pace, self._busy = RemainingTime(self._clock), BusyComputer()

    def _begun(self, verb: str, interview: str, label: str) -> None:
        self._begin_anew()
        waiting = len(self._queue.list_waiting())
        model = self._queue.model
        self.show(
            BackgroundWork(verb, interview, sanitise_text(label), waiting=waiting, model=model)
        )

    def show(self, work: BackgroundWork | None) -> None:
        """Show the job in its new state, or None where none runs."""
        self.work = work
        self._changed(work)
