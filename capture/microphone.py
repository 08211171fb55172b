"""A microphone through PortAudio, as a source of sound for the recorder.

PortAudio calls back on a thread of its own, which must never wait: it copies the block and is
gone. None of its status flags fire on the faults that lose interviews, so it is only asked
whether the stream is still alive; the session watches the clock, and asks the sound server what
is really listened to.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

from capture import devices, soundserver
from capture.devices import Device
from capture.errands import PATIENCE_S, within
from capture.portaudio import Stream, hold, portaudio, release
from capture.source import Opener, Push, Source
from study.errors import MicrophoneFailed, NoMicrophone
from study.screen_text import safe
from study.terms import SoundFormat

# Where no sound server tells the rate: PortAudio reports 44,100 Hz whatever the hardware does;
# nearly all microphones run at 48,000, where nothing is resampled.
_NATIVE_RATE = 48_000
# What the driver keeps for us when we are late: nobody listens to it live, and "high" is 35 ms
# through a server, in 110 blocks a second. This makes 20, of 50 ms.
_LATENCY_S = 0.2
_TOLD_S = 1.0  # in which who asked what is heard can mark it, before the stream is given up
_CHOSEN = "PULSE_SOURCE"  # the only way to tell the server through ALSA and PortAudio


class Microphone:
    """An open input stream. Sound flows from ``start`` to ``stop``; it is used once."""

    def __init__(self, device: Device, channels: int = 1, *, rate: int | None = None) -> None:
        """Open the device.

        rate: in Hz; None takes what the sound server has it at, or without a server 48,000 if the
        device does it and its own usual rate if not.

        Raises:
            NoMicrophone: it has fewer channels than that.
            MicrophoneFailed: it does not open, or not in time.
        """
        if channels > device.channels:
            raise NoMicrophone
        self._library = portaudio()
        self._device = device
        self._push: Push | None = None
        self._is_finished = False
        self._astray_s: float | None = None
        self._heard_first = ""
        self._overflows = 0
        self._source = soundserver.straight(device.source, channels) if device.source else ""
        wanted = rate or within(PATIENCE_S, lambda: self._usual(device, channels))
        self.form = SoundFormat(wanted, channels)
        self._stream = within(PATIENCE_S, self._opened, late=self._close)

    @property
    def is_alive(self) -> bool:
        """Whether sound may still come; PortAudio's ``stopped`` stays False when it died."""
        since_s = self._astray_s
        is_astray = since_s is not None and time.monotonic() - since_s > _TOLD_S
        return not (self._is_finished or is_astray)

    @property
    def overflows(self) -> int:
        """How often PortAudio has said that it lost sound; through a sound server it never does."""
        return self._overflows

    def listens_to(self) -> str:
        """Name what is really listened to, as ``devices`` does; empty where nobody knows.

        A stream that the server moved to a loudspeaker's monitor, or that it left with another
        microphone though its own was plugged in again, is given up: it is no longer alive. Until
        then the other microphone is good, for some sound is better than none.

        May take as long as the sound server takes to answer, some seconds at most.
        """
        ours, first = self._device.source, self._heard_first
        if ours is None:
            return self._device.name
        if first:  # whoever asks for the first time is to know what it was, before it changes
            self._heard_first = ""
            return first
        try:
            name = soundserver.heard()
            if name in {ours.name, ""}:
                return self._device.name if name else ""
            there = {source.name: source for source in soundserver.sources() or []}
        except MicrophoneFailed:
            return ""
        other, again = there.get(name), there.get(ours.name)
        is_monitor = other is not None and other.is_monitor and not ours.is_monitor
        if is_monitor or (again is not None and again.index != ours.index):
            self._astray_s = self._astray_s or time.monotonic()
        told = safe(other.description) if other else ""
        # In other words than ours, even if people call both the same.
        return told if told and told != self._device.name else f"{told} ({safe(name)})".strip()

    def start(self, push: Push) -> None:
        """Let sound flow into ``push``, which is called on PortAudio's thread.

        Raises:
            NoMicrophone: what flows comes from another source; it was closed again.
            MicrophoneFailed: it does not start, or not in time.
        """
        self._push = push
        within(PATIENCE_S, lambda: self._told(self._stream.start))
        heard = self.listens_to()
        if heard not in {self._device.name, ""}:
            self.stop()
            raise NoMicrophone
        self._heard_first = heard

    def stop(self) -> None:
        """Hand over what was heard until now, stop and close.

        A frozen sound server is left to itself after some seconds; the stream is closed when it
        thaws.

        Raises:
            MicrophoneFailed: it did not stop; what was recorded is not affected.
        """
        within(PATIENCE_S, lambda: self._told(self._ended))

    def take(self, block: bytes, _frames: int, _time: object, status: object) -> None:
        """Be PortAudio's callback: copy and hand on, nothing else."""
        if self._push is not None:
            self._push(bytes(block))
        if status:
            self._overflows += 1

    def finished(self) -> None:
        """Be told by PortAudio that the stream ended, for whatever reason."""
        self._is_finished = True

    def _usual(self, device: Device, channels: int) -> int:
        if device.source is not None:
            return device.rate
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

    def _opened(self) -> Stream:
        if self._source:
            os.environ[_CHOSEN] = self._source
        try:
            stream = self._library.RawInputStream(
                device=self._device.index,
                channels=self.form.channels,
                dtype="int16",
                samplerate=self.form.rate,
                latency=_LATENCY_S,
                callback=self.take,
                finished_callback=self.finished,
            )
        except self._library.PortAudioError as failed:
            raise MicrophoneFailed from failed
        hold(stream)
        return stream

    def _ended(self) -> None:
        if self.is_alive:
            time.sleep(self._stream.latency)  # what is on its way was said before the stop
            self._stream.stop()
        self._close(self._stream)

    def _close(self, stream: Stream) -> None:
        with contextlib.suppress(self._library.PortAudioError):
            stream.close()
        release(stream)
        with contextlib.suppress(MicrophoneFailed):
            soundserver.forget(self._source)


def opener(name: str | None = None, channels: int | None = None) -> Opener:
    """Return what opens a microphone, and opens it again when it was lost.

    name: see ``devices.find``; while the one that was named is away, nothing else is opened
    instead. None is whatever the system's own is each time. channels: None is one.
    All that it opens have the rate of the first, for a recording has only one.
    """
    rates: list[int] = []

    def opened() -> Source:
        found = devices.find(name)
        microphone = Microphone(found, channels or 1, rate=rates[0] if rates else None)
        rates[:] = [microphone.form.rate]
        return microphone

    return opened
