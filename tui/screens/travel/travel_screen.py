"""Sending interviews to another study, and taking in what comes from one.

The list has every interview, with what is on loan. What takes long runs on a thread; it shows how
far it is and what is left, and ends within a moment when it is stopped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from app import BackgroundWork, CommandPlace, RemainingTime, format_count
from study import InterviewSummary, ReportProgress, ShouldStop, TaskProgress
from study.errors import EarshotError, Stopped
from study.store import (
    Loan,
    SentAway,
    Study,
    list_loans,
    list_trusted,
    list_unsettled_moves,
)
from tui.key_bindings import build_bindings
from tui.key_names import with_keys
from tui.screens.command_screen import CommandScreen
from tui.screens.travel.key_controls import KeyControls
from tui.screens.travel.receiving_controls import ReceivingControls
from tui.screens.travel.sending_controls import SendingControls
from tui.widgets.key_line import KeyLine
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText
from tui.widgets.text_columns import ColumnLines, ListColumn
from tui.widgets.work_line import WorkLine

_Result = TypeVar("_Result")
_MARKED, _INTERVIEW = ListColumn("", 1), ListColumn("interview", 14)
_OTHERS = (ListColumn("state", 16), ListColumn("on loan or moved"))
_BUSY = "A task is running. Wait for it, or stop it with {travel.stop}."
_STOPPED = "It was stopped. Nothing was sent, taken in or taken back."
_EMPTY = "No interviews yet. {travel.take_in} receives some from another study."


class TravelScreen(CommandScreen):
    """Interviews on their way to other studies and from them."""

    place: ClassVar[CommandPlace] = CommandPlace.TRAVEL
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.TRAVEL)

    class Advanced(Message, bubble=False):
        """The work has come further; a newer message replaces this one."""

        def __init__(self, progress: TaskProgress, left_s: float | None) -> None:
            super().__init__()
            self.progress, self.left_s = progress, left_s

        def can_replace(self, message: Message) -> bool:
            """Whether ``message``, an older one, may be dropped."""
            return isinstance(message, TravelScreen.Advanced)

    class Ended(Message):
        """The work has ended; ``tell`` shows how."""

        def __init__(self, tell: Callable[[], None]) -> None:
            super().__init__()
            self.tell = tell

    def __init__(self, folder: Path | None = None) -> None:
        """folder: where files are looked for first, by default where Earshot was started."""
        super().__init__()
        self.folder = folder or Path.cwd()
        self._every: list[InterviewSummary] = []
        self._loans: dict[str, Loan] = {}
        self._moves: dict[str, SentAway] = {}
        self._trusted: list[str] = []
        self._marked: set[str] = set()
        self._problem = ""
        self._own: BackgroundWork | None = None  # the work of this screen, while it runs
        self._stop_asked = threading.Event()
        self.take_actions(SendingControls(self), ReceivingControls(self), KeyControls(self))

    def compose(self) -> ComposeResult:
        """Lay out the heading, the interviews, what is chosen, the work, and the keys."""
        yield SafeText(id="heading", classes="bar")
        yield SafeText(id="columns")
        yield RowList(id="travelling", counts_more=True)
        yield SafeText(id="about-travel")
        yield SafeText("This window is too small: make it larger.", classes="too-small")
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Read what there is."""
        super().on_mount()
        self.refresh_study()

    def on_unmount(self) -> None:
        """Let work on a thread end when the screen does."""
        self._stop_asked.set()

    def on_resize(self) -> None:
        """Fit the columns into another width."""
        self._show()

    @property
    def study(self) -> Study:
        """The study that is open."""
        return self.earshot.study

    @property
    def picked(self) -> list[InterviewSummary]:
        """The interviews that are marked; if none is, the one under the cursor."""
        marked = [one for one in self._every if one.id in self._marked]
        chosen = self.find_chosen()
        return marked or ([chosen] if chosen else [])

    def find_chosen(self) -> InterviewSummary | None:
        """Return the interview under the cursor."""
        rows = self.query(RowList)
        row = rows.first().cursor if rows else -1
        return self._every[row] if 0 <= row < len(self._every) else None

    def refresh_study(self) -> None:
        """Read the interviews and the loans again."""
        try:
            self._every = self.study.summaries()
            self._loans = {one.label: one for one in list_loans(self.study)}
            self._moves = list_unsettled_moves(self.study, [one.id for one in self._every])
            self._trusted = [one.name for one in list_trusted(self.study)]
            self._marked &= {one.id for one in self._every}
            self._problem = ""
        except EarshotError as error:
            self._problem = self.problem(error)
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer nothing but to move and to stop while something is sent or taken in."""
        if self._own is not None:
            return action in {"move", "stop"}
        return super().check_action(action, parameters)

    def action_move(self, direction: str) -> None:
        """Go along the interviews."""
        self.query_one(RowList).move(direction)
        self._show()

    def action_mark(self) -> None:
        """Mark the interview under the cursor, or no longer, and go to the next."""
        chosen = self.find_chosen()
        if chosen is not None:
            self._marked ^= {chosen.id}
            self.action_move("down")

    def action_back(self) -> None:
        """Go back to the list of interviews."""
        self.earshot.pop_screen()

    def action_stop(self) -> None:
        """Stop what is sent or taken in, or else the work in the background."""
        if self._own is None:
            super().action_stop()
            return
        self._stop_asked.set()
        self._own = replace(self._own, is_stopping=True)
        self._show_own()

    def work_on(
        self,
        doing: str,
        what: str,
        act: Callable[[ReportProgress, ShouldStop], _Result],
        tell: Callable[[_Result], None],
    ) -> None:
        """Do something on a thread, with its progress, and ``tell`` of it; an error is shown."""
        if self.earshot.work is not None or self._own is not None:
            self.show_message(with_keys(_BUSY))
            return
        pace, stop = RemainingTime(), threading.Event()

        def report(progress: TaskProgress) -> None:
            self.post_message(self.Advanced(progress, pace.estimate_left_s(progress)))

        def run() -> None:
            try:
                ending = partial(tell, act(report, stop.is_set))
            except Stopped:
                ending = partial(self.show_message, _STOPPED)
            except EarshotError as error:
                ending = partial(self.show_message, self.problem(error))
            self.post_message(self.Ended(ending))

        self._stop_asked = stop
        self._own = BackgroundWork(doing, "", what)
        self._show_own()
        self.run_beside(run, "travel")

    @on(Advanced)
    def _advanced(self, message: Advanced) -> None:
        if self._own is not None:
            self._own = replace(self._own, progress=message.progress, left_s=message.left_s)
            self._show_own()

    @on(Ended)
    def _ended(self, message: Ended) -> None:
        self._own = None
        self._show_own()
        self._marked.clear()
        self.refresh_study()
        message.tell()

    def _show_own(self) -> None:
        self.query_one(WorkLine).show_work(self._own)
        self.refresh_bindings()

    def _show(self) -> None:
        columns = (_MARKED, _INTERVIEW.widen(one.label for one in self._every), *_OTHERS)
        lines = ColumnLines(
            columns, len(self._every), lambda n: self._cells(self._every[n]), self.size.width - 4
        )
        self.query_one("#columns", SafeText).say(f"  {lines.heading}")
        self.query_one(RowList).show(lines)
        marked = f"   {len(self._marked)} marked" if self._marked else ""
        trusted = ", ".join(self._trusted) or "no study yet"
        heading = f"   Send and receive   {format_count(len(self._every), 'interview')}{marked}"
        self.query_one("#heading", SafeText).say(("Earshot", "bold"), heading)
        about = (
            f"Trusted: {trusted}." if self._every else f"{with_keys(_EMPTY)} Trusted: {trusted}."
        )
        self.query_one("#about-travel", SafeText).say(self._problem or about)
        self.refresh_bindings()

    def _cells(self, one: InterviewSummary) -> tuple[str, ...]:
        loan = self._loans.get(one.label)
        lent = f"to {loan.to} since {loan.since[:10]}" if loan else ""
        moved = self._moves.get(one.id)
        went = f"moved to {moved.study}, waits for the receipt" if moved else ""
        return "●" if one.id in self._marked else "", one.label, one.state, lent or went
