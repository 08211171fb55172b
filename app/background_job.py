"""One verb on one interview in a child process, which is followed and stopped through pipes.

The child is ``PROGRAM VERB STUDY INTERVIEW --json --keys-fd 0``: it reads the open study's keys
from its standard input, one line, so that nobody types the passphrase twice and no key stands in an
argument or in the environment. Where it follows a recording (``--until-fd 0``), that pipe stays
open until the recording ends. It reports each event as a line of JSON, runs at low priority, and
keeps what it has finished when it is stopped. The caller says which program; this file knows no
verb and no screen.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.labels import format_count
from study import QueuedInterview, TaskProgress, sanitise_text
from study.errors import EarshotError, OutOfMemory, Stopped, WorkBrokeOff, WorkNotStarted
from study.store import HARD_ENDINGS, Study, build_worker_environment, yield_to_others

if TYPE_CHECKING:
    from transcribe import ClusterPlace

PATIENCE_S = 0.8  # somebody who stops a job sees it end within a second
_LONGEST_LINE = 1 << 20

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class JobFinished:
    """The job is done; ``facts`` are the other fields of its last event."""

    facts: dict[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class JobFailed:
    """The job failed; ``message`` is the sentence of the error that ended it.

    advice: what to do next, in the child's words for the shell; "" where the child gave none, and
    the caller advises from the exit code. language: the code of the language that was heard in
    place of the interview's, "" after any other failure.
    """

    message: str
    advice: str = ""
    exit_code: int = 1
    language: str = ""


@dataclass(frozen=True, slots=True)
class JobStopped:
    """A person stopped the job; what it had finished is kept."""


JobEnding = JobFinished | JobFailed | JobStopped


class _Line(msgspec.Struct):
    """The fields of the child's lines, those of every event together."""

    event: str
    done: float = 0.0
    total: float = 0.0
    what: str = ""
    message: str = ""
    advice: str = ""
    exit_code: int = 1
    language: str = ""


