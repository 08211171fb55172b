"""The jobs in the background: one at a time, those that wait, and the ongoing recording's.

The interviews that wait to be transcribed stand in the study, so a later session continues with
them. Following a recording comes before all other jobs. This file knows no screen; it reports
events on threads of its own.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence

from app.background_job import BackgroundJob, JobEnding, build_transcription_job
from app.live_transcription import LiveTranscription
from models import (
    InstalledModel,
    ModelFit,
    ModelKind,
    find_speech_model,
    inspect_machine,
    list_models,
)
from study import (
    BEST_MODEL,
    NO_MODEL,
    GatedAction,
    InterviewSummary,
    QueuedInterview,
    TaskProgress,
)
from study.errors import EarshotError
from study.store import (
    Study,
    is_consented,
    is_worked_on,
    queue_interviews,
    read_language,
    read_settings,
    read_transcription_queue,
    require_interview_consent,
    unqueue_interview,
)

TRANSCRIBE_VERB = "transcribe"
SPEAKERS_VERB = "speakers"
_KEYS_OPTION: dict[bool | None, list[str]] = {
    True: ["--use-keys"], False: ["--ignore-keys"], None: [],
}  # fmt: skip
_GATED = {TRANSCRIBE_VERB: GatedAction.TRANSCRIBE, "export": GatedAction.HAND_OVER}
HEAR_AGAIN = "hear again"  # the verb "transcribe" with a passage: what a screen calls it
ReportJob = Callable[[TaskProgress | JobEnding], None]


def find_earlier_model(study: Study, summary: InterviewSummary) -> str:
    """Return the model that heard an interview whose transcript a person has worked on.

    "" for any other interview, and where it may not be transcribed or read.
    """
    interview = study.interview(summary.id)
    try:
        if not is_consented(interview, GatedAction.TRANSCRIBE) or not is_worked_on(interview):
            return ""
        source = interview.read_transcript()
    except EarshotError:  # what is wrong is said where it is begun
        return ""
    return source.transcript.provenance.model if source else ""


def list_choosable_models(study: Study, summary: InterviewSummary) -> list[InstalledModel]:
    """Return the models that can transcribe an interview, the usual one first.

    All but those that have not learnt its language. None where it has no sound, or may not be
    transcribed or read: what is wrong is said where it is begun.
    """
    if not summary.sound_s:
        return []
    interview = study.interview(summary.id)
    try:
        if not is_consented(interview, GatedAction.TRANSCRIBE):
            return []
        language = read_language(interview)
        usual = find_speech_model("", language)
    except EarshotError:
        return []
    fitting = (m for m in list_models(ModelKind.SPEECH) if m.offer.has_language(language))
    return [usual, *(model for model in fitting if model.name != usual.name)]


class JobQueue:
    """The job that runs now, and the interviews that wait to be transcribed."""

    def __init__(
        self, study: Study, report: ReportJob, *, program: Sequence[str], speech_model: str = ""
    ) -> None:
        """Prepare; ``report`` is called on another thread, with an ending last for each job.

        speech_model: the name of the model that transcribes, "" for the best that is installed.
        """
        self._study, self._speech_model = study, speech_model
        self._report = report
        self._program = program
        self._child: BackgroundJob | None = None
        self._live: LiveTranscription | None = None
        self._followed: QueuedInterview | None = None
        self._transcribes = ""  # the interview of the queue that is being transcribed
        self.model = ""  # the name of the speech model that the job runs with, "" without one
        self._is_kept = False  # whether it stays in the queue though its job was stopped
        self._is_closed = False  # nothing of the queue is started any more

    @property
    def is_busy(self) -> bool:
        """Whether a job runs."""
        return self._child is not None or self._live is not None

    def start(
        self,
        verb: str,
        summary: InterviewSummary,
        *,
        is_unchecked: bool = False,
        model: str = "",
        to_whom: str = "",
    ) -> bool:
        """Start a verb, or queue a transcription; False where another job runs already.

        is_unchecked: a person insists on the language that the interview has. model: the name of
        the model that transcribes, "" for the one of this queue. to_whom: who receives what is
        handed over, "" where nobody is named.

        Raises:
            ConsentError: somebody who was heard did not agree to it.
            StudyInUse, StudyUnwritable, DiskFull, KeyNotHeld: the interview cannot be queued.
        """
        if verb in _GATED:
            require_interview_consent(self._study.interview(summary.id), _GATED[verb])
        if verb == TRANSCRIBE_VERB:
            wanted = QueuedInterview(
                summary.id, model or self._speech_model, is_unchecked=is_unchecked
            )
            queue_interviews(self._study, [wanted])
        if self.is_busy:
            return verb == TRANSCRIBE_VERB
        if verb == TRANSCRIBE_VERB:
            self.start_next()
            return True
        self.model = ""
        keys = self._study.ring.to_bytes()
        options = [f"--for={to_whom}"] if to_whom else []  # one word: it may begin with a hyphen
        self._run(
            BackgroundJob(
                verb, self._study.folder, summary.id, keys, options=options, program=self._program
            )
        )
        return True

    def hear_again(self, wanted: QueuedInterview, passage: tuple[float, float | None]) -> bool:
        """Hear a passage of an interview again; False where another job runs already.

        Raises:
            ConsentError: somebody who was heard did not agree to it.
        """
        if self.is_busy:
            return False
        interview = self._study.interview(wanted.interview)
        require_interview_consent(interview, GatedAction.TRANSCRIBE)
        self.model = self._find_model(wanted)
        self._run(
            build_transcription_job(self._study, wanted, passage=passage, program=self._program)
        )
        return True

    def tell_voices_apart(
        self, interview: str, count: int | None, *, uses_keys: bool | None = None
    ) -> bool:
        """Tell the voices of an interview apart; False where another job runs already.

        count: how many people speak, None to guess it. uses_keys: whether the keys count that an
        interviewer pressed while recording, None as the last time.

        Raises:
            ConsentError: somebody who was heard did not agree to it.
        """
        if self.is_busy:
            return False
        require_interview_consent(self._study.interview(interview), GatedAction.TRANSCRIBE)
        self.model = ""
        self._run(
            BackgroundJob(
                SPEAKERS_VERB,
                self._study.folder,
                interview,
                self._study.ring.to_bytes(),
                options=[
                    *("--count", "auto" if count is None else str(count)),
                    *_KEYS_OPTION[uses_keys],
                ],
                program=self._program,
            )
        )
        return True

    def start_next(self) -> str:
        """Start the first transcription that waits, unless a job runs.

        Returns the interview's id, or "" where nothing was started.
        """
        waiting = self.list_waiting()
        if self._is_closed or self.is_busy or not waiting:
            return ""
        self._transcribes, self._is_kept = waiting[0].interview, False
        self.model = self._find_model(waiting[0])
        self._run(build_transcription_job(self._study, waiting[0], program=self._program))
        return waiting[0].interview

    def list_waiting(self) -> tuple[QueuedInterview, ...]:
        """Return the interviews that wait to be transcribed, without the one that is."""
        with contextlib.suppress(EarshotError):  # without the key nobody can read the queue
            return tuple(
                w for w in read_transcription_queue(self._study) if w.interview != self._transcribes
            )
        return ()

    def follow_recording(self, interview: str) -> bool:
        """Transcribe an ongoing recording, if the study wants it and everybody agreed to it.

        Another transcription stops.
        """
        model = self._model(interview)
        self._is_kept = True
        if self._child is not None and self._transcribes:
            self._child.stop()
        if model is None:
            return False
        self._followed = QueuedInterview(interview, model)
        self.model = model
        self._live = LiveTranscription(
            self._study, self._followed, report=self._report, program=self._program
        )
        self._live.start()
        return True

    def finish_following(self) -> None:
        """Transcribe the rest of the recording; from now on it stands in the study's queue, too."""
        if self._live is not None and self._followed is not None:
            self._live.finish_following()
            self._transcribes, self._is_kept = self._followed.interview, False
            with contextlib.suppress(EarshotError):  # the job runs all the same
                queue_interviews(self._study, [self._followed], first=True)

    def find_process(self) -> int | None:
        """Return the id of the process of the job that runs, None where none does."""
        job = self._live or self._child
        return job.find_process() if job is not None else None

    def stop(self) -> None:
        """Stop the job that runs; what it has finished is kept."""
        self._is_kept = False
        if self._live is not None:
            self._live.stop()
        elif self._child is not None:
            self._child.stop()

    def note_ending(self, ending: JobEnding) -> None:
        """Take note of an ending that was reported; call it on the screen's thread."""
        if self._live is not None and self._live.ending is ending:
            self._live.stop_and_wait()
            self._live = None
        else:
            self._child = None
        interview, self._transcribes = self._transcribes, ""
        if interview and not self._is_kept:
            with contextlib.suppress(EarshotError):  # it stays queued; its next job ends at once
                unqueue_interview(self._study.interview(interview))

    def stop_and_wait(self) -> None:
        """Close the queue, stop every job and wait, so that no child outlives the screen."""
        self._is_closed = True
        if self._child is not None:
            self._child.stop_and_wait()
        if self._live is not None:
            self._live.stop_and_wait()

    def _find_model(self, wanted: QueuedInterview) -> str:
        """Return the name of the model that transcribes an interview, "" where none can."""
        try:
            language = wanted.language or read_language(self._study.interview(wanted.interview))
            return wanted.model or find_speech_model("", language).name
        except EarshotError:  # the job says what is wrong
            return ""

    def _model(self, interview: str) -> str | None:
        """Return the model that follows a recording, or None where none shall or can.

        A model that the study names gives way where it has not learnt the interview's language.
        """
        try:
            wanted = read_settings(self._study).while_recording
            is_agreed = is_consented(self._study.interview(interview), GatedAction.TRANSCRIBE)
            if wanted == NO_MODEL or not is_agreed:
                return None
            language = read_language(self._study.interview(interview))
            found = find_speech_model("" if wanted == BEST_MODEL else wanted, language)
            if not found.offer.has_language(language):
                found = find_speech_model("", language)
        except EarshotError:
            return None
        is_fit = inspect_machine().judge_model(found.offer) is ModelFit.YES
        if wanted == BEST_MODEL and not is_fit:
            return None
        return found.name

    def _run(self, job: BackgroundJob) -> None:
        self._child = job
        threading.Thread(target=self._watch, args=(job,), name="work", daemon=True).start()

    def _watch(self, job: BackgroundJob) -> None:
        for event in job.run_and_report():
            self._report(event)
