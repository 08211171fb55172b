"""The doors to the microphone and the loudspeaker, opened only when somebody records.

Everything here may block for seconds, but ``session``, which only prepares: none of it is called
on the screen's thread. A test hands the app other doors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from study.guide import Guide
from study.steps import Stop
from study.store import Study
from study.terms import SoundCheck
from tui.recording import Session

if TYPE_CHECKING:
    from capture.playback import Playable
    from capture.playback import Player as Playback
    from capture.source import Opener

ReportHeard = Callable[[float, tuple[float, ...]], None]  # seconds so far; dBFS of each channel


@dataclass(frozen=True, slots=True)
class Microphone:
    """One that can be chosen, by a name that a person recognises."""

    name: str
    channels: int
    is_default: bool


class Player(Protocol):
    """What plays a trial back."""

    @property
    def is_playing(self) -> bool:
        """Whether it still plays."""
        ...

    def play(self) -> None:
        """Play from the beginning."""
        ...

    def close(self) -> None:
        """Fall silent, and let the loudspeaker go."""
        ...


class Sound:
    """What ``capture`` does for the screens."""

    def microphones(self) -> list[Microphone]:
        """List the microphones.

        Raises:
            NoSoundLibrary, MicrophoneFailed: as their texts say.
        """
        from capture.devices import devices

        return [Microphone(d.name, d.channels, d.is_default) for d in devices()]

    def opener(self, name: str, channels: int) -> Opener:
        """Return what opens a microphone; an empty name means the system's own."""
        from capture.microphone import opener

        return opener(name or None, channels)

    def check(
        self, opener: Opener, *, stop: Stop, report: ReportHeard
    ) -> tuple[SoundCheck, Playable]:
        """Listen for some seconds, and judge what was heard.

        Raises:
            NoMicrophone, MicrophoneFailed, Stopped: nothing was heard, or not enough.
        """
        from capture.soundcheck import check

        return check(opener, stop=stop, report=report)

    def player(self, clip: Playable) -> Player:
        """Return what plays a clip."""
        from capture.playback import Player

        return Player(clip)

    def playback(self, sound: Playable) -> Playback:
        """Return what plays an interview's sound, to be paused, sought and looped."""
        from capture.playback import Player

        return Player(sound)

    def session(self, study: Study, interview: str, opener: Opener, guide: Guide | None) -> Session:
        """Return a recording that is still to be started."""
        from capture.session import Session

        return Session(study, interview, opener, guide=guide)
