"""The protocol by which screens ask the app for something.

The app knows its screens; no screen knows the app, and none opens another of the large ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from textual.screen import Screen
from textual.signal import Signal

from app import AudioDevices, BackgroundWork, OngoingRecording, Preferences
from study import InterviewSummary, QueuedInterview
from study.store import Study

_Answer = TypeVar("_Answer")


class Host(Protocol):
    """The methods of the app that its screens may call."""

    recording: OngoingRecording | None
    preferences: Preferences
    speech_model: str  # the model that transcribes without a question, "" where it is asked for
    knows_own_work: bool  # whether who is there was told that nobody signs off their own decisions

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
        """Close the screen in front."""
        ...

    def exit(self) -> None:
        """Close the study."""
        ...

    @property
    def study(self) -> Study:
        """The study that is open."""
        ...

    @property
    def audio_devices(self) -> AudioDevices:
        """The microphones and the loudspeaker."""
        ...

    @property
    def is_guided(self) -> bool:
        """Whether the guided tour is on."""
        ...

    @property
    def work(self) -> BackgroundWork | None:
        """The work that runs in the background."""
        ...

    @property
    def work_changed(self) -> Signal[BackgroundWork | None]:
        """The signal that is sent whenever ``work`` has changed."""
        ...

    def action_leave(self) -> None:
        """Close the study; ask first if that stops something."""
        ...

    def begin_work(
        self,
        verb: str,
        summary: InterviewSummary,
        *,
        is_unchecked: bool = False,
        model: str = "",
        to_whom: str = "",
    ) -> None:
        """Begin a verb of the shell in the background.

        is_unchecked: a person insists on the language that the interview has. model: the name of
        the model that transcribes, "" for the one of this program. to_whom: who receives what is
        handed over, "" where nobody is named.
        """
        ...

    def hear_again(self, wanted: QueuedInterview, passage: tuple[float, float | None]) -> bool:
        """Hear a passage again in the background; False where other work runs."""
        ...

    def tell_voices_apart(
        self, interview: str, count: int | None, *, uses_keys: bool | None = None
    ) -> bool:
        """Tell the voices of an interview apart in the background; False where other work runs.

        count: how many people speak, None to guess it. uses_keys: whether the keys count that an
        interviewer pressed while recording, None as the last time.
        """
        ...

    def stop_work(self) -> None:
        """Stop the work in the background."""
        ...

    def open_review(self, interview: str, turn: int = 0, mention: str = "") -> None:
        """Open the review of an interview, at a turn and one of its mentions if they are given."""
        ...

    def open_check(self, interview: str) -> None:
        """Open the check of an interview."""
        ...

    def change_person(self, study: Study) -> None:
        """Go on with the study as somebody else opened it; for when no work runs."""
        ...

    def open_consent(self, wanted: Sequence[str] = ()) -> None:
        """Open what the participants agreed to; wanted: codes to show even without a record."""
        ...

    def record_spoken_consent(self, code: str) -> None:
        """Prepare to record a participant saying what they agree to."""
        ...

    def show_recording(self, recording: OngoingRecording) -> None:
        """Show a recording that has begun."""
        ...

    def finish_recording(self, *, goes_on: bool = True) -> str:
        """Finish what follows a recording; return the sentence to show for it.

        goes_on: False where somebody did not want to go on: it is not transcribed any further.
        """
        ...
