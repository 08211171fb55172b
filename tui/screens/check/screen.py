"""The check of one interview: the log, what is left, the trail, and the officer's word.

The list stands above, the place its line leads to below or beside it. What each key does lies in
the other files of this folder, a small class for each kind of thing; here they are put together,
and told what happens on the screen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical

from study.artefacts import Summary
from study.errors import EarshotError
from study.store import Study
from tui.checking import Checking
from tui.commands import Place, bindings
from tui.screens.check.filters import Filters
from tui.screens.check.line_checks import LineChecks
from tui.screens.check.lists import Lists, RiskRead
from tui.screens.check.page import Page
from tui.screens.check.sign_off import SignOffQuestions
from tui.screens.check.verification import Verification, Verified
from tui.screens.check.widgets import CheckWidgets
from tui.screens.place import PlaceScreen
from tui.tour import Whereabouts
from tui.widgets.keys import KeyLine
from tui.widgets.plain import Plain
from tui.widgets.working import WorkAdvanced, WorkLine

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


class CheckScreen(PlaceScreen):
    """The lists of a data officer, and the clean transcript."""

    place: ClassVar[Place] = Place.CHECK
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.CHECK)

    def __init__(self, study: Study, interview: str) -> None:
        super().__init__()
        self.widgets = widgets = CheckWidgets()
        self._checking = checking = Checking(study, interview)
        self.lists = lists = Lists(checking, self)
        self.page = page = Page(checking, lists, widgets, self)
        self._filters = Filters(checking, lists, page, self)
        self._line_checks = LineChecks(checking, lists, page, self)
        self._sign_off = SignOffQuestions(checking, page, self, self.refresh_study)
        self._verification = Verification(study, lists, page, widgets, self)
        self._pulse = 0  # of the study, when it was read last

    def compose(self) -> ComposeResult:
        """Lay out the heading, the list, the transcript, and the keys."""
        widgets = self.widgets
        yield widgets.heading
        yield widgets.standing
        with Container(id="check"):
            with Vertical(id="list"):
                yield widgets.columns
                yield widgets.rows
                yield widgets.detail
            with Container(id="reading"):
                yield widgets.view
                yield widgets.why
                yield widgets.facts
        yield Plain("The window is too small: make it larger.", classes="too-small")
        yield widgets.status
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Read the interview."""
        super().on_mount()
        self.widgets.view.can_focus = False  # the screen's own keys move it
        self.refresh_study()
        self.set_interval(_OTHERS_S, self.look_for_others)

    def on_resize(self) -> None:
        """Lay the columns out for another width, once the list has it."""
        self.call_after_refresh(self.page.show_list)

    def on_unmount(self) -> None:
        """Leave no thread at work behind."""
        self._verification.stop()

    def chosen(self) -> Summary | None:
        """Return this interview."""
        return self._checking.summary if self._checking.is_read else None

    def whereabouts(self) -> Whereabouts:
        """Say how much was looked at as well."""
        return replace(super().whereabouts(), checked=len(self._checking.checks))

    def refresh_study(self) -> None:
        """Read everything again."""
        is_first = not self._checking.is_read
        try:
            self._checking.refresh()
            self._pulse = self._checking.study.pulse()
        except EarshotError as error:
            self.widgets.status.say(self.problem(error))
            return
        if is_first:  # until then there is nothing to do anything with
            self.take_actions(
                self.page, self._filters, self._line_checks, self._sign_off, self._verification
            )
        self.lists.refresh()
        self.page.show_all()

    def come_back(self) -> None:
        """Come back from a message or another screen: look only for what changed meanwhile."""
        if self._checking.study.pulse() != self._pulse or self._is_stale():
            self.refresh_study()

    def look_for_others(self) -> None:
        """Say that another program changed the study; nothing changes under somebody's eyes."""
        try:
            changed = self._checking.is_read and self._checking.study.pulse() != self._pulse
        except EarshotError:
            return
        if changed and self.is_current:
            self.page.describe("! Another program changed the study: r reads it again.")

    def _is_stale(self) -> bool:
        """Whether this process changed the interview meanwhile, in the review say."""
        checking = self._checking
        if not checking.is_read:
            return True
        try:
            return checking.study.find(checking.interview) != checking.summary
        except EarshotError:
            return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what the list that is shown can do."""
        name = action.partition("(")[0]
        if name == "stop" and self._verification.is_running:
            return True
        if self.lists.kind not in _ONLY_IN.get(name, self.lists.kind):
            return False
        return super().check_action(action, parameters)

    def action_move(self, direction: str) -> None:
        """Go along the list, or the transcript while it is read."""
        self.page.move(direction)

    def action_show(self, kind: str) -> None:
        """Show the log, the risk sheet or the trail."""
        self.page.switch(kind)

    def action_read(self) -> None:
        """Let the arrows go along the transcript, or the list again."""
        if self._checking.is_read and self._checking.clean is None:
            self.action_review()
        else:
            self.page.read(is_reading=not self.page.is_reading)

    def action_review(self) -> None:
        """Open the review screen at this place, for who may read what was said."""
        spot, interview = self.page.spot, self._checking.interview
        if spot is None:
            self.earshot.open_review(interview)
        else:
            self.earshot.open_review(interview, spot.turn, spot.key)

    def action_stop(self) -> None:
        """Stop the verification, or else what runs in the background."""
        if self._verification.is_running:
            self._verification.stop()
        else:
            super().action_stop()

    def action_back(self) -> None:
        """Leave the transcript for the list, or the check."""
        if self.page.is_reading:
            self.page.read(is_reading=False)
        else:
            self.dismiss(None)

    @on(RiskRead)
    def _show_risk(self, message: RiskRead) -> None:
        if self.lists.take_risk(message):
            self.page.show_list()

    @on(WorkAdvanced)
    def _show_progress(self, message: WorkAdvanced) -> None:
        self._verification.show_progress(message)

    @on(Verified)
    def _show_findings(self, message: Verified) -> None:
        self._verification.show_findings(message)
