"""Calls that may never come back, made on threads of their own.

While a sound server is frozen, PortAudio's open, stop and abort block until it thaws. No thread
that a person waits for may make such a call; it is sent, and waited for only so long.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from study.errors import MicrophoneFailed

T = TypeVar("T")
PATIENCE_S = 5.0  # opening a device took 0.1 s at most, with a healthy server

_one_at_a_time = threading.Lock()  # a stop, an abort and an open issued together hung for good


class Errand(Generic[T]):
    """One call on a daemon thread, so that it can hold up neither its caller nor the exit."""

    def __init__(self, call: Callable[[], T], name: str) -> None:
        self._call = call
        self._value: list[T] = []
        self._failure: BaseException | None = None
        self._done = threading.Event()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def wait(self, limit_s: float | None = None) -> bool:
        """Wait until it is done, or for ``limit_s`` seconds; tell which."""
        return self._done.wait(limit_s)

    @property
    def is_done(self) -> bool:
        """Whether the call has returned or raised."""
        return self._done.is_set()

    @property
    def failure(self) -> BaseException | None:
        """What it raised, None while it runs or when it returned."""
        return self._failure

    def result(self) -> T:
        """Return what a call that is done returned, or raise what it raised."""
        if self._failure is not None:
            raise self._failure
        return self._value[0]

    def _run(self) -> None:
        try:
            self._value.append(self._call())
        except BaseException as failure:  # noqa: BLE001 - carried to whoever asks for the result
            self._failure = failure
        finally:
            self._done.set()


def within(limit_s: float, call: Callable[[], T]) -> T:
    """Make one call to the sound library and wait ``limit_s`` for it; one at a time.

    Raises:
        MicrophoneFailed: it did not come back in time, or an earlier call still has not.
    """

    def alone() -> T:
        try:
            return call()
        finally:
            _one_at_a_time.release()

    if not _one_at_a_time.acquire(timeout=limit_s):
        raise MicrophoneFailed
    errand = Errand(alone, "sound library")
    if not errand.wait(limit_s):
        raise MicrophoneFailed
    return errand.result()
