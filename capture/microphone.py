"""A microphone through PortAudio, as a source of sound for the recorder.

PortAudio calls back on a thread of its own, which must never wait: it copies the block and is
gone. None of its status flags fire on the faults that lose interviews, so it is only asked
whether the stream is still alive; the recorder watches the clock.
"""

from __future__ import annotations

from collections.abc import Callable

from capture.devices import Device
from capture.errands import PATIENCE_S, within
from capture.portaudio import Portaudio, Stream, portaudio
from capture.source import Push
from study.errors import MicrophoneFailed, NoMicrophone
from study.terms import SoundFormat

# Through a sound server PortAudio reports 44,100 Hz whatever the hardware does; nearly all
# microphones and servers run at 48,000, where nothing is resampled.
_NATIVE_RATE = 48_000


class Microphone:
    """An open input stream. Sound flows from ``start`` to ``stop``; it is used once."""

    def __init__(self, device: Device, channels: int = 1, *, rate: int | None = None) -> None:
        """Open the device.

        rate: in Hz; None takes 48,000 if the device does it and its own usual rate if not.

        Raises:
            NoMicrophone: it has fewer channels than that.
            MicrophoneFailed: it does not open, or not in time.
        """
        if channels > device.channels:
            raise NoMicrophone
        self._library = portaudio()
        self._push: Push | None = None
        self._is_finished = False
        wanted = rate or within(PATIENCE_S, lambda: self._usual(device, channels))
        self.form = SoundFormat(wanted, channels)
        self._stream = within(PATIENCE_S, lambda: _opened(self._library, device, self))

    @property
    def is_alive(self) -> bool:
        """Whether sound may still come; PortAudio's ``stopped`` stays False when it died."""
        return not self._is_finished

    def start(self, push: Push) -> None:
        """Let sound flow into ``push``, which is called on PortAudio's thread.

        Raises:
            MicrophoneFailed: it does not start, or not in time.
        """
        self._push = push
        within(PATIENCE_S, lambda: self._told(self._stream.start))

    def stop(self) -> None:
        """Stop and close. A frozen sound server is left to itself after some seconds.

        Raises:
            MicrophoneFailed: it did not stop; what was recorded is not affected.
        """
        # Abort, not stop: both end within one block, and stop waits longer on a frozen server.
        within(PATIENCE_S, lambda: self._told(self._ended))

    def take(self, block: bytes, _frames: int, _time: object, _status: object) -> None:
        """Be PortAudio's callback: copy and hand on, nothing else."""
        if self._push is not None:
            self._push(bytes(block))

    def finished(self) -> None:
        """Be told by PortAudio that the stream ended, for whatever reason."""
        self._is_finished = True

    def _usual(self, device: Device, channels: int) -> int:
        try:
            self._library.check_input_settings(
                device=device.index, channels=channels, dtype="int16", samplerate=_NATIVE_RATE
            )
        except self._library.PortAudioError:
            return device.rate
        return _NATIVE_RATE

    def _told(self, call: Callable[[], None]) -> None:
        try:
            call()
        except self._library.PortAudioError as failed:
            raise MicrophoneFailed from failed

    def _ended(self) -> None:
        self._stream.abort()
        self._stream.close()


def _opened(library: Portaudio, device: Device, microphone: Microphone) -> Stream:
    try:
        return library.RawInputStream(
            device=device.index,
            channels=microphone.form.channels,
            dtype="int16",
            samplerate=microphone.form.rate,
            latency="high",  # nobody listens to it live, and larger blocks survive a busy machine
            callback=microphone.take,
            finished_callback=microphone.finished,
        )
    except library.PortAudioError as failed:
        raise MicrophoneFailed from failed
