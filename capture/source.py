"""Where a recorder's sound comes from: a microphone, or anything that behaves like one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from study.terms import SoundFormat

# Takes whole frames of interleaved little-endian 16-bit PCM, on whichever thread has them, and
# never waits.
Push = Callable[[bytes], None]

# Opens the chosen source, again after it went away. May block for seconds; raises NoMicrophone
# or MicrophoneFailed while it is not there.
Opener = Callable[[], "Source"]


class Source(Protocol):
    """An open source of sound: started once, stopped once."""

    @property
    def form(self) -> SoundFormat:
        """Its rate and channels, known before it starts."""
        ...

    @property
    def is_alive(self) -> bool:
        """Whether sound may still come; False once it ended without having been stopped."""
        ...

    @property
    def overflows(self) -> int:
        """How often the driver itself has said that it lost sound."""
        ...

    def listens_to(self) -> str:
        """Name what the sound really comes from now; empty where that cannot be known.

        A sound server may move a stream to another microphone without a word. May block for
        seconds: never called on a thread that a person or the sound waits for.
        """
        ...

    def start(self, push: Push) -> None:
        """Let sound flow into ``push``."""
        ...

    def stop(self) -> None:
        """Let no more come, and close. Returns within seconds, whatever the device does."""
        ...
