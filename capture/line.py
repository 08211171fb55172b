"""The line to the microphone: opened once, watched, and opened again when it was lost.

Nothing here makes its caller wait for a device but ``open`` and ``close``. All other calls to it
are errands, and a device that opens after nobody wants it any more is closed by the errand itself.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from capture.clocks import Clock
from capture.errands import Errand
from capture.source import Opener, Push, Source
from study.errors import EarshotError, MicrophoneFailed, SoundDiffers
from study.terms import SoundFormat

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 5.0  # between two attempts; a plug is back within some
_CLOSING_S = 12.0  # two calls of the sound library, each of which gives up after 5 s


class Line:
    """One source after another, from the same opener and in the same format.

    ``source`` is the one of now, None while there is none; it flows since ``since_s``. ``trouble``
    is why the last attempt to open it again failed, as a sentence.
    """

    def __init__(self, opener: Opener, clock: Clock) -> None:
        self.source: Source | None = None
        self.since_s = 0.0
        self.trouble = ""
        self._opener = opener
        self._clock = clock
        self._form: SoundFormat | None = None
        self._turn = threading.Lock()
        self._is_closed = False
        self._attempt: Errand[None] | None = None
        self._wait_s = _FIRST_WAIT_S
        self._next_s = 0.0

    def open(self) -> SoundFormat:
        """Open the source, which then waits for ``flow``, and return its format.

        Raises:
            NoMicrophone, MicrophoneFailed, NoSoundLibrary: what the opener raises.
        """
        self.source = self._opener()
        self._form = self.source.form
        return self._form

    def flow(self, push: Push) -> None:
        """Let sound flow from the source that was opened.

        Raises:
            MicrophoneFailed: it does not start.
        """
        assert self.source is not None
        self.since_s = self._clock()
        self.source.start(push)

    @property
    def is_alive(self) -> bool:
        """Whether sound may still come from the source of now."""
        source = self.source
        return source is not None and source.is_alive

    def lose(self, push: Callable[[], Push]) -> None:
        """Give the source up and look for it again at once; ``push`` makes where it then flows."""
        gone, self.source = self.source, None
        self._wait_s = _FIRST_WAIT_S
        self._send(gone, push)

    def look(self, push: Callable[[], Push]) -> None:
        """Try again where an attempt failed and it is time to."""
        if self.source is not None or self._attempt is None or not self._attempt.is_done:
            return
        failure = self._attempt.failure
        if failure is not None and not self._next_s:
            told = isinstance(failure, EarshotError)
            self.trouble = str(failure) if told else str(MicrophoneFailed())
            self._next_s = self._clock() + self._wait_s
            self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)
        if self._next_s and self._clock() >= self._next_s:
            self._send(None, push)

    def close(self) -> None:
        """Let no more come. Waits for a device that hangs, but not for ever."""
        with self._turn:
            self._is_closed = True
            gone, self.source = self.source, None
        if gone is not None:
            Errand(lambda: _stop(gone), "closing the microphone").wait(_CLOSING_S)

    def _send(self, gone: Source | None, push: Callable[[], Push]) -> None:
        self._next_s = 0.0
        self._attempt = Errand(lambda: self._again(gone, push), "opening the microphone")

    def _again(self, gone: Source | None, push: Callable[[], Push]) -> None:
        if gone is not None:
            _stop(gone)
        if self._is_closed:
            return
        found = self._opener()
        try:
            if found.form != self._form:
                raise SoundDiffers
            found.start(push())
        except BaseException:
            _stop(found)
            raise
        with self._turn:
            if not self._is_closed:
                self.since_s = self._clock()
                self.source, self.trouble = found, ""
                return
        _stop(found)


def _stop(source: Source) -> None:
    with contextlib.suppress(MicrophoneFailed):  # a device that hangs costs no sound
        source.stop()
