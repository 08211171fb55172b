"""The page of the check: a list, and the place in the transcript that its line leads to."""

from __future__ import annotations

from typing import Protocol

from rich.cells import cell_len

from app import CommandPlace, OfficerCheck, describe_ruling, describe_turn_changes
from study.errors import MentionsUndecided
from tui.key_names import with_keys
from tui.screens.check.check_lists import CheckLists
from tui.screens.check.check_widgets import CheckWidgets
from tui.screens.check.line_lists import ListedPlace
from tui.widgets.labels import describe_next_step, format_state
from tui.widgets.safe_text import TextPart
from tui.widgets.text_columns import ColumnLines

_CURSOR = 2  # cells before a line
_SHEETS = (
    ("log", "{check.log} Log"), ("risk", "{check.risk} Risk"), ("trail", "{check.trail} Trail"),
    ("outsider", "{check.outsider} Outsider"),
)  # fmt: skip


class _Frame(Protocol):
    """The few methods of the screen that the page calls."""

    def set_class(self, add: bool, *class_names: str) -> object: ...  # noqa: FBT001 - Textual's

    def refresh_bindings(self) -> None: ...


class CheckPage:
    """Shows the list, the place that its line leads to, and the details of the line."""

    def __init__(
        self, checking: OfficerCheck, lists: CheckLists, widgets: CheckWidgets, frame: _Frame
    ) -> None:
        self._checking, self._lists = checking, lists
        self._widgets, self._frame = widgets, frame
        self.is_reading = False  # the arrows go along the transcript
        self.running = ""  # what runs on this interview in the background
        self._cursors: dict[str, int] = {}  # of the lists, where each was left
        self._nth = 0  # which of a line's places is shown

    @property
    def row(self) -> int:
        """The number of the line under the cursor."""
        return self._widgets.rows.cursor

    @property
    def spot(self) -> ListedPlace | None:
        """The place that is shown, None where the line leads nowhere."""
        sheet = self._lists.shown
        spots = sheet.list_places(self.row) if 0 <= self.row < len(sheet) else ()
        return spots[self._nth % len(spots)] if spots else None

    def show_all(self) -> None:
        """Show everything anew; the cursor stays where it was."""
        checking = self._checking
        turns = checking.clean.turns if checking.clean else ()
        self._mark_objections()
        self._widgets.view.show(turns, checking.placed, checking.events)
        self._frame.set_class(checking.clean is None, "-unread")
        self.show_list()

    def show_list(self, said: str = "") -> None:
        """Show the list anew; the cursor stays where it was."""
        rows, sheet = self._widgets.rows, self._lists.shown
        if not self._checking.is_read or not rows.size.width:
            return
        lines = ColumnLines(
            sheet.columns, len(sheet), sheet.format_cells, rows.size.width - _CURSOR
        )
        self._widgets.columns.say(" " * _CURSOR + lines.heading)
        rows.show(lines)
        self.show_line_place(said)

    def switch_list(self, kind: str) -> None:
        """Show another list, with the cursor where it was left."""
        rows = self._widgets.rows
        self._cursors[self._lists.kind] = rows.cursor
        self._lists.look_at(kind)
        self._nth, self.is_reading = 0, False
        self._frame.set_class(kind == "trail", "-facts")
        self.show_list()
        rows.choose_row(self._cursors.get(kind, 0))
        self.show_line_place()

    def move(self, direction: str) -> None:
        """Go along the list, or the transcript while it is read."""
        if self.is_reading:
            self._read_on(direction)
            return
        self._widgets.rows.move(direction)
        self._nth = 0
        self.show_line_place()

    def _read_on(self, direction: str) -> None:
        """Go along the turns; of one that is higher than the window, along its rows."""
        view, clean = self._widgets.view, self._checking.clean
        turns = [turn.key for turn in clean.turns] if clean else []
        if direction in {"home", "end"} and turns:
            view.go_to(turns[0 if direction == "home" else -1])
        elif direction not in {"up", "down"}:
            view.move(direction)
            key = view.find_first_turn_in_sight()
            view.go_to(view.turn if key is None else key, in_sight=False)
        elif view.count_hidden_rows(direction):
            view.move(direction)
        elif turns:
            here = turns.index(view.turn) if view.turn in turns else 0
            following = here + (1 if direction == "down" else -1)
            view.go_to(turns[min(max(0, following), len(turns) - 1)])
        self.read(is_reading=True)

    def show_objections(self, said: str = "") -> None:
        """Show the objections to turns anew, and ``said``."""
        self._mark_objections()
        self.describe(said)

    def _mark_objections(self) -> None:
        checking = self._checking
        objections = {turn: one.reason for turn, one in checking.turn_objections.items()}
        since = "sent back" if checking.signed and checking.signed.is_sent_back else "signed off"
        changes = dict.fromkeys(checking.turn_changes.changed, f"changed since it was {since}")
        self._widgets.view.show_objections(objections, changes)

    @property
    def chosen_turn(self) -> int:
        """The key of the turn that keys act on in place of a line of the log; 0 for none."""
        if self._checking.clean is None:
            return 0
        if self.is_reading:
            return self._widgets.view.turn or 0
        spot = self.spot if self._lists.kind != "log" else None
        return spot.turn if spot else 0

    def go_to_row(self, row: int) -> None:
        """Go to a line of the list."""
        self._widgets.rows.choose_row(row)
        self.show_line_place()

    def read(self, *, is_reading: bool) -> None:
        """Give the arrows to the transcript, or back to the list."""
        self.is_reading = is_reading
        said = "Reading: {check.object} objects to a turn, {check.back} goes back to the list."
        self.describe(with_keys(said) * is_reading)

    def action_step_place(self, by: int) -> None:
        """Show another place of the line, round the end if need be."""
        sheet = self._lists.shown
        count = len(sheet.list_places(self.row)) if 0 <= self.row < len(sheet) else 0
        if count:
            self._nth = (self._nth + by) % count
            self.show_line_place(f"Place {self._nth + 1} of {count}. ← → go on.")

    def show_line_place(self, said: str = "") -> None:
        """Show the place that the line under the cursor leads to, and the line's details."""
        spot, view = self.spot, self._widgets.view
        if not self.is_reading and spot is not None and self._checking.clean is not None:
            text = self._checking.text_of_turn(spot.turn) if spot.words and spot.mention < 0 else ""
            start = max(0, text.find(spot.words))
            end = start + len(spot.words) if spot.words in text else start
            view.highlight_choice(spot.turn, start, end, "found")
            view.go_to(spot.turn, spot.mention)
        self.describe(said)

    def describe(self, said: str = "") -> None:
        """Show the details of the line under the cursor, and ``said``, a message before them."""
        checking, on, sheet = self._checking, self._widgets, self._lists.shown
        summary = checking.summary
        if not checking.is_read or summary is None:
            return
        shown = self._lists.kind
        tabs: list[TextPart] = []
        for kind, named in _SHEETS:
            label = with_keys(named)
            tabs += ["  ", (f"▸{label}", "bold reverse") if kind == shown else f" {label}"]
        on.heading.say(
            ("Check ", "bold"),
            (summary.label, "bold"),
            f"   {format_state(summary, checking.withdrawals)}  ",
            *tabs,
        )
        ruling = checking.signed
        standing = describe_ruling(ruling, checking.show_turn) if ruling else ""
        changed = describe_turn_changes(checking.turn_changes, checking.show_turn)
        both = f"{standing.removesuffix('.')}. {changed}"
        on.standing.say(both if changed else standing)
        self._frame.set_class(bool(standing), "-ruled")
        is_here = 0 <= self.row < len(sheet)
        none = "Nothing to show here." if sheet.is_read else ""
        detail = sheet.describe_line(self.row) if is_here else (none,)
        (on.facts if shown == "trail" else on.detail).say(*detail)
        on.why.say(why_unread(checking))
        on.status.say(said or self._describe_list(sheet.describe_list()))
        self._frame.set_class(self.is_reading, "-reading")
        self._frame.refresh_bindings()

    def _describe_list(self, listed: str) -> str:
        """Add the next step to what is told of the log, where there is room."""
        checking = self._checking
        if self._lists.kind != "log" or checking.clean is None or checking.summary is None:
            return listed
        role, place = checking.interview.study.role, CommandPlace.CHECK
        step = describe_next_step(checking.summary, checking.withdrawals, role, place=place)
        if self.running:
            step = self.running
        elif checking.list_objections():  # nothing is signed while one stands
            step = with_keys("Press {check.send_back} to send it back.")
        both = f"{listed}   {step}"
        return both if cell_len(both) < self._widgets.status.size.width else listed


def why_unread(checking: OfficerCheck) -> str:
    """Say why there is no clean transcript to read; "" where there is one."""
    obstacle = checking.obstacle
    if isinstance(obstacle, MentionsUndecided):
        left = f"{obstacle.count} still to decide; then you get the clean transcript."
        return f"{left} {with_keys('{check.review} goes there.')}"
    if obstacle is not None and checking.summary is not None:
        role = checking.interview.study.role
        step = describe_next_step(
            checking.summary, checking.withdrawals, role, place=CommandPlace.CHECK
        )
        return f"{obstacle} {step}"
    return "" if checking.clean is not None else "There is no clean transcript yet."
