"""The check of one interview: the log, the risk sheet, the trail, an outsider's list, the ruling.

The list stands above, the place its line leads to below or beside it. What each key does lies in
the other files of this folder, a small class for each kind of thing; this puts them together, and
passes on the events of the screen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical

from app import COMMANDS, CommandPlace, OfficerCheck, is_signed
from study import InterviewState, InterviewSummary
from study.errors import EarshotError
from study.store import Study
from tui.guided_tour import TourPosition
from tui.key_bindings import build_bindings
from tui.key_names import with_keys
from tui.screens.check.check_lists import CheckLists, RiskRead, TracesRead
from tui.screens.check.check_page import CheckPage
from tui.screens.check.check_widgets import CheckWidgets
from tui.screens.check.line_checks import LineChecks
from tui.screens.check.log_filters import LogFilters
from tui.screens.check.sign_off_controls import SignOffControls
from tui.screens.check.verification_controls import VerificationControls, VerificationEnded
from tui.screens.command_screen import CommandScreen
from tui.widgets.key_line import KeyLine
from tui.widgets.safe_text import SafeText
from tui.widgets.work_line import WorkAdvanced, WorkLine

_LOG = (
    "right", "original", "sample", "changes",
)  # fmt: skip
_ONLY_IN = dict.fromkeys(_LOG, "log") | {
    "filter": "log, trail",
    "whole_study": "trail",
    "step_place": "risk, outsider",
    "object": "log, risk, outsider",
    "take_back": "log, risk, outsider",
    "read": "log, risk, outsider",
    "review": "log, risk, outsider",
}
_ELSEWHERE = {
    "log": "It works in the log: {check.log} shows it.",
    "trail": "It works in the trail: {check.trail} shows it.",
    "log, trail": "It works in the log ({check.log}) and the trail ({check.trail}).",
    "risk, outsider": "It works in the lists {check.risk} and {check.outsider}.",
    "log, risk, outsider": "It works in the lists {check.log}, {check.risk} and {check.outsider}.",
}
_LEFT_WHILE_READING = "It is about a line: {check.back} goes back to the list."
_KEYS = tuple(
    c.id
    for c in COMMANDS
    if c.in_footer and c.screen in {CommandPlace.CHECK, CommandPlace.EVERYWHERE}
)
_KEYS_ONCE_SIGNED = tuple("check.export" if name == "check.sign" else name for name in _KEYS)
_KEYS_UNREAD = tuple(
    "check.review" if name == "check.sign" else name
    for name in _KEYS
    if name not in {"check.send_back", "check.read"}
)
_KEYS_ONCE_SENT_BACK = tuple("check.review" if name == "check.sign" else name for name in _KEYS)
_OTHERS_S = 2.0  # how often to look whether another program changed the study


class CheckScreen(CommandScreen):
    """The check of one interview by a data officer: four lists, and the clean transcript."""

    place: ClassVar[CommandPlace] = CommandPlace.CHECK
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.CHECK)

    def __init__(self, study: Study, interview: str) -> None:
        super().__init__()
        self.widgets = widgets = CheckWidgets()
        self._checking = checking = OfficerCheck(study.interview(interview))
        self.lists = lists = CheckLists(checking, self)
        self.page = page = CheckPage(checking, lists, widgets, self)
        self._filters = LogFilters(checking, lists, page, self)
        self._line_checks = LineChecks(checking, lists, page, self)
        self._sign_off = SignOffControls(checking, page, self, self.refresh_study, self._open_turn)
        self._verification = VerificationControls(study, lists, page, widgets, self)
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
        yield SafeText("This window is too small: make it larger.", classes="too-small")
        yield widgets.status
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2, choose=self._choose_keys)

    def on_mount(self) -> None:
        """Read the interview."""
        super().on_mount()
        self.widgets.view.can_focus = False  # the screen's own keys move it
        self.widgets.view.has_blank_lines = self.earshot.preferences.has_blank_lines
        self.refresh_study()
        self.set_interval(_OTHERS_S, self.notice_other_programs)

    def on_resize(self) -> None:
        """Lay the columns out for another width, once the list has it."""
        self.call_after_refresh(self.page.show_list)

    def on_unmount(self) -> None:
        """Stop the verification."""
        self._verification.stop()

    def find_chosen(self) -> InterviewSummary | None:
        """Return this interview."""
        return self._checking.summary if self._checking.is_read else None

    def describe_whereabouts(self) -> TourPosition:
        """Add the number of checked lines to the position in the tour."""
        return replace(super().describe_whereabouts(), checked=len(self._checking.checks))

    def refresh_study(self) -> None:
        """Read everything again."""
        is_first = not self._checking.is_read
        try:
            self._checking.refresh()
            self._pulse = self._checking.interview.study.count_foreign_changes()
        except EarshotError as error:
            self.widgets.status.say(self.problem(error))
            return
        if is_first:  # until then there is nothing to do anything with
            self.take_actions(
                self.page, self._filters, self._line_checks, self._sign_off, self._verification
            )
        self.lists.refresh()
        self.page.show_all()

    def show_other_work(self) -> None:
        """Say what runs on this interview in place of what to do next."""
        self.page.running = self.describe_work_here(self._checking.interview.id)
        self.page.describe()

    def refresh_after_return(self) -> None:
        """After a message or another screen, reload only if something changed meanwhile."""
        if (
            self._checking.interview.study.count_foreign_changes() != self._pulse
            or self._is_stale()
        ):
            self.refresh_study()

    def notice_other_programs(self) -> None:
        """Say that another program changed the study; the shown interview stays as it was read.

        Work of our own runs in another process, and is shown once it has ended.
        """
        if self.earshot.work is not None:
            return
        try:
            changed = (
                self._checking.is_read
                and self._checking.interview.study.count_foreign_changes() != self._pulse
            )
        except EarshotError:
            return
        if changed and self.is_current:
            again = "! Another program changed the study: {check.refresh} reads it again."
            self.page.describe(with_keys(again))

    def _is_stale(self) -> bool:
        """Whether this process changed the interview meanwhile, for example in the review."""
        checking = self._checking
        if not checking.is_read:
            return True
        try:
            return checking.interview.summary != checking.summary
        except EarshotError:
            return True

    def _choose_keys(self) -> tuple[str, ...]:
        """Return the commands of the bottom line; once it is signed off, its handing over.

        While there is no clean transcript nothing is read, signed or sent back.
        """
        summary = self._checking.summary
        if self._checking.is_read and self._checking.clean is None:
            return _KEYS_UNREAD
        if summary is not None and summary.state is InterviewState.SENT_BACK:
            return _KEYS_ONCE_SENT_BACK  # nothing is signed until it is handed on again
        is_over = summary is not None and is_signed(summary)
        return _KEYS_ONCE_SIGNED if is_over else _KEYS

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable only the keys that apply to the shown list."""
        name = action.partition("(")[0]
        if name == "stop" and self._verification.is_running:
            return True
        return super().check_action(action, parameters)

    def explain_refusal(self, action: str, parameters: tuple[object, ...]) -> str:
        """Say in which list a key works that does nothing in this one."""
        name = action.partition("(")[0]
        lists = _ONLY_IN.get(name, self.lists.kind)
        if self.lists.kind not in lists.split(", "):
            return with_keys(_ELSEWHERE[lists])
        if self.page.is_reading and name == "right":
            return with_keys(_LEFT_WHILE_READING)
        return super().explain_refusal(action, parameters)

    def action_move(self, direction: str) -> None:
        """Go along the list, or the transcript while it is read."""
        self.page.move(direction)

    def action_show(self, kind: str) -> None:
        """Show another list."""
        self.page.switch_list(kind)

    def action_read(self) -> None:
        """Give the arrows to the transcript, or back to the list."""
        if self._checking.is_read and self._checking.clean is None:
            self.action_review()
        else:
            self.page.read(is_reading=not self.page.is_reading)

    def action_review(self) -> None:
        """Open the review at this place, or at what keeps the clean transcript from being there."""
        spot, interview = self.page.spot, self._checking.interview.id
        waiting = self._checking.list_undecided()
        if spot is None or (waiting and spot.key not in waiting):  # it begins at one that waits
            self.earshot.open_review(interview)
        else:
            self.earshot.open_review(interview, spot.turn, spot.key)

    def _open_turn(self, turn: int) -> None:
        self.earshot.open_review(self._checking.interview.id, turn)

    def action_stop(self) -> None:
        """Stop the verification, or else the work in the background."""
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

    @on(TracesRead)
    def _show_traces(self, message: TracesRead) -> None:
        if self.lists.take_traces(message):
            self.page.show_list()

    @on(WorkAdvanced)
    def _show_progress(self, message: WorkAdvanced) -> None:
        self._verification.show_progress(message)

    @on(VerificationEnded)
    def _show_findings(self, message: VerificationEnded) -> None:
        self._verification.show_findings(message)
