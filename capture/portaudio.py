"""The edge to PortAudio: the part of the module ``sounddevice`` that is used, with types.

It is loaded when it is first asked for; everything but recording works without it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Protocol, cast

from study.errors import NoSoundLibrary

Callback = Callable[[bytes, int, object, object], None]


class Stream(Protocol):
    """A ``RawInputStream``."""

    def start(self) -> None:
        """Let sound flow; blocks while the sound server is frozen, as all of these do."""

    def abort(self) -> None:
        """Stop at once."""

    def close(self) -> None:
        """Free the device."""


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
        latency: str,
        callback: Callback,
        finished_callback: Callable[[], None],
    ) -> Stream:
        """Open a stream that does not flow yet."""
        ...

    def _terminate(self) -> None: ...
    def _initialize(self) -> None: ...


def portaudio() -> Portaudio:
    """Load PortAudio.

    Raises:
        NoSoundLibrary: it is not installed.
    """
    try:
        module = importlib.import_module("sounddevice")
    except (ImportError, OSError) as missing:  # OSError: Python's part is there, C's is not
        raise NoSoundLibrary from missing
    return cast("Portaudio", cast("object", module))


def look_again(library: Portaudio) -> None:
    """Make PortAudio look for devices anew. All streams must be closed: they would break."""
    library._terminate()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - no other name
    library._initialize()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the same
