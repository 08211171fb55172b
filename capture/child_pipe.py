"""The pipe on which a child process sends, read without waiting longer than one may.

Where the system tells whether a pipe has something (select), it is asked; Windows tells that of
sockets alone, so a thread reads there.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import time
from typing import Protocol

from study import IS_WINDOWS

_PIPE_BYTES = 1 << 20  # more than Linux's 64 KiB, so that the processes wait for each other less
_READ_AHEAD = 4  # parts of at most that size
_GIVE_UP_S = 0.2


class ChildPipe(Protocol):
    """The reading end of a child's pipe."""

    def read_into(self, view: memoryview, limit_s: float) -> int | None:
        """Read something; 0 at the end of it all, None where nothing came in time."""
        ...

    def close(self) -> None:
        """Stop reading; the descriptor is the caller's to close."""


def open_child_pipe(descriptor: int) -> ChildPipe:
    """Return what reads the pipe on a descriptor."""
    return _ThreadedPipe(descriptor) if IS_WINDOWS else _SelectedPipe(descriptor)


class _SelectedPipe:
    def __init__(self, descriptor: int) -> None:
        import fcntl

        self._descriptor = descriptor
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with contextlib.suppress(OSError):
                fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def read_into(self, view: memoryview, limit_s: float) -> int | None:
        import select

        if not select.select([self._descriptor], [], [], limit_s)[0]:
            return None
        return os.readv(self._descriptor, [view])

    def close(self) -> None:
        """There is nothing to stop."""


class _ThreadedPipe:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._parts: queue.Queue[bytes] = queue.Queue(_READ_AHEAD)
        self._rest = b""
        self._has_ended = False
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._read_all, daemon=True)
        self._thread.start()

    def read_into(self, view: memoryview, limit_s: float) -> int | None:
        end_s = time.monotonic() + limit_s
        while not self._rest and not self._has_ended:
            try:
                self._rest = self._parts.get(timeout=max(0.0, end_s - time.monotonic()))
            except queue.Empty:
                return None
            self._has_ended = not self._rest
        got = self._rest[: len(view)]
        view[: len(got)] = got
        self._rest = self._rest[len(got) :]
        return len(got)

    def close(self) -> None:
        self._is_closed.set()
        self._thread.join(_GIVE_UP_S * 5)  # the child was ended, so its pipe has an end

    def _read_all(self) -> None:
        part = b"?"
        while part and not self._is_closed.is_set():
            try:
                part = os.read(self._descriptor, _PIPE_BYTES)
            except OSError:
                part = b""
            self._put(part)

    def _put(self, part: bytes) -> None:
        while not self._is_closed.is_set():
            with contextlib.suppress(queue.Full):
                self._parts.put(part, timeout=_GIVE_UP_S)
                return
