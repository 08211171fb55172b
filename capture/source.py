"""Where a recorder's sound comes from: a microphone, or anything that behaves like one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from study.terms import SoundFormat

# Takes whole frames of interleaved little-endian 16-bit PCM, on whichever thread has them, and
# never waits.
Push = Callable[[bytes], None]


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

    def start(self, push: Push) -> None:
        """Let sound flow into ``push``."""
        ...

    def stop(self) -> None:
        """Let no more come, and close. Returns within seconds, whatever the device does."""
        ...
