"""Long work beside the screen: a verb of our own in a child process, watched through a pipe.

The child is ``earshot VERB STUDY INTERVIEW --json --keys-fd N``: it takes the open study's keys
from a pipe, so that nobody types the passphrase twice and it stands in no argument and no
environment. It writes a line of JSON for each thing it has to tell, works at low priority, and
keeps what it has finished when it is stopped. This file knows no screen.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from study.errors import EarshotError, OutOfMemory, Stopped, WorkBrokeOff, WorkNotStarted
from study.screen_text import safe
from study.steps import Progress
from study.store import Study
from study.waiting import Waiting

PROGRAM = (sys.executable, "-P", "-m", "tui.cli")
PATIENCE_S = 0.8  # a person who stops something has an answer within a second
_NICENESS = 10
_LONGEST_LINE = 1 << 20

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Finished:
    """The work is done; ``facts`` is what its verb told beside that."""

    facts: dict[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Failed:
    """The work could not be done, in the words of the error that ended it.

    advice: what to do next, as the child says it for the shell; "" where it said nothing, and
    the exit code alone tells it.
    """

    message: str
    advice: str = ""
    exit_code: int = 1


@dataclass(frozen=True, slots=True)
class Halted:
    """A person stopped the work; what was finished is kept."""


Ending = Finished | Failed | Halted

# Linux kills what fills the memory, and a child of ours first (see ``verb.be_modest``); a library
# whose thread gets no memory aborts, or fails on the address that it did not get.
_HARD = frozenset({-signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV})


class _Line(msgspec.Struct):
    """What any line of the child may hold, whichever event it tells of."""

    event: str
    done: float = 0.0
    total: float = 0.0
    what: str = ""
    message: str = ""
    advice: str = ""
    exit_code: int = 1


class Child:
    """One verb at work on one interview, in a process of its own."""

    def __init__(
        self,
        verb: str,
        folder: Path,
        interview: str,
        keys: bytes,
        *,
        options: Sequence[str] = (),
        until: int | None = None,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        """Prepare a verb; nothing is started yet.

        options: for the verb. until: a descriptor whose end tells the verb that a recording has
        ended; it stays the caller's.
        """
        self._arguments = [*program, verb, str(folder), interview, "--json", *options]
        if until is not None:
            self._arguments += ["--until-fd", str(until)]
        self._until = () if until is None else (until,)
        self._keys = keys
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._is_stopped = False

    def events(self) -> Generator[Progress | Ending]:
        """Start the child and tell what it tells; the last event, and only it, is an ending."""
        try:
            process = self._start()
        except OSError:
            yield _failed(WorkNotStarted())
            return
        ending: Ending | None = None
        output = process.stdout
        assert output is not None
        with process, output:
            while line := output.readline(_LONGEST_LINE):
                event = _parsed(line)
                if isinstance(event, Progress):
                    yield event
                elif event is not None:
                    ending = event
            exit_code = process.wait()
        yield self._ended(ending, exit_code)

    def stop(self) -> None:
        """Ask the child to stop, and make it after ``PATIENCE_S``. Returns at once."""
        with self._lock:
            self._is_stopped = True
            process = self._process
        if process is not None:
            _end(process)

    def leave(self) -> None:
        """Stop the child and wait for it, so that none outlives the screen."""
        self.stop()
        with self._lock:
            process = self._process
        if process is not None:
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            reading, writing = os.pipe()
            try:
                os.write(writing, self._keys)  # some hundred bytes: a pipe takes 64 KiB unread
                os.close(writing)
                process = subprocess.Popen(
                    [*self._arguments, "--keys-fd", str(reading)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[reading, *self._until],
                )
            finally:
                os.close(reading)
            self._process = process
            if self._is_stopped:
                _end(process)
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
        return process

    def _ended(self, told: Ending | None, exit_code: int) -> Ending:
        if isinstance(told, Finished) and exit_code == 0:
            return told
        if self._is_stopped or exit_code == Stopped.exit_code:
            return Halted()
        if isinstance(told, Failed):
            return told
        return _failed(OutOfMemory(is_certain=False) if exit_code in _HARD else WorkBrokeOff())


def _failed(error: EarshotError) -> Failed:
    return Failed(str(error), exit_code=error.exit_code)


def transcription(
    study: Study,
    wanted: Waiting,
    *,
    until: int | None = None,
    program: Sequence[str] = PROGRAM,
) -> Child:
    """Prepare the process that transcribes an interview; the options are those of ``Child``."""
    options = ["--language", wanted.language]
    if wanted.is_draft:
        options.append("--draft")
    if wanted.model:
        options += ["--model", wanted.model]
    return Child(
        "transcribe",
        study.folder,
        wanted.interview,
        study.ring.to_bytes(),
        options=options,
        until=until,
        program=program,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and end it if it does not: a study survives even that."""
    if process.poll() is None:
        process.terminate()
        killer = threading.Timer(PATIENCE_S, process.kill)
        killer.daemon = True
        killer.start()


def _parsed(line: bytes) -> Progress | Ending | None:
    """Read one line of the child; what is no event of ours is passed over."""
    try:
        told = msgspec.json.decode(line, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _facts(line)
    if told.event == "progress":
        return Progress(told.done, told.total, safe(told.what))
    if told.event == "error":
        return Failed(safe(told.message), safe(told.advice), told.exit_code)
    return _facts(line)


def _facts(line: bytes) -> Finished | None:
    """Read the event "done", whose fields are the verb's own."""
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
        facts = msgspec.json.decode(line, type=dict[str, object])
        if facts.pop("event", None) == "done":
            return Finished(facts)
    return None


class Pace:
    """How long the rest will take, from how long the part since the start of watching took."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._first: tuple[float, float] | None = None

    def left_s(self, progress: Progress) -> float | None:
        """Return the seconds left, or None while there is nothing to tell them from.

        The first progress counts as the beginning: a transcription that continues where it
        stopped has done a part before anybody watched.
        """
        now_s = self._clock()
        if self._first is None:
            self._first = (now_s, progress.done)
            return None
        began_s, had = self._first
        done = progress.done - had
        if done <= 0 or progress.total <= 0:
            return None
        return max(0.0, (progress.total - progress.done) * (now_s - began_s) / done)
