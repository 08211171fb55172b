"""The edge to PortAudio: the part of the module ``sounddevice`` that is used, with types.

It is loaded when it is first asked for; everything but recording works without it.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import importlib
from collections.abc import Callable, Mapping
from typing import Protocol, cast

from capture.errands import to_portaudio
from study.errors import NoSoundLibrary

Callback = Callable[[bytes, int, object, object], None]
OutputCallback = Callable[[memoryview, int, "OutputTime", object], None]


class Stream(Protocol):
    """A ``RawInputStream`` or ``RawOutputStream``."""

    @property
    def latency(self) -> float:
        """How long ago in seconds the oldest sound in it was heard, as PortAudio says."""
        ...

    def start(self) -> None:
        """Let sound flow; blocks while the sound server is frozen, as all of these do."""

    def stop(self) -> None:
        """Stop once what the device has already given was handed over."""

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
        """Raise PortAudioError if the device does not do this."""

    def RawInputStream(  # noqa: N802 - its name
        self,
        *,
        device: int,
        channels: int,
        dtype: str,
        samplerate: int,
        latency: float,
        callback: Callback,
        finished_callback: Callable[[], None],
    ) -> Stream:
        """Open a stream that does not flow yet. ``latency`` is in seconds."""
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
    ) -> Stream:
        """Open a stream that does not flow yet. ``latency`` is in seconds."""
        ...

    def _terminate(self) -> None: ...
    def _initialize(self) -> None: ...


_open: dict[int, Stream] = {}
_leaving: list[Callable[[], None]] = []


def portaudio() -> Portaudio:
    """Load PortAudio.

    Raises:
        NoSoundLibrary: it is not installed.
    """
    try:
        module = importlib.import_module("sounddevice")
    except (ImportError, OSError) as missing:  # OSError: Python's part is there, C's is not
        raise NoSoundLibrary from missing
    library = cast("Portaudio", cast("object", module))
    _leave_quietly(library)
    return library


def hold(stream: Stream) -> None:
    """Be told of a stream that is open: looking for devices anew would break it."""
    _open[id(stream)] = stream


def release(stream: Stream) -> None:
    """Be told that a stream was closed."""
    _open.pop(id(stream), None)


def look_again(library: Portaudio) -> bool:
    """Make PortAudio look for devices anew, and tell whether it did: not while a stream is open."""
    if _open:
        return False
    library._terminate()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - no other name
    library._initialize()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the same
    return True


def _leave_quietly(library: Portaudio) -> None:
    """Let the program end although a call hangs: cleaning up would hang behind it.

    The system cleans up after a process that is gone, and so does a sound server.
    """
    tidy: Callable[[], None] | None = getattr(library, "_exit_handler", None)
    if tidy is None or tidy in _leaving:
        return
    _leaving.append(tidy)
    atexit.unregister(tidy)
    atexit.register(lambda: tidy() if to_portaudio.is_free else _pin(library))


def _pin(library: Portaudio) -> None:
    """Keep the library in memory to the very end: the thread that hangs is inside it."""
    with contextlib.suppress(OSError):
        ctypes.CDLL(getattr(library, "_libname", ""))
