"""The recording that is under way: what a screen shows of it and does to it.

It belongs to the app and not to a screen: a screen that crashes takes no recording with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from capture.moment import Moment
from study.guide import Guide


class Session(Protocol):
    """One recording of an interview, as ``capture.session.Session`` is; only ``stop`` waits."""

    def start(self) -> None:
        """Let sound flow."""
        ...

    def moment(self) -> Moment:
        """Tell how it is going."""
        ...

    def pause(self) -> None:
        """Keep nothing until ``resume``."""
        ...

    def resume(self) -> None:
        """Keep what is said again."""
        ...

    def off_record(self) -> None:
        """Keep nothing until ``resume``, because somebody asked for it."""
        ...

    def distress(self, note: str = "") -> None:
        """Pause at once and mark why."""
        ...

    def marker(self, note: str = "", *, place: int | None = None) -> int:
        """Mark this moment, and return its place; or add a note to the marker of a place."""
        ...

    def topic(self, number: int) -> None:
        """Begin a topic of the guide, counted from nought."""
        ...

    def speaker(self, code: str) -> None:
        """Name who speaks from here on."""
        ...

    def stop(self) -> Moment:
        """Seal, and tell how it went."""
        ...


@dataclass(frozen=True, slots=True)
class Recording:
    """A session, and what was settled before it. ``speakers`` are the codes that keys 1 to 9 name.

    ``channels`` are the codes of the sound's channels, empty for one microphone in the room.
    """

    session: Session
    interview: str
    label: str
    device: str = ""
    speakers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    guide: Guide | None = None
