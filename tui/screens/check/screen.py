"""The check of one interview: the log, what is left, the trail, and the officer's word.

The list stands above, the place its line leads to below or beside it. What each key does lies in
the other files of this folder.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical

from tui.commands import Place, bindings
from tui.screens.check.verifying import Verifying
from tui.screens.interview import InterviewScreen
from tui.widgets.keys import KeyLine
from tui.widgets.plain import Plain, Steady
from tui.widgets.rows import Rows
from tui.widgets.transcript import TranscriptView
from tui.widgets.working import WorkLine

_LOG = (
    "right", "object", "take_back", "original", "filter_kind", "filter_class", "filter_bulk",
    "filter_unseen", "sample", "changes",
)  # fmt: skip
_ONLY_IN = dict.fromkeys(_LOG, "log") | {
    "filter_action": "log, trail",
    "filter_who": "log, trail",
    "show_all": "log, trail",
    "whole_study": "trail",
    "step_place": "risk",
    "read": "log, risk",
    "review": "log, risk",
}


_OTHERS_S = 2.0  # how often to look whether another program changed the study


class CheckScreen(Verifying):
    """The lists of a data officer, and the clean transcript."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.CHECK)

    def compose(self) -> ComposeResult:
        """Lay out the heading, the list, the transcript, and the keys."""
        yield Steady(id="heading", classes="bar")
        yield Plain(id="standing")
        with Container(id="check"):
            with Vertical(id="list"):
                yield Steady(id="columns")
                yield Rows(id="lines")
                yield Plain(id="detail")
            with Container(id="reading"):
                yield TranscriptView(id="transcript")
                yield Plain(id="why")
                yield Plain(id="facts")
        yield Plain("The window is too small: make it larger.", classes="too-small")
        yield Steady(id="status")
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Read the interview."""
        super().on_mount()
        self.view.can_focus = False  # the screen's own keys move it
        self.refresh_study()
        self.set_interval(_OTHERS_S, self.look_for_others)

    def on_resize(self) -> None:
        """Lay the columns out for another width, once the list has it."""
        self.call_after_refresh(self.show_list)

    def on_unmount(self) -> None:
        """Leave no thread at work behind."""
        self.halt.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what the list that is shown can do."""
        name = action.partition("(")[0]
        if name == "stop" and self.is_verifying:
            return True
        if self.kind not in _ONLY_IN.get(name, self.kind):
            return False
        return super().check_action(action, parameters)

    def action_move(self, direction: str) -> None:
        """Go along the list, or the transcript while it is read."""
        if self.is_reading:
            self.view.move(direction)
            return
        self.rows.move(direction)
        self.first_place()

    def action_read(self) -> None:
        """Let the arrows go along the transcript, or the list again."""
        if self.checking is not None and self.checking.clean is None:
            self.action_review()
            return
        self.is_reading = not self.is_reading
        self.describe("Reading: the arrows scroll, Esc goes back to the list." * self.is_reading)

    def action_step_place(self, by: int) -> None:
        """Go to another place of the line."""
        self.next_place(by)

    def action_review(self) -> None:
        """Open the review screen at this place, for who may read what was said."""
        spot = self.spot()
        screen = InterviewScreen(self.interview)
        if spot is not None:
            screen.begin_at = (spot.turn, spot.key)
        self.earshot.push_screen(screen)

    def action_stop(self) -> None:
        """Stop the verification, or else what runs in the background."""
        if self.is_verifying:
            self.halt.set()
        else:
            super().action_stop()

    def action_back(self) -> None:
        """Leave the transcript for the list, or the check."""
        if self.is_reading:
            self.is_reading = False
            self.describe()
        else:
            self.dismiss(None)
