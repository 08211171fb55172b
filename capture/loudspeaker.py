"""The loudspeaker or headphones through PortAudio: a stream that asks for sound.

PortAudio asks on a thread of its own, which must never wait. All that opens and closes it here
may take seconds while a sound server hangs: it is called on no thread that a person waits for.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from capture.errands import PATIENCE_S, within
from capture.portaudio import (
    OutputTime,
    Portaudio,
    Stream,
    hold,
    look_again,
    portaudio,
    release,
)
from capture.stretching import Samples
from study.errors import MicrophoneFailed, NoLoudspeaker
from study.terms import SoundFormat

T = TypeVar("T")

# On two cores with ten busy processes, PortAudio's thread came up to 0.19 s late: 0.06 s had gaps
# every few seconds, 0.2 s none. It does not delay a pause, which throws away what is buffered.
LATENCY_S = 0.2
_LONGEST_LATENCY_S = 1.0  # what a driver says beyond this is no latency but another clock

# Fills a block, shape (frames, channels), that will be heard at a time of ``time.monotonic``. It
# is called on PortAudio's thread and never waits.
Fill = Callable[[Samples, float], None]


class Loudspeaker:
    """An open output. It asks for sound from ``start`` to ``halt``, again and again."""

    def __init__(self, form: SoundFormat, fill: Fill, *, device: int | None = None) -> None:
        """Open the device, the system's own for None, with as many channels of ``form`` as it has.

        Raises:
            NoSoundLibrary: PortAudio is not installed.
            NoLoudspeaker: there is none, or it does not do that rate, or not in time.
        """
        self._library = _in_time(portaudio)  # which asks the sound server, and may hang
        self._fill = fill
        self._asked_s = time.monotonic()
        self._is_finished = self._is_closed = False
        self._stream, self.channels = self._told(
            lambda: self._opened(form, device), late=lambda opened: _closed(opened[0])
        )

    @property
    def is_alive(self) -> bool:
        """Whether it may still ask: it was neither halted nor ended by itself."""
        return not self._is_finished

    @property
    def still_s(self) -> float:
        """For how long it has not asked for sound, in seconds."""
        return time.monotonic() - self._asked_s

    def start(self) -> None:
        """Let it ask for sound; the first 0.2 s at once.

        Raises:
            NoLoudspeaker: it does not start, or not in time.
        """
        self._is_finished = False
        self._told(self._stream.start)
        self._asked_s = time.monotonic()

    def halt(self) -> None:
        """Fall silent at once: what it asked for and was not heard is thrown away.

        Raises:
            NoLoudspeaker: it did not, within seconds.
        """
        self._told(self._stream.abort)

    def close(self) -> None:
        """Let go of the device, for good. If it hangs it is left to itself."""
        self._is_closed = True
        with contextlib.suppress(NoLoudspeaker):
            self._told(self._ended)

    def _opened(self, form: SoundFormat, device: int | None) -> tuple[Stream, int]:
        index, most = _choose(self._library, device)
        channels = min(form.channels, most, 2)
        stream = self._library.RawOutputStream(
            device=index,
            channels=channels,
            dtype="int16",
            samplerate=form.rate,
            latency=LATENCY_S,
            callback=self._take,
            finished_callback=self._finished,
        )
        hold(stream)
        return stream, channels

    def _take(self, out: memoryview, frames: int, at: OutputTime, _status: object) -> None:
        """Be PortAudio's callback."""
        self._asked_s = now = time.monotonic()
        block = np.frombuffer(out, np.int16).reshape(frames, -1)
        if self._is_closed:  # a server that hung when it was closed may wake up later
            block[:] = 0
            return
        delay_s = at.outputBufferDacTime - at.currentTime
        if not 0.0 <= delay_s <= _LONGEST_LATENCY_S:
            delay_s = LATENCY_S
        self._fill(block, now + delay_s)

    def _finished(self) -> None:
        self._is_finished = True

    def _ended(self) -> None:
        self._stream.abort()
        _closed(self._stream)

    def _told(self, call: Callable[[], T], *, late: Callable[[T], None] | None = None) -> T:
        try:
            return _in_time(call, late=late)
        except self._library.PortAudioError as failed:
            raise NoLoudspeaker from failed


def _closed(stream: Stream) -> None:
    stream.close()
    release(stream)


def _in_time(call: Callable[[], T], *, late: Callable[[T], None] | None = None) -> T:
    try:
        return within(PATIENCE_S, call, late=late)
    except MicrophoneFailed as hangs:
        raise NoLoudspeaker from hangs


def _choose(library: Portaudio, device: int | None) -> tuple[int, int]:
    """Return a device's number and how many channels it plays.

    Raises:
        NoLoudspeaker: there is none.
    """
    found = library.query_devices()
    if not found:
        look_again(library)  # safe: without a device there is no stream to lose
        found = library.query_devices()
    index = library.default.device[1] if device is None else device
    if not 0 <= index < len(found):
        raise NoLoudspeaker
    channels = int(found[index]["max_output_channels"])
    if channels < 1:
        raise NoLoudspeaker
    return index, channels
