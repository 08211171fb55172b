"""The list of interviews: how far each is, and what to do next."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Input

from study.artefacts import Summary
from study.errors import EarshotError
from tui.commands import Place, bindings
from tui.screens.interview import InterviewScreen
from tui.screens.place import PlaceScreen
from tui.screens.prepare import PrepareScreen
from tui.widgets import wording
from tui.widgets.interviews import InterviewTable
from tui.widgets.keys import KeyLine
from tui.widgets.plain import Plain
from tui.widgets.working import WorkLine

_EMPTY = (
    "This study has no interview yet.\n\n"
    "Press n to record one, or bring one in from the shell:\n\n"
    "    earshot import STUDY FILE --label P07_i1\n\n"
    "Then press r here."
)


class FilterField(Input):
    """Where a person types what the interviews shown have in common."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "To the list"),
        Binding("escape", "screen.unfilter", "Show all"),
    ]


class Home(PlaceScreen):
    """All interviews of the study."""

    place: ClassVar[Place] = Place.HOME
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.HOME)

    def __init__(self) -> None:
        super().__init__()
        self._every: list[Summary] = []
        self._wanted = ""
        self._problem = ""

    def compose(self) -> ComposeResult:
        """Lay out the heading, the table, what to do next, and the keys."""
        yield Plain(id="heading", classes="bar")
        yield FilterField(
            id="filter", placeholder="Show only interviews with … in label or state", compact=True
        )
        yield InterviewTable(id="interviews")
        yield Plain(_EMPTY, id="empty")
        yield Plain("The window is too small: make it larger.", classes="too-small")
        yield Plain(id="next")
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Read the study, and put the cursor in the table."""
        super().on_mount()
        self.refresh_study()
        self.query_one(InterviewTable).focus()

    def chosen(self) -> Summary | None:
        """Return the interview under the cursor."""
        return self.query_one(InterviewTable).chosen

    def refresh_study(self) -> None:
        """Read the list again."""
        try:
            self._every = self.earshot.study.summaries()
            self._problem = ""
        except EarshotError as error:
            self._problem = wording.problem(error)
        self._show()

    def action_open(self) -> None:
        """Open the interview under the cursor."""
        summary = self.chosen()
        if summary is not None:
            self.earshot.push_screen(InterviewScreen(summary.id))

    def action_record_new(self) -> None:
        """Prepare the recording of a new interview."""
        self.earshot.push_screen(PrepareScreen(None, self._every))

    def action_record_on(self) -> None:
        """Prepare to record the interview under the cursor, or to go on with it."""
        summary = self.chosen()
        if summary is not None:
            self.earshot.push_screen(PrepareScreen(summary, self._every))

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        self.query_one(InterviewTable).move(direction)

    def action_filter(self) -> None:
        """Open the field that narrows the list down."""
        self.add_class("-filtering")
        self.query_one("#filter", Input).focus()

    def action_unfilter(self) -> None:
        """Show all interviews again."""
        self.query_one("#filter", Input).value = ""
        self.remove_class("-filtering")
        self.query_one(InterviewTable).focus()

    def action_quit(self) -> None:
        """Leave."""
        self.earshot.action_leave()

    @on(Input.Changed, "#filter")
    def _narrow(self, event: Input.Changed) -> None:
        self._wanted = event.value.strip().casefold()
        self._show()

    @on(Input.Submitted, "#filter")
    def _narrowed(self) -> None:
        self.query_one(InterviewTable).focus()

    @on(DataTable.RowSelected)
    def _clicked(self) -> None:
        self.action_open()

    @on(DataTable.RowHighlighted)
    def _show_next(self) -> None:
        summary = self.chosen()
        told = f"Next: {wording.next_sentence(summary)}" if summary else ""
        self.query_one("#next", Plain).say(self._problem or told)

    def _show(self) -> None:
        shown = [s for s in self._every if self._wanted in f"{s.label} {s.state}".casefold()]
        self.query_one(InterviewTable).show(shown)
        self.set_class(not self._every and not self._problem, "-empty")
        undecided = sum(s.undecided for s in self._every)
        count = "1 interview" if len(self._every) == 1 else f"{len(self._every)} interviews"
        some = f", {len(shown)} shown" if len(shown) < len(self._every) else ""
        waiting = f"   ? {undecided} to decide" if undecided else ""
        self.query_one("#heading", Plain).say(("Earshot", "bold"), f"   {count}{some}{waiting}")
        self._show_next()
