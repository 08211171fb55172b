"""The loudspeaker or headphones through PortAudio: a stream that asks for sound.

PortAudio asks on a thread of its own, which must never wait. Opening and closing may take seconds
while a sound server hangs: never call them on a thread that a person waits for.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from capture.blocking_calls import PATIENCE_S, call_portaudio
from capture.portaudio import (
    OutputTime,
    Portaudio,
    PortaudioStream,
    load_portaudio,
    register_stream,
    rescan_devices,
    unregister_stream,
)
from capture.time_stretch import Samples
from study import SoundFormat
from study.errors import MicrophoneFailed, NoLoudspeaker

T = TypeVar("T")

# On two cores with ten busy processes, PortAudio's thread came up to 0.19 s late: 0.06 s had gaps
# every few seconds, 0.2 s none. It does not delay a pause, which throws away what is buffered.
OUTPUT_LATENCY_S = 0.2
_LONGEST_LATENCY_S = 1.0  # a driver that reports more mixes up two clocks

# Fills a block, shape (frames, channels), that will be heard at a time of ``time.monotonic``. It
# is called on PortAudio's thread and never waits.
FillOutput = Callable[[Samples, float], None]


class Loudspeaker:
    """An open output, which asks for sound repeatedly between ``start`` and ``halt``."""

    def __init__(
        self, sound_format: SoundFormat, fill: FillOutput, *, device: int | None = None
    ) -> None:
        """Open the device, the system's own for None, with as many channels as it has.

        Raises:
            NoSoundLibrary: PortAudio is not installed.
            NoLoudspeaker: there is none, it does not support the rate, or it took too long.
        """
        self._library = _call_in_time(load_portaudio)  # loading asks the sound server, and may hang
        self._fill = fill
        self._asked_s = time.monotonic()
        self._is_finished = self._is_closed = False
        self._stream, self.channels = self._call_device(
            lambda: self._open_stream(sound_format, device),
            late=lambda opened: _close_stream(opened[0]),
        )

    @property
    def is_alive(self) -> bool:
        """Whether it may still ask for sound: it was neither halted, nor ended by itself."""
        return not self._is_finished

    @property
    def still_s(self) -> float:
        """For how long it has not asked for sound, in seconds."""
        return time.monotonic() - self._asked_s

    def start(self) -> None:
        """Let it ask for sound, for the first 0.2 s at once.

        Raises:
            NoLoudspeaker: it does not start, or not in time.
        """
        self._is_finished = False
        self._call_device(self._stream.start)
        self._asked_s = time.monotonic()

    def halt(self) -> None:
        """Fall silent at once; sound that it has but did not play yet is thrown away.

        Raises:
            NoLoudspeaker: it did not stop within some seconds.
        """
        self._call_device(self._stream.abort)

    def close(self) -> None:
        """Close the device for good; if it hangs, stop waiting after some seconds."""
        self._is_closed = True
        with contextlib.suppress(NoLoudspeaker):
            self._call_device(self._abort_and_close)

    def _open_stream(self, form: SoundFormat, device: int | None) -> tuple[PortaudioStream, int]:
        index, most = _choose_device(self._library, device)
        channels = min(form.channels, most, 2)
        stream = self._library.RawOutputStream(
            device=index,
            channels=channels,
            dtype="int16",
            samplerate=form.rate,
            latency=OUTPUT_LATENCY_S,
            callback=self._take,
            finished_callback=self._finished,
        )
        register_stream(stream)
        return stream, channels

    def _take(self, out: memoryview, frames: int, at: OutputTime, _status: object) -> None:
        """Fill a block, as PortAudio's callback."""
        self._asked_s = now = time.monotonic()
        block = np.frombuffer(out, np.int16).reshape(frames, -1)
        if self._is_closed:  # a server that hung at the close may go on later
            block[:] = 0
            return
        delay_s = at.outputBufferDacTime - at.currentTime
        if not 0.0 <= delay_s <= _LONGEST_LATENCY_S:
            delay_s = OUTPUT_LATENCY_S
        self._fill(block, now + delay_s)

    def _finished(self) -> None:
        self._is_finished = True

    def _abort_and_close(self) -> None:
        self._stream.abort()
        _close_stream(self._stream)

    def _call_device(self, call: Callable[[], T], *, late: Callable[[T], None] | None = None) -> T:
        try:
            return _call_in_time(call, late=late)
        except self._library.PortAudioError as failed:
            raise NoLoudspeaker from failed


def _close_stream(stream: PortaudioStream) -> None:
    stream.close()
    unregister_stream(stream)


def _call_in_time(call: Callable[[], T], *, late: Callable[[T], None] | None = None) -> T:
    try:
        return call_portaudio(PATIENCE_S, call, late=late)
    except MicrophoneFailed as hangs:
        raise NoLoudspeaker from hangs


def _choose_device(library: Portaudio, device: int | None) -> tuple[int, int]:
    """Return a device's number and how many channels it plays.

    Raises:
        NoLoudspeaker: there is none.
    """
    found = library.query_devices()
    if not found:
        rescan_devices(library)  # safe: without a device there is no stream to lose
        found = library.query_devices()
    index = library.default.device[1] if device is None else device
    if not 0 <= index < len(found):
        raise NoLoudspeaker
    channels = int(found[index]["max_output_channels"])
    if channels < 1:
        raise NoLoudspeaker
    return index, channels
