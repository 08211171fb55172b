"""What a screen may ask of the app that it runs in.

The app knows its screens; no screen knows the app, and none opens another of the large ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from textual.screen import Screen
from textual.signal import Signal

from study.artefacts import Summary
from study.store import Study
from tui.jobs import Work
from tui.preferences import Preferences
from tui.recording import Recording
from tui.sound import Sound

_Answer = TypeVar("_Answer")


class Host(Protocol):
    """The app, as its screens see it."""

    recording: Recording | None
    chosen: Preferences

    @property
    def screen(self) -> Screen[object]:
        """The screen in front."""
        ...

    @property
    def screen_stack(self) -> Sequence[Screen[object]]:
        """All screens, the one in front last."""
        ...

    def push_screen(
        self, screen: Screen[_Answer], callback: Callable[[_Answer | None], None] | None = None
    ) -> object:
        """Show a screen in front of all others; ``callback`` gets its answer."""
        ...

    def pop_screen(self) -> object:
        """Take away the screen in front."""
        ...

    def exit(self) -> None:
        """Close the study."""
        ...

    @property
    def study(self) -> Study:
        """The study that is open."""
        ...

    @property
    def sound(self) -> Sound:
        """The way to the microphone and the loudspeaker."""
        ...

    @property
    def is_guided(self) -> bool:
        """Whether each place says which key comes next."""
        ...

    @property
    def work(self) -> Work | None:
        """The work that runs in the background."""
        ...

    @property
    def work_changed(self) -> Signal[Work | None]:
        """The signal that is sent whenever ``work`` has changed."""
        ...

    def action_leave(self) -> None:
        """Close the study, after asking where something would be stopped by it."""
        ...

    def begin_work(self, verb: str, summary: Summary) -> None:
        """Begin a verb of the shell in the background."""
        ...

    def stop_work(self) -> None:
        """Stop the work in the background."""
        ...

    def open_review(self, interview: str, turn: int = 0, mention: str = "") -> None:
        """Open the review of an interview, at a turn and a mention in it where they are given."""
        ...

    def open_check(self, interview: str) -> None:
        """Open the check of an interview."""
        ...

    def show_recording(self, recording: Recording) -> None:
        """Show a recording that has begun."""
        ...

    def recording_ended(self) -> str:
        """Finish what follows a recording; return the sentence to show for it."""
        ...
