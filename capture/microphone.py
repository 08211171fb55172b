"""A microphone through PortAudio, as a source of sound for the recorder.

PortAudio calls back on a thread of its own, which must never wait: the callback only copies the
block. None of PortAudio's status flags fire on the faults that lose interviews, so only whether the
stream is alive is taken from it; the session watches the clock, and asks the sound server which
source the stream is really connected to.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

from capture.audio_source import AudioSource, OpenSource, PushSound
from capture.blocking_calls import PATIENCE_S, call_portaudio
from capture.devices import Device, find_device
from capture.portaudio import PortaudioStream, load_portaudio, register_stream, unregister_stream
from capture.sound_server import (
    find_heard_source,
    list_server_sources,
    remap_source,
    remove_remapped_source,
)
from study import SoundFormat, sanitise_text
from study.errors import MicrophoneFailed, NoMicrophone, SoundDiffers

# Where no sound server tells the rate: PortAudio reports 44,100 Hz whatever the hardware does;
# nearly all microphones run at 48,000, where nothing is resampled.
_NATIVE_RATE = 48_000
# How much the driver buffers when we are late. Nobody listens live; "high" is 35 ms through a
# server, in 110 blocks a second, and this gives 20 blocks a second, of 50 ms.
_LATENCY_S = 0.2
_GRACE_S = 1.0  # for the session to mark another source before the stream is given up
_CHOSEN = "PULSE_SOURCE"  # the only way to name the source through PortAudio and ALSA


class MicrophoneStream:
    """An open input stream, which gives sound from ``start`` to ``stop``; it is used once."""

    def __init__(self, device: Device, channels: int = 1, *, rate: int | None = None) -> None:
        """Open the device.

        rate: in Hz. None takes the rate that the sound server uses for the device; without a server
        48,000 if the device supports it, else the device's default.

        Raises:
            SoundDiffers: it has fewer channels than the interview has so far.
            MicrophoneFailed: it does not open, or not in time.
        """
        if channels > device.channels:
            raise SoundDiffers
        self._library = load_portaudio()
        self._device = device
        self._push: PushSound | None = None
        self._is_finished = False
        self._astray_s: float | None = None
        self._heard_first = ""
        self._overflows = 0
        self._source = remap_source(device.source, channels) if device.source else ""
        wanted = rate or call_portaudio(PATIENCE_S, lambda: self._choose_rate(device, channels))
        self.form = SoundFormat(wanted, channels)
        self._stream = call_portaudio(PATIENCE_S, self._open_stream, late=self._close)

    @property
    def is_alive(self) -> bool:
        """Whether it may still give sound; PortAudio's ``stopped`` stays False for a dead one."""
        since_s = self._astray_s
        is_astray = since_s is not None and time.monotonic() - since_s > _GRACE_S
        return not (self._is_finished or is_astray)

    @property
    def overflows(self) -> int:
        """How often PortAudio reported lost sound; through a sound server it never does."""
        return self._overflows

    def listens_to(self) -> str:
        """Return the name of the device that is really recorded, empty if it is unknown.

        The stream is given up (``is_alive`` turns False) if the server moved it to a loudspeaker's
        monitor, or left it on another microphone after its own was plugged in again. Until then the
        other microphone is recorded, because some sound is better than none.

        May take as long as the sound server takes to answer, some seconds at most.
        """
        ours, first = self._device.source, self._heard_first
        if ours is None:
            return self._device.name
        if first:  # the first caller gets the first device, even if the server moved it since
            self._heard_first = ""
            return first
        try:
            name = find_heard_source()
            if name in {ours.name, ""}:
                return self._device.name if name else ""
            there = {source.name: source for source in list_server_sources() or []}
        except MicrophoneFailed:
            return ""
        other, again = there.get(name), there.get(ours.name)
        is_monitor = other is not None and other.is_monitor and not ours.is_monitor
        if is_monitor or (again is not None and again.index != ours.index):
            self._astray_s = self._astray_s or time.monotonic()
        shown = sanitise_text(other.description) if other else ""
        if shown and shown != self._device.name:
            return shown
        # Two microphones may have the same description: the server's name tells them apart.
        return f"{shown} ({sanitise_text(name)})".strip()

    def start(self, push: PushSound) -> None:
        """Start; ``push`` is called with each block, on PortAudio's thread.

        Raises:
            NoMicrophone: the server connected it to another source; it was closed again.
            MicrophoneFailed: it does not start, or not in time.
        """
        self._push = push
        call_portaudio(PATIENCE_S, lambda: self._call_device(self._stream.start))
        heard = self.listens_to()
        if heard not in {self._device.name, ""}:
            self.stop()
            raise NoMicrophone
        self._heard_first = heard

    def stop(self) -> None:
        """Hand over the sound recorded until now, then stop and close.

        If the sound server is frozen, this gives up after some seconds; the stream is closed when
        the server goes on.

        Raises:
            MicrophoneFailed: it did not stop; what was recorded is not affected.
        """
        call_portaudio(PATIENCE_S, lambda: self._call_device(self._drain_and_close))

    def receive_block(self, block: bytes, _frames: int, _time: object, status: object) -> None:
        """Copy a block and hand it on, as PortAudio's callback."""
        if self._push is not None:
            self._push(bytes(block))
        if status:
            self._overflows += 1

    def note_stream_end(self) -> None:
        """Note that the stream ended, as PortAudio's callback."""
        self._is_finished = True

    def _choose_rate(self, device: Device, channels: int) -> int:
        if device.source is not None:
            return device.rate
        try:
            self._library.check_input_settings(
                device=device.index, channels=channels, dtype="int16", samplerate=_NATIVE_RATE
            )
        except self._library.PortAudioError:
            return device.rate
        return _NATIVE_RATE

    def _call_device(self, call: Callable[[], None]) -> None:
        try:
            call()
        except self._library.PortAudioError as failed:
            raise MicrophoneFailed from failed

    def _open_stream(self) -> PortaudioStream:
        if self._source:
            os.environ[_CHOSEN] = self._source
        try:
            stream = self._library.RawInputStream(
                device=self._device.index,
                channels=self.form.channels,
                dtype="int16",
                samplerate=self.form.rate,
                latency=_LATENCY_S,
                callback=self.receive_block,
                finished_callback=self.note_stream_end,
            )
        except self._library.PortAudioError as failed:
            raise MicrophoneFailed from failed
        register_stream(stream)
        return stream

    def _drain_and_close(self) -> None:
        if self.is_alive:
            time.sleep(self._stream.latency)  # sound that is on its way was spoken before the stop
            self._stream.stop()
        self._close(self._stream)

    def _close(self, stream: PortaudioStream) -> None:
        with contextlib.suppress(self._library.PortAudioError):
            stream.close()
        unregister_stream(stream)
        with contextlib.suppress(MicrophoneFailed):
            remove_remapped_source(self._source)


def make_opener(name: str | None = None, channels: int | None = None) -> OpenSource:
    """Return a function that opens a microphone, also again after it was lost.

    name: see ``find_device``; while the named one is away, no other is opened instead. None takes
    the system's default each time. channels: None is one. Every microphone it opens has the first
    one's rate, because a recording has only one.
    """
    rates: list[int] = []

    def open_microphone() -> AudioSource:
        device = find_device(name)
        microphone = MicrophoneStream(device, channels or 1, rate=rates[0] if rates else None)
        rates[:] = [microphone.form.rate]
        return microphone

    return open_microphone
