"""Children of a warm process: each runs one call of Earshot, and may be killed at any moment.

A child is forked from this process, which has loaded every library beforehand, so that a call
begins within milliseconds and a thousand of them take minutes. That is only right while this
process has one thread.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

Result = TypeVar("Result")
_MODULES = (
    "anonymise.clean_transcript", "anonymise.keep_list", "anonymise.mention_decisions",
    "anonymise.search", "app.speaker_step", "av", "capture.headless_recording",
    "capture.recording_session", "capture.sound_import", "faster_whisper",
    "handoff.bundle_check", "handoff.export", "handoff.participant_corrections",
    "handoff.returned_word", "handoff.sign_off", "models.archive_reader", "models.installation",
    "soundfile", "spacy", "study.store.people", "study.store.verification",
    "transcribe.transcription",
)  # fmt: skip
_CRASHED = 70
_LINGER_S = 2.0  # for a child to notice that its disk is gone
_OUTLIVE_S = 15.0  # for a child's own child that is only starting to see that it is alone


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended.

    code: its exit code, below 0 the signal that ended it. cpu_s: of it and of its children that
    it waited for. told: the lines that it told about what was durable, until ``mark``'s moment.
    was_struck: it was still at work when it was killed. left: whether a process of its own outlived
    it.
    """

    code: int
    wall_s: float
    cpu_s: float
    out: str
    err: str
    told: tuple[str, ...]
    was_struck: bool = False
    left: bool = False


def warm_up() -> None:
    """Load what any verb loads.

    Raises:
        RuntimeError: a library started a thread, and forking is not safe any more.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    from cli import VERB_NAMES, load_verb

    for name in VERB_NAMES:
        load_verb(name)
    for name in _MODULES:
        importlib.import_module(name)
    if len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208 - names alone are wanted
        raise RuntimeError("this process has threads, and cannot be forked")


def call_verb(words: Sequence[str], around: Mapping[str, str]) -> int:
    """Run a verb as the command line does, with these additional variables; for a child."""
    from cli import main

    os.environ.update(around)
    sys.argv = ["earshot", *words]
    try:
        return main()
    except SystemExit as ended:  # the command line was not understood
        return int(ended.code or 0)


class Teller:
    """Where a child tells what is durable from now on; a line is told whole or not at all."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def tell(self, line: str) -> None:
        """Tell one line."""
        os.write(self._descriptor, f"{line}\n".encode())


Work = Callable[[Teller], int]


def run_forked(
    work: Work,
    *,
    kill_after_s: float | None = None,
    strike: Callable[[], None] | None = None,
    limit_s: float = 120.0,
    memory_bytes: int | None = None,
) -> Ending:
    """Run ``work`` in a child until it ends, or kill -9 it after so many seconds.

    strike: done in the moment of the kill in place of it; the child then has a while to notice, and
    what it told later than that does not count. limit_s: it is killed after this anyway.
    memory_bytes: the address space that it may take in addition to what this process has.
    """
    with _files() as (out, err, told):
        began_s = time.monotonic()
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _be_child(work, (out, err, told), memory_bytes)
        handle = os.pidfd_open(child)
        counted = None
        try:
            wait_s = limit_s if kill_after_s is None else kill_after_s
            has_ended = bool(select.select([handle], [], [], wait_s)[0])
            if strike is not None:
                counted = _size(told)
                strike()
                select.select([handle], [], [], _LINGER_S)
            if not has_ended or strike is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
        finally:
            os.close(handle)
        _, status, used = os.wait4(child, 0)
        return Ending(
            os.waitstatus_to_exitcode(status),
            time.monotonic() - began_s,
            used.ru_utime + used.ru_stime,
            _read(out).decode(errors="replace"),
            _read(err).decode(errors="replace"),
            tuple(_read(told)[:counted].decode().splitlines()),
            was_struck=not has_ended,
            left=_outlived(child),
        )


def share_out(lanes: int, work: Callable[[int], Result]) -> list[Result]:
    """Do ``work`` once for each lane, side by side, each in a child; return what each returned.

    Raises:
        RuntimeError: one of them did not come to its end.
    """
    sys.stdout.flush()
    children: list[tuple[int, BinaryIO]] = []
    for lane in range(lanes):
        returned = tempfile.TemporaryFile()  # noqa: SIM115 - read once the child has ended
        child = os.fork()
        if child == 0:
            code = _CRASHED
            try:
                pickle.dump(work(lane), returned)
                returned.flush()
                sys.stdout.flush()
                code = 0
            finally:
                os._exit(code)
        children.append((child, returned))
    results: list[Result] = []
    for child, returned in children:
        _, status = os.waitpid(child, 0)
        with returned:
            if status:
                raise RuntimeError("a lane broke off")
            returned.seek(0)
            results.append(pickle.load(returned))  # noqa: S301 - a child of ours wrote it
    return results


@contextlib.contextmanager
def _files() -> Generator[tuple[int, int, int]]:
    with contextlib.ExitStack() as opened:
        made = [opened.enter_context(tempfile.TemporaryFile("a+b")).fileno() for _ in range(3)]
        yield made[0], made[1], made[2]


def _be_child(work: Work, files: tuple[int, int, int], memory_bytes: int | None) -> None:
    """Run the work in this process, which has just been forked, and end it."""
    code = _CRASHED
    try:
        os.setsid()
        out, err, told = files
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
        if memory_bytes is not None:
            most = _own_address_space() + memory_bytes
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
        code = work(Teller(told))
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - whatever it is, it is told, and the child ends here
        import traceback

        with contextlib.suppress(BaseException):
            traceback.print_exc()
    finally:
        os._exit(code)


def _own_address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _size(descriptor: int) -> int:
    return os.fstat(descriptor).st_size


def _read(descriptor: int) -> bytes:
    return os.pread(descriptor, _size(descriptor), 0)


def _outlived(child: int) -> bool:
    """Whether a process of the child's session is still there after a while."""
    until_s = time.monotonic() + _OUTLIVE_S
    while time.monotonic() < until_s:
        try:
            os.killpg(child, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return True
