"""PortAudio, through ``sounddevice``: the part of that module that is used, with types.

It is loaded at the first use; everything but recording and playing works without it.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import importlib
from collections.abc import Callable, Mapping
from typing import Protocol, cast

from capture.blocking_calls import PORTAUDIO_CALLS
from study.errors import NoSoundLibrary

InputCallback = Callable[[bytes, int, object, object], None]
OutputCallback = Callable[[memoryview, int, "OutputTime", object], None]


class PortaudioStream(Protocol):
    """A ``RawInputStream`` or ``RawOutputStream``."""

    @property
    def latency(self) -> float:
        """The age of the oldest sound in its buffer, in seconds, as PortAudio reports it."""
        ...

    def start(self) -> None:
        """Start; blocks while the sound server is frozen, as all these methods do."""

    def stop(self) -> None:
        """Stop after the sound that the device has buffered was handed over."""

    def abort(self) -> None:
        """Stop at once."""

    def close(self) -> None:
        """Free the device."""


class OutputTime(Protocol):
    """When a block of output is asked for, and when it will be heard: seconds of one clock."""

    currentTime: float  # noqa: N815 - its name
    outputBufferDacTime: float  # noqa: N815 - its name


class Default(Protocol):
    """The module's ``default``: ``device`` is (input, output), -1 for none."""

    device: tuple[int, int]


class Portaudio(Protocol):
    """The module ``sounddevice``."""

    PortAudioError: type[Exception]
    default: Default

    def query_devices(self) -> list[Mapping[str, str | int | float]]:
        """List all devices, as they were when PortAudio was initialised."""
        ...

    def check_input_settings(
        self, *, device: int, channels: int, dtype: str, samplerate: int
    ) -> None:
        """Raise PortAudioError if the device does not support these settings."""

    def RawInputStream(  # noqa: N802 - its name
        self,
        *,
        device: int,
        channels: int,
        dtype: str,
        samplerate: int,
        latency: float,
        callback: InputCallback,
        finished_callback: Callable[[], None],
    ) -> PortaudioStream:
        """Open a stream without starting it. ``latency`` is in seconds."""
        ...

    def RawOutputStream(  # noqa: N802 - its name
        self,
        *,
        device: int,
        channels: int,
        dtype: str,
        samplerate: int,
        latency: float,
        callback: OutputCallback,
        finished_callback: Callable[[], None],
    ) -> PortaudioStream:
        """Open a stream without starting it. ``latency`` is in seconds."""
        ...

    def _terminate(self) -> None: ...
    def _initialize(self) -> None: ...


_open: dict[int, PortaudioStream] = {}
_exit_handlers: list[Callable[[], None]] = []


def load_portaudio() -> Portaudio:
    """Load PortAudio.

    Raises:
        NoSoundLibrary: it is not installed.
    """
    try:
        module = importlib.import_module("sounddevice")
    except (ImportError, OSError) as missing:  # OSError: Python's part is there, C's is not
        raise NoSoundLibrary from missing
    library = cast("Portaudio", cast("object", module))
    _limit_exit(library)
    return library


def has_sound_library() -> bool:
    """Whether PortAudio is installed."""
    try:
        load_portaudio()
    except NoSoundLibrary:
        return False
    return True


def register_stream(stream: PortaudioStream) -> None:
    """Note an open stream, so that ``rescan_devices`` does not break it."""
    _open[id(stream)] = stream


def unregister_stream(stream: PortaudioStream) -> None:
    """Forget a stream that was closed."""
    _open.pop(id(stream), None)


def rescan_devices(library: Portaudio) -> bool:
    """Make PortAudio list the devices again; return whether it did: not while a stream is open."""
    if _open:
        return False
    library._terminate()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - no other name
    library._initialize()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the same
    return True


def _limit_exit(library: Portaudio) -> None:
    """Skip PortAudio's clean-up at exit while a call hangs or a stream is open: it would hang, too.

    A microphone may be opened again on a thread of its own until the very end, so from here on no
    other call begins. The system and the sound server clean up after a process that has ended.
    """
    tidy: Callable[[], None] | None = getattr(library, "_exit_handler", None)
    if tidy is None or tidy in _exit_handlers:
        return
    _exit_handlers.append(tidy)
    atexit.unregister(tidy)
    atexit.register(lambda: _tidy_up(library, tidy))


def _tidy_up(library: Portaudio, tidy: Callable[[], None]) -> None:
    if PORTAUDIO_CALLS.close() and not _open:
        tidy()
    else:
        _pin(library)


def _pin(library: Portaudio) -> None:
    """Keep the library in memory to the very end: a thread hangs inside it."""
    with contextlib.suppress(OSError):
        ctypes.CDLL(getattr(library, "_libname", ""))