class BackgroundJob:
    """One verb on one interview, in a process of its own."""

    def __init__(
        self,
        verb: str,
        folder: Path,
        interview: str,
        keys: bytes,
        *,
        options: Sequence[str] = (),
        follows: bool = False,
        program: Sequence[str],
    ) -> None:
        """Prepare a job; nothing is started yet.

        keys: the open study's keyring, as bytes. options: further options of the verb. follows:
        whether it works until ``finish_following``. program: the command that runs a verb, such as
        ``("earshot",)``; without one the job fails.
        """
        self._has_program = bool(program)
        self._arguments = [*program, verb, str(folder), interview, "--json", *options]
        if follows:
            self._arguments += ["--until-fd", "0"]
        self._is_following = follows
        self._keys = keys
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._is_stopped = False

    def run_and_report(self) -> Generator[TaskProgress | JobEnding]:
        """Start the child and yield its events; the last one, and no other, is an ending."""
        try:
            process = self._start()
        except OSError:
            yield _failed(WorkNotStarted())
            return
        ending: JobEnding | None = None
        output = process.stdout
        assert output is not None
        with process, output:
            while line := output.readline(_LONGEST_LINE):
                event = _parsed(line)
                if isinstance(event, TaskProgress):
                    yield event
                elif event is not None:
                    ending = event
            exit_code = process.wait()
        yield self._ended(ending, exit_code)

    def stop(self) -> None:
        """Ask the child to stop, and kill it after ``PATIENCE_S``; returns at once."""
        with self._lock:
            self._is_stopped = True
            process = self._process
        if process is not None:
            _end(process)

    def stop_and_wait(self) -> None:
        """Stop the child and wait until it is gone."""
        self.stop()
        with self._lock:
            process = self._process
        if process is not None:
            process.wait()

    def find_process(self) -> int | None:
        """Return the id of the child, None where none runs."""
        with self._lock:
            process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def finish_following(self) -> None:
        """Tell a child that follows a recording that this has ended; a second call does nothing."""
        with self._lock:
            self._is_following = False
            if self._process is not None:
                _close_input(self._process)

    def _start(self) -> subprocess.Popen[bytes]:
        if not self._has_program:
            raise FileNotFoundError  # else the verb's name would be looked for among programs
        with self._lock:
            process = subprocess.Popen(
                [*self._arguments, "--keys-fd", "0", "--parent", str(os.getpid())],
                env=build_worker_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            assert process.stdin is not None
            with contextlib.suppress(OSError):  # it may have ended at once
                # Some hundred bytes, which a pipe takes; by Python's buffer, a child that has
                # ended would be told again, when its pipe is closed.
                os.write(process.stdin.fileno(), self._keys + b"\n")
            self._process = process
            if not self._is_following:
                _close_input(process)
            if self._is_stopped:
                _end(process)
        yield_to_others(process.pid)
        return process

    def _ended(self, reported: JobEnding | None, exit_code: int) -> JobEnding:
        if isinstance(reported, JobFinished) and exit_code == 0:
            return reported
        if self._is_stopped or exit_code == Stopped.exit_code:
            return JobStopped()
        if isinstance(reported, JobFailed):
            return reported
        return _failed(
            OutOfMemory(is_certain=False) if exit_code in HARD_ENDINGS else WorkBrokeOff()
        )


def _failed(error: EarshotError) -> JobFailed:
    return JobFailed(str(error), exit_code=error.exit_code)


def build_transcription_job(
    study: Study,
    wanted: QueuedInterview,
    *,
    passage: tuple[float, float | None] | None = None,
    is_anew: bool = False,
    follows: bool = False,
    cluster: ClusterPlace | None = None,
    program: Sequence[str],
) -> BackgroundJob:
    """Prepare the job that transcribes an interview; see ``BackgroundJob`` for the options.

    passage: the seconds to hear again beside the transcript that stands. is_anew: whether another
    transcript takes the place of one that has corrections. cluster: whose workers transcribe, None
    for this computer alone.
    """
    options = ["--language", wanted.language] if wanted.language else []
    if wanted.is_unchecked:
        options.append("--unchecked")
    if passage is not None:
        options += ["--from", f"{passage[0]:.3f}"]
        options += [] if passage[1] is None else ["--to", f"{passage[1]:.3f}"]
    if is_anew:
        options.append("--anew")
    if wanted.is_draft:
        options.append("--draft")
    if wanted.model:
        options += ["--model", wanted.model]
    if cluster is not None:
        options += ["--scheduler", cluster.scheduler, "--cert", str(cluster.folder)]
    return BackgroundJob(
        "transcribe",
        study.folder,
        wanted.interview,
        study.ring.to_bytes(),
        options=options,
        follows=follows,
        program=program,
    )


HEARD_BESIDE = (
    "This interview has corrections or decisions. They are kept; you can compare "
    "them with the new words turn by turn."
)


def is_heard_beside(ending: JobEnding) -> bool:
    """Whether a transcription was saved beside a transcript that somebody has worked on."""
    result = ending.facts.get("result") if isinstance(ending, JobFinished) else None
    return isinstance(result, dict) and "hearing" in result


class _ToldVoices(msgspec.Struct):
    """What is read of the result of telling voices apart."""

    changed: int
    unsure: int
    keys: int = 0


_KEYS_COUNT = (
    "Keys pressed while recording say who speaks, and they count more than voices."
    " {interview.voices}, then {voices.again}, can leave the keys out."
)
_LISTEN = "{interview.next_unsure} goes to them."


def describe_told_voices(ending: JobEnding) -> str:
    """Say what came of telling voices apart, with the names of keys in it; "" where it failed."""
    if not isinstance(ending, JobFinished):
        return ""
    try:
        found = msgspec.convert(ending.facts.get("result"), _ToldVoices)
    except msgspec.ValidationError:
        return ""
    if not found.changed:
        said = "Voices were told apart again, and nothing changed."
        return f"{said} {_KEYS_COUNT}" if found.keys else said
    turns = format_count(found.changed, "turn has", "turns have")
    unsure = format_count(found.unsure, "turn is", "turns are")
    said = f"Voices were told apart: {turns} another speaker; {unsure} unsure."
    return f"{said} {_LISTEN}" if found.unsure else said


NOT_TOLD_APART = "Speakers cannot be told apart:"


class SpeakersProblem(msgspec.Struct, frozen=True):
    """Why a transcription that went well has no speakers; the fields are those of ``JobFailed``."""

    message: str
    advice: str = ""
    exit_code: int = 1


def find_speakers_problem(ending: JobEnding) -> SpeakersProblem | None:
    """Return why a finished transcription has no speakers, None where nothing is missing."""
    if not isinstance(ending, JobFinished):
        return None
    try:
        found = msgspec.convert(ending.facts.get("result"), _SpeakersResult).speakers_problem
    except msgspec.ValidationError:
        return None  # of another verb
    if found is None:
        return None
    message, advice = sanitise_text(found.message), sanitise_text(found.advice)
    return SpeakersProblem(message, advice, found.exit_code)


class _SpeakersResult(msgspec.Struct):
    """The field of a transcription's result that is read here."""

    speakers_problem: SpeakersProblem | None = None


def _close_input(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and kill it if it does not: the study survives even that."""
    if process.poll() is None:
        process.terminate()
        killer = threading.Timer(PATIENCE_S, process.kill)
        killer.daemon = True
        killer.start()


def _parsed(line: bytes) -> TaskProgress | JobEnding | None:
    """Read one line of the child; None for a line that holds no event of a job."""
    try:
        event = msgspec.json.decode(line, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _facts(line)
    if event.event == "progress":
        return TaskProgress(event.done, event.total, sanitise_text(event.what))
    if event.event == "error":
        return JobFailed(
            sanitise_text(event.message),
            sanitise_text(event.advice),
            event.exit_code,
            sanitise_text(event.language),
        )
    return _facts(line)


def _facts(line: bytes) -> JobFinished | None:
    """Read the event "done", whose fields are the verb's own."""
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
        facts = msgspec.json.decode(line, type=dict[str, object])
        if facts.pop("event", None) == "done":
            return JobFinished(facts)
    return None


class RemainingTime:
    """Estimates how long a job still takes, from its progress since the first report."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._first: tuple[float, float] | None = None
        self._what = ""  # the part of the job that the first report was about

    def estimate_left_s(self, progress: TaskProgress) -> float | None:
        """Return the seconds left, or None while too little progress is known to estimate them.

        The first report counts as the beginning: a transcription that continues where it was
        stopped had done a part before. So does the first of each part: telling voices apart has a
        pace of its own.
        """
        now_s = self._clock()
        if self._first is None or progress.what != self._what:
            self._first, self._what = (now_s, progress.done), progress.what
            return None
        began_s, had = self._first
        done = progress.done - had
        if done <= 0 or progress.total <= 0:
            return None
        return max(0.0, (progress.total - progress.done) * (now_s - began_s) / done)
