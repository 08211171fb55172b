"""The ongoing recording: the controls that a screen has over it, and its plan.

The app holds it, not a screen: a screen that crashes takes no recording with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.willingness import AskedPerson
from capture import RecordingStatus
from study import MarkKind, TopicGuide


class RecordingControls(Protocol):
    """The controls of a recording, as those of ``RecordingSession``; only ``stop`` waits."""

    def start(self) -> None:
        """Start the recording."""
        ...

    def read_status(self) -> RecordingStatus:
        """Return the status: phase, lengths, levels, faults."""
        ...

    def pause(self) -> None:
        """Discard sound until ``resume``."""
        ...

    def resume(self) -> None:
        """Record again after a pause."""
        ...

    def go_off_record(self) -> None:
        """Discard sound until ``resume``, because a participant asked for it."""
        ...

    def mark_consent(self, kind: MarkKind, code: str = "", *, place: int | None = None) -> None:
        """Mark what somebody said or showed when they were asked whether they want to go on.

        code: who, "" for everybody who is here.
        """
        ...

    def mark_distress(self, note: str = "") -> None:
        """Pause at once, and set a marker of distress with a note."""
        ...

    def set_marker(self, note: str = "", *, place: int | None = None) -> int:
        """Set a marker now and return its place; or add a note to the marker of a place."""
        ...

    def begin_topic(self, number: int) -> None:
        """Begin a topic of the guide, by its index from 0."""
        ...

    def note_speaker(self, code: str) -> None:
        """Note the code of the participant who speaks from now on."""
        ...

    def stop(self) -> RecordingStatus:
        """Stop, seal the sound and return the last status."""
        ...


@dataclass(frozen=True, slots=True)
class OngoingRecording:
    """A recording under way, with its plan.

    interview: its id. speakers: the participants' codes for the keys 1 to 9. channels: the codes
    of the sound's channels, empty for one microphone in the room. asked: who is asked whether to
    go on: everybody present but interviewers.
    """

    controls: RecordingControls
    interview: str
    label: str
    device: str = ""
    speakers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    guide: TopicGuide | None = None
    asked: tuple[AskedPerson, ...] = ()
