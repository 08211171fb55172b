"""The study's side of a cluster: which worker gets which window, and what is believed of it.

A worker is used once it has proven that it is one. It has two windows at a time, one that it hears
and one that waits. A window whose worker goes, or refuses, or takes far longer than others goes to
another one, and the first answer counts. What a worker answers is believed only if it opens with
the key that it proved and answers the very question; who answers something else is not asked again.
Nothing is kept here: the caller saves each window.
"""

from __future__ import annotations

import contextlib
import math
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self, TypeVar

import msgspec

from study.errors import (
    CertificateRefused,
    ClusterError,
    SchedulerFlaw,
    SchedulerUnreachable,
    Stopped,
    WorkerFlaw,
    WorkersLost,
)
from study.store import (
    ChannelKeys,
    ClusterCertificate,
    ClusterRole,
    SealBroken,
    StudyChannel,
    build_worker_environment,
    read_certificate,
)
from transcribe.cluster.cluster_place import ClusterPlace
from transcribe.cluster.dask_settings import require_dask
from transcribe.cluster.messages import (
    Answer,
    Answered,
    Connected,
    CourierEnd,
    Ended,
    Errand,
    Introduction,
    Joined,
    Left,
    News,
    Question,
    Refusal,
    Undelivered,
    build_proof,
    describe_version,
    read_message,
    write_message,
)

PATIENCE_S = 120.0  # without any worker, after which a transcription gives up
_MOST_MISSES = 2  # of a scheduler that was never reached: its address may be wrong
_FIRST_PATIENCE_S = 20.0  # for the first worker, at least
_REFUSED_PATIENCE_S = 10.0  # for other workers, where those that are there cannot be used
PLACES = 2  # windows that a worker has at a time
_FIRST_LIMIT_S = 120.0  # for a window, while it is not known how long one takes
_LEAST_LIMIT_S, _SLOW = (
    20.0,
    6.0,
)  # of others' mean time, after which another worker gets it as well
_AGAIN_S = 1.0  # between two couriers
_LOOK_S = 0.5
_MOST_AT_ONCE = 512
_MOST_FAILURES = 3  # of one window at different workers: then it is the window's fault
_PROGRAM = (sys.executable, "-P", "-m", "transcribe.cluster.courier")

T = TypeVar("T")


class CourierProcess(Protocol):
    """The process that carries sealed bytes, as its pipes show it."""

    @property
    def stdin(self) -> IO[bytes] | None:
        """Takes errands."""
        ...

    @property
    def stdout(self) -> IO[bytes] | None:
        """Brings news."""
        ...

    def kill(self) -> None:
        """End it; it holds nothing that could be lost."""
        ...

    def wait(self) -> object:
        """Wait until it has ended."""
        ...


StartCourier = Callable[[str, Path], CourierProcess]
CheckAnswer = Callable[[Answer], T]
"""Returns what is wanted of an answer; raises ValueError for one that cannot be."""


@dataclass(slots=True, eq=False)
class _Worker:
    """A worker that has proven its key; asked: the tickets that it has not answered."""

    address: str
    channel: StudyChannel
    asked: set[int] = field(default_factory=set[int])
    is_slow: bool = False


@dataclass(slots=True, eq=False)
class _Ticket:
    """A question that is with a worker. events: where its window waits for what becomes of it."""

    number: int
    worker: _Worker
    sealed: bytes
    sent_s: float
    events: queue.SimpleQueue[tuple[_Ticket, bytes | None]]


