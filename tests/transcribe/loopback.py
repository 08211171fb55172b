"""A courier without a network: workers of this very process behind the pipes of a study's process.

It speaks the same messages; what its workers answer is up to a test.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Protocol

import msgspec

from study.store import ClusterCertificate
from transcribe.cluster.messages import (
    Answered,
    Connected,
    CourierEnd,
    Ended,
    Errand,
    Joined,
    Left,
    News,
    read_message,
    write_message,
)
from transcribe.cluster.window_hearer import WindowHearer


class Hears(Protocol):
    """A worker, honest or not."""

    def introduce(self) -> bytes: ...

    def answer(self, question: bytes) -> bytes: ...


class Honest(WindowHearer):
    """A worker that does what it is asked, and counts how often."""

    def __init__(self, certificate: ClusterCertificate) -> None:
        super().__init__(certificate, threads=1)
        self.asked: list[bytes] = []

    def answer(self, question: bytes) -> bytes:
        self.asked.append(question)
        return super().answer(question)


class Loopback:
    """Stands where the process of the courier would."""

    def __init__(self, workers: Mapping[str, Hears], end: CourierEnd | None = None) -> None:
        """Take the workers by their addresses; ``end``: say at once that the scheduler is lost."""
        theirs, self.stdin = _make_pipe()
        self.stdout, self._out = _make_pipe()
        self._workers, self._end = workers, end
        self._writing = threading.Lock()
        self.passed = bytearray()  # all that went through
        threading.Thread(target=self._carry, args=(theirs,), daemon=True).start()

    def kill(self) -> None:
        with self._writing:
            self._out.close()

    def wait(self) -> None:
        """It has ended when its pipes are closed."""

    def tell(self, news: News) -> None:
        with self._writing:
            if not self._out.closed:
                write_message(self._out, news)

    def leave(self, worker: str) -> None:
        self.tell(Left(worker))

    def _carry(self, theirs: IO[bytes]) -> None:
        with theirs:
            if self._end is not None:
                self.tell(Ended(self._end))
                return
            self.tell(Connected())
            for address, worker in self._workers.items():
                self.tell(Joined(address, worker.introduce()))
            while (raw := read_message(theirs)) is not None:
                errand = msgspec.msgpack.decode(raw, type=Errand)
                threading.Thread(target=self._answer, args=(errand,), daemon=True).start()

    def _answer(self, errand: Errand) -> None:
        sealed = self._workers[errand.worker].answer(errand.sealed)
        self.passed += errand.sealed + sealed
        self.tell(Answered(errand.ticket, sealed))


def _make_pipe() -> tuple[IO[bytes], IO[bytes]]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


def starting(loopback: Loopback) -> Callable[[str, Path], Loopback]:
    """Return what starts this courier."""

    def start(scheduler: str, folder: Path) -> Loopback:
        del scheduler, folder
        return loopback

    return start
