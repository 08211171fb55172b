"""What all parts of the check share: a list, the place its line leads to, and how it is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from study.artefacts import Summary
from study.errors import EarshotError
from tui.checking import Checking
from tui.commands import Place
from tui.screens.check.log import LogSheet
from tui.screens.check.risk import RiskSheet
from tui.screens.check.sheets import Sheet, Spot
from tui.screens.check.trail import TrailSheet
from tui.screens.place import PlaceScreen
from tui.tour import Whereabouts
from tui.widgets import wording
from tui.widgets.columns import Lines
from tui.widgets.plain import Part, Plain, Steady
from tui.widgets.rows import Rows
from tui.widgets.transcript import TranscriptView

_CURSOR = 2  # cells before a line
_SHEETS = (("log", "1 Log"), ("risk", "2 Risk"), ("trail", "3 Trail"))


class CheckPage(PlaceScreen):
    """One interview: its lists, the cursor in each, and the transcript below."""

    place: ClassVar[Place] = Place.CHECK

    def __init__(self, interview: str) -> None:
        super().__init__()
        self.interview = interview
        self.checking: Checking | None = None
        self.kind = "log"
        self.is_reading = False  # the arrows go along the transcript
        self.decisions: LogSheet | None = None
        self.risk = RiskSheet()
        self.trail: TrailSheet | None = None
        self._cursors: dict[str, int] = {}
        self._nth = 0  # which of a line's places is shown
        self._told = ""
        self._pulse = 0

    def chosen(self) -> Summary | None:
        """Return this interview."""
        return self.checking.summary if self.checking else None

    def whereabouts(self) -> Whereabouts:
        """Say how much was looked at as well."""
        checked = len(self.checking.checks) if self.checking else 0
        return replace(super().whereabouts(), checked=checked)

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one("#lines", Rows)

    @property
    def view(self) -> TranscriptView:
        """The clean transcript."""
        return self.query_one(TranscriptView)

    @property
    def sheet(self) -> Sheet | None:
        """The list that is shown."""
        sheets: dict[str, Sheet | None] = {
            "log": self.decisions, "risk": self.risk, "trail": self.trail,
        }  # fmt: skip
        return sheets[self.kind]

    @property
    def row(self) -> int:
        """The number of the line under the cursor, -1 where there is none."""
        return self.rows.cursor if self.sheet else -1

    def spot(self) -> Spot | None:
        """Return the place that is shown."""
        sheet = self.sheet
        if sheet is None or not 0 <= self.row < len(sheet):
            return None
        spots = sheet.spots(self.row)
        return spots[self._nth % len(spots)] if spots else None

    def refresh_study(self) -> None:
        """Read everything again."""
        study = self.earshot.study
        try:
            if self.checking is None:
                self.checking = Checking(study, self.interview)
                self.interview = self.checking.interview = self.checking.summary.id
                self.decisions = LogSheet(self.checking)
                self.trail = TrailSheet(self.interview, self.checking.who)
            else:
                self.checking.refresh()
            self._pulse = study.pulse()
        except EarshotError as error:
            self.query_one("#status", Plain).say(wording.problem(error))
            return
        if self.decisions is not None:
            self.decisions.refresh()
        self.read_again()
        self.view.show(
            self.checking.clean.turns if self.checking.clean else (),
            self.checking.placed,
            self.checking.events,
        )
        self.set_class(self.checking.clean is None, "-unread")
        self.show_list()

    def read_again(self) -> None:
        """Read what the other lists show; the parts that know them do."""

    def come_back(self) -> None:
        """Come back from a message or another screen: look only for what changed meanwhile."""
        if self.earshot.study.pulse() != self._pulse or self.is_stale():
            self.refresh_study()

    def look_for_others(self) -> None:
        """Say that another program changed the study; nothing changes under somebody's eyes."""
        try:
            changed = self.checking is not None and self.earshot.study.pulse() != self._pulse
        except EarshotError:
            return
        if changed and self.is_current:
            self.describe("! Another program changed the study: r reads it again.")

    def is_stale(self) -> bool:
        """Whether this process changed the interview meanwhile, in the review say."""
        checking = self.checking
        if checking is None:
            return True
        try:
            return self.earshot.study.find(self.interview) != checking.summary
        except EarshotError:
            return True

    def show_list(self, told: str = "") -> None:
        """Show the list anew; the cursor stays where it was."""
        sheet = self.sheet
        if sheet is None or not self.rows.size.width:
            return
        lines = Lines(sheet.columns, len(sheet), sheet.cells, self.rows.size.width - _CURSOR)
        self.query_one("#columns", Steady).say(" " * _CURSOR + lines.heading)
        self.rows.show(lines)
        self.point(told)

    def switch(self, kind: str) -> None:
        """Show another list, with the cursor where it was left."""
        self._cursors[self.kind] = self.rows.cursor
        self.kind, self._nth = kind, 0
        self.is_reading = False
        self.set_class(kind == "trail", "-facts")
        self.show_list()
        self.rows.choose(self._cursors.get(kind, 0))
        self.point()

    def first_place(self) -> None:
        """Show the first place of the line that the cursor has come to."""
        self._nth = 0
        self.point()

    def next_place(self, by: int) -> None:
        """Show another place of the line, round the end if need be."""
        sheet = self.sheet
        count = len(sheet.spots(self.row)) if sheet and 0 <= self.row < len(sheet) else 0
        if count:
            self._nth = (self._nth + by) % count
            self.point(f"Place {self._nth + 1} of {count}. ← → go on.")

    def point(self, told: str = "") -> None:
        """Show the place that the line under the cursor leads to, and what is known of the line."""
        spot, checking = self.spot(), self.checking
        if spot is not None and checking is not None and checking.clean is not None:
            self._show_spot(checking, spot)
        self.describe(told)

    def _show_spot(self, checking: Checking, spot: Spot) -> None:
        text = checking.text(spot.turn) if spot.words and spot.mention < 0 else ""
        start = max(0, text.find(spot.words))
        end = start + len(spot.words) if spot.words in text else start
        self.view.choose(spot.turn, start, end, "found")
        self.view.go_to(spot.turn, spot.mention)

    def describe(self, told: str = "") -> None:
        """Say what is known of the line under the cursor, and what was just done."""
        checking, sheet = self.checking, self.sheet
        if checking is None or sheet is None:
            return
        self._told = told
        summary = checking.summary
        tabs: list[Part] = []
        for kind, label in _SHEETS:
            tabs += ["  ", (f"▸{label}", "bold reverse") if kind == self.kind else f" {label}"]
        self.query_one("#heading", Plain).say(
            ("Check ", "bold"), (summary.label, "bold"), f"   {wording.state(summary)}  ", *tabs
        )
        standing = wording.word_on(checking.signed) if checking.signed else ""
        self.query_one("#standing", Plain).say(standing)
        self.set_class(bool(standing), "-ruled")
        here = 0 <= self.row < len(sheet)
        detail = sheet.detail(self.row) if here else ("Nothing to show here.",)
        self.query_one("#facts" if self.kind == "trail" else "#detail", Plain).say(*detail)
        self.query_one("#why", Plain).say(checking.why_none)
        self.query_one("#status", Steady).say(told or sheet.told())
        self.set_class(self.is_reading, "-reading")
        self.refresh_bindings()
