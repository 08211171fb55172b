"""Calls that may never come back, made on threads of their own.

While a sound server is frozen, PortAudio's open, stop and abort block until it thaws. No thread
that a person waits for may make such a call; it is sent, and waited for only so long.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from study.errors import MicrophoneFailed

T = TypeVar("T")
PATIENCE_S = 5.0  # opening a device took 0.1 s at most, with a healthy server


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


class OneAtATime:
    """Calls to one library: one at a time, and each waited for only so long.

    A stop, an abort and an open of PortAudio issued together hung for good; and of calls to a
    frozen server no more than one thread is to be left behind.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._free = threading.Lock()

    @property
    def is_free(self) -> bool:
        """Whether no call is under way."""
        return not self._free.locked()

    def within(
        self, limit_s: float, call: Callable[[], T], *, late: Callable[[T], None] | None = None
    ) -> T:
        """Make one call and wait ``limit_s`` for it, its turn included.

        late: takes what the call returns when nobody waits for it any more, such as a device that
        opened after all and is to be closed; it is called before the next one's turn.

        Raises:
            MicrophoneFailed: it did not come back in time, or an earlier call still has not.
        """
        until = time.monotonic() + limit_s
        if not self._free.acquire(timeout=limit_s):
            raise MicrophoneFailed
        agreed, is_over, is_given_up = threading.Lock(), threading.Event(), threading.Event()

        def alone() -> T:
            try:
                value = call()
                with agreed:
                    is_over.set()
                if late is not None and is_given_up.is_set():
                    late(value)
                return value
            finally:
                self._free.release()

        errand = Errand(alone, self._name)
        if not errand.wait(until - time.monotonic()):
            with agreed:
                if not is_over.is_set():
                    is_given_up.set()
                    raise MicrophoneFailed
            errand.wait()
        return errand.result()


to_portaudio = OneAtATime("sound library")


def within(limit_s: float, call: Callable[[], T], *, late: Callable[[T], None] | None = None) -> T:
    """Make one call to PortAudio; see ``OneAtATime.within``."""
    return to_portaudio.within(limit_s, call, late=late)
