"""The interface of a source of sound: a microphone, or anything that behaves like one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from study import SoundFormat

# Takes whole frames of interleaved little-endian 16-bit PCM. The source calls it on a thread of its
# choice; it never blocks.
PushSound = Callable[[bytes], None]

# Opens the chosen source; called again after the source was lost. May block for seconds; raises
# NoMicrophone or MicrophoneFailed while the source is not there.
OpenSource = Callable[[], "AudioSource"]


class AudioSource(Protocol):
    """An open source of sound: started once, stopped once."""

    @property
    def form(self) -> SoundFormat:
        """The source's rate and channels, known before it starts."""
        ...

    @property
    def is_alive(self) -> bool:
        """Whether the source may still give sound; False once it ended by itself."""
        ...

    @property
    def overflows(self) -> int:
        """How often the driver has reported that it lost sound."""
        ...

    def listens_to(self) -> str:
        """Return the name of the device that the sound comes from now, empty if it is unknown.

        A sound server may move a stream to another microphone unasked. May block for seconds:
        never call it on a thread that a person or the sound waits for.
        """
        ...

    def start(self, push: PushSound) -> None:
        """Start; from now on the source calls ``push`` with each block of sound."""
        ...

    def stop(self) -> None:
        """Stop and close the source. Returns within seconds, whatever the device does."""
        ...
