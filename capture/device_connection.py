"""The connection to a microphone: opens it, and opens it again after it was lost.

Only ``open`` and ``close`` wait for the device; it is opened again on a thread of its own, which
also closes a device that opens after the connection was closed.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from capture.audio_source import AudioSource, OpenSource, PushSound
from capture.blocking_calls import BlockingCall
from capture.clocks import Clock
from study import SoundFormat
from study.errors import EarshotError, MicrophoneFailed, SoundDiffers

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 5.0  # between two attempts; a plug is back within some
_CLOSING_S = 12.0  # two calls of the sound library, each of which gives up after 5 s


class DeviceConnection:
    """One source after another, from the same opener and in the same format.

    source: the present one, None while there is none. since_s: when it started. trouble: why the
    last attempt to open it again failed, as a sentence.
    """

    def __init__(self, opener: OpenSource, clock: Clock) -> None:
        self.source: AudioSource | None = None
        self.since_s = 0.0
        self.trouble = ""
        self._opener = opener
        self._clock = clock
        self._form: SoundFormat | None = None
        self._turn = threading.Lock()
        self._is_closed = False
        self._attempt: BlockingCall[None] | None = None
        self._wait_s = _FIRST_WAIT_S
        self._next_s = 0.0

    def open(self) -> SoundFormat:
        """Open the source, without starting it, and return its format.

        Raises:
            NoMicrophone, MicrophoneFailed, NoSoundLibrary: the opener raised it.
        """
        self.source = self._opener()
        self._form = self.source.form
        return self._form

    def start_flow(self, push: PushSound) -> None:
        """Start the open source, which then calls ``push`` with its sound.

        Raises:
            MicrophoneFailed: it does not start.
        """
        assert self.source is not None
        self.since_s = self._clock()
        self.source.start(push)

    @property
    def is_alive(self) -> bool:
        """Whether the present source may still give sound."""
        source = self.source
        return source is not None and source.is_alive

    def reopen(self, push: Callable[[], PushSound]) -> None:
        """Give the source up and try to open it again at once.

        push: called when the source is open, returns where its sound is to go.
        """
        gone, self.source = self.source, None
        self._wait_s = _FIRST_WAIT_S
        self._start_attempt(gone, push)

    def retry_when_due(self, push: Callable[[], PushSound]) -> None:
        """Try to open the source again if the last attempt failed long enough ago."""
        if self.source is not None or self._attempt is None or not self._attempt.is_done:
            return
        failure = self._attempt.failure
        if failure is not None and not self._next_s:
            self.trouble = str(failure if isinstance(failure, EarshotError) else MicrophoneFailed())
            self._next_s = self._clock() + self._wait_s
            self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)
        if self._next_s and self._clock() >= self._next_s:
            self._start_attempt(None, push)

    def close(self) -> None:
        """Close the source for good. Waits 12 s at most for a device that hangs."""
        with self._turn:
            self._is_closed = True
            gone, self.source = self.source, None
        if gone is not None:
            BlockingCall(lambda: _stop(gone), "closing the microphone").wait(_CLOSING_S)

    def _start_attempt(self, gone: AudioSource | None, push: Callable[[], PushSound]) -> None:
        self._next_s = 0.0
        self._attempt = BlockingCall(lambda: self._open_again(gone, push), "opening the microphone")

    def _open_again(self, gone: AudioSource | None, push: Callable[[], PushSound]) -> None:
        if gone is not None:
            _stop(gone)
        if self._is_closed:
            return
        source = self._opener()
        try:
            if source.form != self._form:
                raise SoundDiffers
            source.start(push())
        except BaseException:
            _stop(source)
            raise
        with self._turn:
            if not self._is_closed:
                self.since_s = self._clock()
                self.source, self.trouble = source, ""
                return
        _stop(source)


def _stop(source: AudioSource) -> None:
    with contextlib.suppress(MicrophoneFailed):  # a device that hangs costs no sound
        source.stop()
