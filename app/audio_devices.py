"""The microphones and loudspeakers for the screens; libraries load when they are first used.

Every call may block for seconds, except ``make_recording``, which only prepares: no call runs on
the screen's thread. Tests hand the app a subclass of ``AudioDevices``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.ongoing_recording import RecordingControls
from study import ShouldStop, SoundCheck, TopicGuide
from study.store import Study

if TYPE_CHECKING:
    from capture import OpenSource, PlayableSound
    from capture import SoundPlayer as Playback

ReportLevels = Callable[[float, tuple[float, ...]], None]  # seconds so far; dBFS of each channel


@dataclass(frozen=True, slots=True)
class MicrophoneChoice:
    """A microphone that can be chosen, by a name that a person recognises."""

    name: str
    channels: int
    is_default: bool


class ClipPlayer(Protocol):
    """Plays the sound of a sound check."""

    @property
    def is_playing(self) -> bool:
        """Whether sound is playing."""
        ...

    def play(self) -> None:
        """Play from the beginning."""
        ...

    def close(self) -> None:
        """Stop, and close the loudspeaker."""
        ...


class AudioDevices:
    """Opens microphones, loudspeakers and recordings of ``capture``."""

    def list_microphones(self) -> list[MicrophoneChoice]:
        """List the microphones.

        Raises:
            NoSoundLibrary, MicrophoneFailed: as their texts say.
        """
        from capture import list_devices

        return [MicrophoneChoice(d.name, d.channels, d.is_default) for d in list_devices()]

    def make_opener(self, name: str, channels: int) -> OpenSource:
        """Return a function that opens a microphone; "" names the system's default."""
        from capture import make_opener

        return make_opener(name or None, channels)

    def check_sound(
        self, opener: OpenSource, *, stop: ShouldStop, report: ReportLevels
    ) -> tuple[SoundCheck, PlayableSound]:
        """Record some seconds and judge them; return the verdict and the sound.

        Raises:
            NoMicrophone, MicrophoneFailed, Stopped: no sound came, or not enough.
        """
        from capture import run_sound_check

        return run_sound_check(opener, stop=stop, report=report)

    def make_clip_player(self, clip: PlayableSound) -> ClipPlayer:
        """Return a player of a short sound."""
        from capture import SoundPlayer

        return SoundPlayer(clip)

    def make_player(self, sound: PlayableSound) -> Playback:
        """Return a player of an interview's sound, which can pause, seek and loop."""
        from capture import SoundPlayer

        return SoundPlayer(sound)

    def make_recording(
        self, study: Study, interview: str, opener: OpenSource, guide: TopicGuide | None
    ) -> RecordingControls:
        """Return a recording that is not started yet."""
        from capture import RecordingSession

        return RecordingSession(study.interview(interview), opener, guide=guide)