class RemoteWorkers:
    """The workers of a cluster, which any thread may ask; a context manager."""

    def __init__(
        self,
        place: ClusterPlace,
        *,
        patience_s: float = PATIENCE_S,
        start: StartCourier | None = None,
    ) -> None:
        """Prepare; nothing is started yet.

        Raises:
            ClusterNotInstalled, CertificateRefused.
        """
        require_dask()
        self._place = place
        self._certificate: ClusterCertificate = read_certificate(place.folder, ClusterRole.STUDY)
        self._patience_s = patience_s
        self._start = start or start_courier
        self._keys = ChannelKeys()
        self._version = describe_version()
        self._changed = threading.Condition()
        self._workers: dict[str, _Worker] = {}
        self._refused: set[str] = set()
        self._flaw = WorkerFlaw.GONE
        self._tickets: dict[int, _Ticket] = {}
        self._numbers = 0
        self._alone_s = time.monotonic()  # since when there is no worker
        self._failure: Exception | None = None
        self._misses = 0  # couriers that never reached the scheduler
        self._mean_s = 0.0
        self._heard = 0
        self._courier: CourierProcess | None = None
        self._writing = threading.Lock()
        self._closing = threading.Event()
        self._is_connected = self._was_connected = self._had_worker = False
        # The kernel ends the courier with the thread that started it: one thread starts them all.
        self._thread = threading.Thread(target=self._follow, name="courier", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.abandon()
        self._thread.join()

    @property
    def are_elsewhere(self) -> bool:
        """Whether sound leaves this computer for them."""
        return self._place.is_elsewhere

    def count_places(self) -> int:
        """Return how many windows can be with workers at once; at least 1."""
        with self._changed:
            places = PLACES * sum(not one.is_slow for one in self._workers.values())
        return min(max(1, places), _MOST_AT_ONCE)

    def abandon(self) -> None:
        """Ask nobody any more; whoever waits for an answer gets ``Stopped``."""
        with self._changed:
            self._closing.set()
            self._fail(Stopped("Transcribing"))
            courier = self._courier
        if courier is not None:
            courier.kill()

    def ask(self, question: Question, check: CheckAnswer[T]) -> T:
        """Have a worker answer, and return what ``check`` makes of the answer.

        Raises:
            WorkersLost, SchedulerUnreachable, CertificateRefused: nobody can be asked any more.
            Stopped: somebody called ``abandon``.
        """
        plain = msgspec.msgpack.encode(question)
        events: queue.SimpleQueue[tuple[_Ticket, bytes | None]] = queue.SimpleQueue()
        asked: list[_Ticket] = []
        failures = 0
        while True:
            if not asked or self._is_overdue(asked):
                ticket = self._send(plain, events, asked, waits=not asked)
                if ticket is not None:
                    asked.append(ticket)
            try:
                ticket, sealed = events.get(timeout=_LOOK_S)
            except queue.Empty:
                self._raise_failure()
                continue
            asked.remove(ticket)
            self._raise_failure()
            if sealed is None:  # the worker is gone
                continue
            try:
                return self._read_answer(ticket, sealed, check)
            except _NoAnswer as none:
                failures += none.flaw is WorkerFlaw.FAILED
                if failures >= _MOST_FAILURES:
                    raise WorkersLost(WorkerFlaw.FAILED) from none
                self._put_off(ticket.worker, none.flaw)

    def _read_answer(self, ticket: _Ticket, sealed: bytes, check: CheckAnswer[T]) -> T:
        try:
            plain = ticket.worker.channel.open_answer(ticket.sealed, sealed)
            answer: Answer = msgspec.msgpack.decode(plain, type=Answer)
        except (SealBroken, msgspec.DecodeError, ValueError) as broken:
            raise _NoAnswer(WorkerFlaw.LIED) from broken
        if isinstance(answer, Refusal):
            raise _NoAnswer(answer.flaw)
        try:
            found = check(answer)
        except ValueError as broken:
            raise _NoAnswer(WorkerFlaw.LIED) from broken
        with self._changed:
            self._heard += 1
            took_s = time.monotonic() - ticket.sent_s
            self._mean_s += (took_s - self._mean_s) / min(self._heard, 50)
        return found

    def _is_overdue(self, asked: list[_Ticket]) -> bool:
        """Whether whoever has a window takes far longer with it than others; it is slow then."""
        with self._changed:
            limit_s = (
                max(_LEAST_LIMIT_S, _SLOW * self._mean_s) if self._heard else _FIRST_LIMIT_S
            ) * 2 ** (len(asked) - 1)
            late = time.monotonic() - max(ticket.sent_s for ticket in asked) > limit_s
            if late:
                for ticket in asked:
                    ticket.worker.is_slow = True
        return late

    def _send(
        self,
        plain: bytes,
        events: queue.SimpleQueue[tuple[_Ticket, bytes | None]],
        asked: list[_Ticket],
        *,
        waits: bool,
    ) -> _Ticket | None:
        """Send a question to the worker that has the least to do; None where there is none.

        waits: until one has a place, as long as there is patience.
        """
        with self._changed:
            while (worker := self._choose({one.worker.address for one in asked})) is None:
                self._raise_failure()
                if not waits:
                    return None
                self._changed.wait(_LOOK_S)
            self._raise_failure()
            self._numbers += 1
            number = self._numbers
            worker.asked.add(number)
        sealed = worker.channel.seal_question(plain)
        ticket = _Ticket(number, worker, sealed, time.monotonic(), events)
        with self._changed:
            if self._workers.get(worker.address) is not worker:  # it went meanwhile
                events.put((ticket, None))
                return ticket
            self._tickets[number] = ticket
            courier = self._courier
        self._write(courier, Errand(number, worker.address, sealed))
        return ticket

    def _write(self, courier: CourierProcess | None, errand: Errand) -> None:
        pipe = courier.stdin if courier is not None else None
        with self._writing, contextlib.suppress(OSError, ValueError):  # it ended; its reader tells
            if pipe is not None:
                write_message(pipe, errand)

    def _choose(self, but: set[str]) -> _Worker | None:
        free = [
            one
            for one in self._workers.values()
            if len(one.asked) < PLACES and not one.is_slow and one.address not in but
        ]
        return min(free, key=lambda one: len(one.asked), default=None)

    def _put_off(self, worker: _Worker, flaw: WorkerFlaw) -> None:
        """Ask a worker no more that does not do what it is for."""
        with self._changed:
            self._flaw = flaw
            if flaw is not WorkerFlaw.FAILED:
                self._refused.add(worker.address)
                self._remove(worker.address)

    def _remove(self, address: str) -> None:
        """Forget a worker; what it was asked is asked of another one."""
        gone = self._workers.pop(address, None)
        if gone is None:
            return
        for number in gone.asked:
            ticket = self._tickets.pop(number, None)
            if ticket is not None:
                ticket.events.put((ticket, None))
        if not self._workers:
            self._alone_s = time.monotonic()
        self._changed.notify_all()

    def _raise_failure(self) -> None:
        """Raise why nobody can be asked any more, if that is so."""
        with self._changed:
            if self._failure is not None:
                raise self._failure
            if self._workers or time.monotonic() - self._alone_s <= self._find_patience_s():
                return
            raise WorkersLost(self._flaw) if self._is_connected else SchedulerUnreachable

    def _find_patience_s(self) -> float:
        """Return how long it is waited for a worker: less where it is known that none will do."""
        if self._refused and self._is_connected:
            return min(self._patience_s, _REFUSED_PATIENCE_S)
        if not self._was_connected:
            return math.inf  # it is the courier that finds out, however slow this computer is
        return self._patience_s if self._had_worker else max(self._patience_s, _FIRST_PATIENCE_S)

    def _fail(self, problem: Exception) -> None:
        self._failure = self._failure or problem
        for ticket in self._tickets.values():
            ticket.events.put((ticket, None))
        self._tickets.clear()
        self._changed.notify_all()

    def _follow(self) -> None:
        """Start couriers, one after the other, and hear what each says."""
        while not self._closing.is_set():
            try:
                why = self._follow_courier()
            except (ClusterError, OSError) as problem:
                with self._changed:
                    self._fail(
                        problem if isinstance(problem, ClusterError) else SchedulerUnreachable()
                    )
                return
            with self._changed:
                self._is_connected = False
                for address in list(self._workers):
                    self._remove(address)
                self._misses += not self._was_connected
                if why is CourierEnd.REFUSED:
                    self._fail(self._explain_refusal())
                elif self._misses >= _MOST_MISSES:
                    self._fail(SchedulerUnreachable())
                if self._failure is not None:
                    return
            self._closing.wait(_AGAIN_S)

    def _explain_refusal(self) -> ClusterError:
        try:
            read_certificate(self._place.folder, ClusterRole.STUDY)
        except CertificateRefused as flaw:
            return flaw
        return SchedulerUnreachable(SchedulerFlaw.REFUSED)

    def _follow_courier(self) -> CourierEnd:
        with self._changed:
            if self._closing.is_set():
                return CourierEnd.SILENT
            self._courier = self._start(self._place.scheduler, self._place.folder)
        courier = self._courier
        why = CourierEnd.SILENT
        try:
            assert courier.stdout is not None
            while (raw := read_message(courier.stdout)) is not None:
                news: News = msgspec.msgpack.decode(raw, type=News)
                if isinstance(news, Ended):
                    why = news.why
                    break
                with self._changed:
                    self._note(news)
        except (msgspec.DecodeError, ValueError):
            pass  # it is not the courier any more that we started
        finally:
            courier.kill()
            courier.wait()
            for pipe in (courier.stdin, courier.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
        return why

    def _note(self, news: News) -> None:
        if isinstance(news, Connected):
            self._is_connected = self._was_connected = True
            self._alone_s = time.monotonic()  # its workers have to come first
        elif isinstance(news, Joined):
            self._welcome(news)
        elif isinstance(news, Left):
            self._remove(news.worker)
        elif isinstance(news, Answered):
            self._settle(news.ticket, news.sealed)
        elif isinstance(news, Undelivered):
            self._settle(news.ticket, None)

    def _settle(self, number: int, sealed: bytes | None) -> None:
        """Give a ticket's window what came of it; None: nothing."""
        ticket = self._tickets.pop(number, None)
        if ticket is None:
            return
        ticket.worker.asked.discard(number)
        ticket.worker.is_slow = sealed is None  # until it answers, or joins anew
        ticket.events.put((ticket, sealed))
        self._changed.notify_all()

    def _welcome(self, news: Joined) -> None:
        """Use a worker from now on, if it proves that it is one."""
        try:
            shown = msgspec.msgpack.decode(news.introduction, type=Introduction)
            is_proven = self._certificate.is_proven(
                ClusterRole.WORKER, shown.certificate, shown.signature, build_proof(shown.public)
            )
            channel = StudyChannel(self._keys, shown.public) if is_proven else None
        except (msgspec.DecodeError, ValueError, SealBroken, OSError):
            shown, channel = None, None
        if shown is None or channel is None:
            self._flaw = WorkerFlaw.UNPROVEN
        elif shown.version != self._version:
            self._flaw = WorkerFlaw.OTHER_VERSION
        elif news.worker not in self._refused:
            self._workers[news.worker] = _Worker(news.worker, channel)
            self._had_worker = True
            self._changed.notify_all()
            return
        self._refused.add(news.worker)


class _NoAnswer(Exception):
    """A worker gave none; ``flaw`` says why."""

    def __init__(self, flaw: WorkerFlaw) -> None:
        super().__init__()
        self.flaw = flaw


def start_courier(scheduler: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start the process that carries sealed bytes; see ``transcribe.cluster.courier``."""
    return subprocess.Popen(
        [*_PROGRAM, scheduler, str(folder), str(os.getpid())],
        env=build_worker_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
