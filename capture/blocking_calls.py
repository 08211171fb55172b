"""Calls that may block for ever, made on threads of their own.

While a sound server is frozen, PortAudio's open, stop and abort block until it thaws. No thread
that a person waits for may make such a call: another thread makes it, and the caller waits for
the result for a limited time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from study.errors import MicrophoneFailed

T = TypeVar("T")
PATIENCE_S = 5.0  # opening a device took 0.1 s at most, with a healthy server


class BlockingCall(Generic[T]):
    """One call on a daemon thread, so that it can hold up neither its caller nor the exit."""

    def __init__(self, call: Callable[[], T], name: str) -> None:
        self._call = call
        self._value: list[T] = []
        self._failure: BaseException | None = None
        self._done = threading.Event()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def wait(self, limit_s: float | None = None) -> bool:
        """Wait for the call, at most ``limit_s`` seconds; return whether it is done."""
        return self._done.wait(limit_s)

    @property
    def is_done(self) -> bool:
        """Whether the call has returned or raised."""
        return self._done.is_set()

    @property
    def failure(self) -> BaseException | None:
        """The exception that the call raised, None while it runs or if it returned."""
        return self._failure

    def result(self) -> T:
        """Return the value of a call that is done, or raise its exception."""
        if self._failure is not None:
            raise self._failure
        return self._value[0]

    def _run(self) -> None:
        try:
            self._value.append(self._call())
        except BaseException as failure:  # noqa: BLE001 - ``result`` raises it in the caller
            self._failure = failure
        finally:
            self._done.set()


class SerialCalls:
    """Calls to one library: one at a time, each with a limit to how long its caller waits.

    A stop, an abort and an open of PortAudio issued together hung for good; and a frozen server
    may hold up one thread of ours, not one for each call.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._free = threading.Lock()

    def close(self) -> bool:
        """Let no call begin any more; return whether none is under way.

        A thread that goes on at the end of the program would call beside who tidies up.
        """
        return self._free.acquire(blocking=False)

    def call_within(
        self, limit_s: float, call: Callable[[], T], *, late: Callable[[T], None] | None = None
    ) -> T:
        """Make one call and return its value; wait at most ``limit_s`` seconds, queueing included.

        late: called with the value of a call that returns after its caller gave up, for example
        to close a device that opened too late. The next call starts only after ``late`` returned.

        Raises:
            MicrophoneFailed: the call, or an earlier one, did not return in time.
        """
        until = time.monotonic() + limit_s
        if not self._free.acquire(timeout=limit_s):
            raise MicrophoneFailed
        agreed, is_over, is_given_up = threading.Lock(), threading.Event(), threading.Event()

        def call_alone() -> T:
            try:
                value = call()
                with agreed:
                    is_over.set()
                if late is not None and is_given_up.is_set():
                    late(value)
                return value
            finally:
                self._free.release()

        pending = BlockingCall(call_alone, self._name)
        if not pending.wait(until - time.monotonic()):
            with agreed:
                if not is_over.is_set():
                    is_given_up.set()
                    raise MicrophoneFailed
            pending.wait()
        return pending.result()


PORTAUDIO_CALLS = SerialCalls("sound library")


def call_portaudio(
    limit_s: float, call: Callable[[], T], *, late: Callable[[T], None] | None = None
) -> T:
    """Make one call to PortAudio; see ``SerialCalls.call_within``."""
    return PORTAUDIO_CALLS.call_within(limit_s, call, late=late)
