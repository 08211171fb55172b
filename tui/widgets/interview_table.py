"""The table of interviews, those of one case together, which draws the rows that are in sight.

A study has a thousand interviews, a window some forty lines: the cells of a row are made when it
is drawn, and nothing is kept of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.events import Click, Leave, MouseMove, Resize
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from app import StandingWithdrawal, find_withdrawals
from study import InterviewSummary, LinkedCase, PersonRole, sanitise_text
from tui.widgets.labels import describe_covered_share, format_length, format_state, name_next_step
from tui.widgets.text_columns import ListColumn, fit_cell

_PADDING = 2  # a blank on each side of a cell
_RIGHT = frozenset({"Covered", "To decide"})  # numbers


_COLUMNS = (
    ListColumn("Case", 14, from_width=100),
    ListColumn("Interview", 0),
    ListColumn("State", 18),
    ListColumn("Withdrawn", 22, from_width=100),
    ListColumn("Length", 8, from_width=76),
    ListColumn("Covered", 7, from_width=76),
    ListColumn("To decide", 9),
    ListColumn("Signed off", 22, from_width=116),
    ListColumn("Next", 12),
)
# In a narrow window, how far somebody has withdrawn takes the place of what counts less.
_NARROW = {"Withdrawn": 10, "Length": 0, "Covered": 0, "Signed off": 0}
_WIDE_FROM, _WIDEST_FROM = 100, 140


class InterviewTable(ScrollView, can_focus=True, inherit_bindings=False):
    """One row for each interview: what it is called, how far it is, what to do next."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "interviews--header", "interviews--cursor", "interviews--hover",
    }  # fmt: skip
    DEFAULT_CSS = """
    InterviewTable { overflow-x: hidden; overflow-y: auto; }
    """

    class RowChosen(Message):
        """Another interview is under the cursor, or none is."""

    class RowClicked(Message):
        """Somebody clicked on the interview under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._rows: list[tuple[LinkedCase, int]] = []  # a case, and which of its interviews
        self._sign_offs: Mapping[str, str] = {}
        self._withdrawn: Mapping[str, StandingWithdrawal] = {}
        self._role = PersonRole.OWNER
        self._busy = ""
        self._elsewhere: Collection[str] = ()
        self._returned: Collection[str] = ()
        self._has_withdrawn = self._has_brackets = False
        self._columns: list[tuple[str, int]] = []  # headings, and widths without the padding
        self._laid_out_for = 0
        self._row = 0
        self._kept = ""  # the interview that a person was on, shown or not
        self._hovered = -1

    def show(
        self,
        cases: Sequence[LinkedCase],
        sign_offs: Mapping[str, str],
        *,
        withdrawn: Mapping[str, StandingWithdrawal] | None = None,
        role: PersonRole = PersonRole.OWNER,
        busy: str = "",
        elsewhere: Collection[str] = (),
        returned: Collection[str] = (),
    ) -> None:
        """Show these cases, and keep the cursor on its interview, also once that was left out.

        sign_offs: who signed an interview off and when, by its id. withdrawn: who has withdrawn, by
        their code. role: of who is there. busy: the id of the interview that is worked on, "" for
        none. elsewhere: the ids of those that another program transcribes. returned: the ids of
        those of which a participant's copy came back and waits.
        """
        chosen = self.chosen
        if not self._kept:
            self.keep()
        self._rows = [(case, number) for case in cases for number in range(len(case.interviews))]
        self._has_brackets = len(cases) < len(self._rows)
        self._sign_offs, self._withdrawn, self._role = sign_offs, withdrawn or {}, role
        self._busy, self._elsewhere, self._returned = busy, elsewhere, returned
        self._has_withdrawn = bool(self._withdrawn) and any(
            find_withdrawals(case.interviews[number], self._withdrawn)
            for case, number in self._rows
        )
        self._lay_out()
        self._move_to(self._row)
        self._go_to(chosen.id if chosen is not None else "")
        self._go_to(self._kept)

    @property
    def cursor_row(self) -> int:
        """The number of the row under the cursor, 0 where there is none."""
        return self._row

    @property
    def chosen(self) -> InterviewSummary | None:
        """The interview under the cursor."""
        if self._row >= len(self._rows):
            return None
        case, number = self._rows[self._row]
        return case.interviews[number]

    def choose(self, interview: str) -> None:
        """Put the cursor on an interview, if it is there."""
        self._go_to(interview)
        self.keep()

    def keep(self) -> None:
        """Note that a person means the interview under the cursor."""
        if self.chosen is not None:
            self._kept = self.chosen.id

    def _go_to(self, interview: str) -> None:
        for row, (case, number) in enumerate(self._rows):
            if case.interviews[number].id == interview:
                self._move_to(row)

    leads = True

    def find_selected_line(self) -> Offset | None:
        """Return where the row under the cursor is drawn, seen from the content's corner."""
        if not self._rows:
            return None
        return Offset(1, 1 + self._row - self.scroll_offset.y)

    def move(self, direction: str) -> None:
        """Move the cursor by a row or a page, or to an end."""
        page = max(1, self._count_rows_in_sight() - 1)
        steps = {"up": -1, "down": 1, "page_up": -page, "page_down": page}
        ends = {"home": 0, "end": len(self._rows) - 1}
        self._move_to(ends.get(direction, self._row + steps.get(direction, 0)))
        self.keep()

    def on_resize(self, event: Resize) -> None:
        """Choose the columns for another width, and keep the cursor in sight."""
        del event
        if self.scrollable_content_region.width != self._laid_out_for:
            self._lay_out()
        self._bring_into_sight()

    def on_click(self, event: Click) -> None:
        """Put the cursor where somebody clicked, and tell it."""
        row = self._find_row(event.y)
        if row >= 0:
            event.stop()
            self._move_to(row)
            self.keep()
            self.post_message(self.RowClicked())

    def on_mouse_move(self, event: MouseMove) -> None:
        """Show over which row the mouse is."""
        self._hover(self._find_row(event.y))

    def on_leave(self, event: Leave) -> None:
        """Show no longer where the mouse was."""
        del event
        self._hover(-1)

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is in sight, the heading first."""
        width = self.scrollable_content_region.width
        row = y - 1 + self.scroll_offset.y
        if not y:
            cells = {heading: heading for heading, _ in self._columns}
            return self._draw(cells, "header", is_heading=True)
        if row >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        look = "cursor" if row == self._row else "hover" if row == self._hovered else ""
        return self._draw(self._make_cells(row), look)

    def _draw(self, cells: Mapping[str, str], look: str, *, is_heading: bool = False) -> Strip:
        style = self.rich_style
        if look:
            style += self.get_component_rich_style(f"interviews--{look}")
        line = ""
        for heading, width in self._columns:
            is_right = heading in _RIGHT and not is_heading
            line += f" {fit_cell(cells[heading], width, is_right=is_right)} "
        width = self.scrollable_content_region.width
        return Strip([Segment(set_cell_size(line, width), style)], width)

    def _find_row(self, y: int) -> int:
        """Return the row that is drawn on a line of the widget's content, -1 for none."""
        row = y - 1 + self.scroll_offset.y
        return row if y > 0 and row < len(self._rows) else -1

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.refresh()

    def _count_rows_in_sight(self) -> int:
        return max(1, self.scrollable_content_region.height - 1)

    def _move_to(self, row: int) -> None:
        """Put the cursor on a row, or on the nearest that there is."""
        before, self._row = self._row, max(0, min(row, len(self._rows) - 1))
        self._bring_into_sight()
        self.refresh()
        if self._row != before:
            self.post_message(self.RowChosen())

    def _bring_into_sight(self) -> None:
        top, seen = self.scroll_offset.y, self._count_rows_in_sight()
        wanted = max(self._row - seen + 1, min(top, self._row))
        if wanted != top and self._laid_out_for:
            self.scroll_to(y=wanted, animate=False, immediate=True)

    def _lay_out(self) -> None:
        """Choose the columns for this width."""
        width = self._laid_out_for = self.scrollable_content_region.width
        columns = [(c.heading, w) for c in _COLUMNS if (w := self._find_width(c, width)) >= 0]
        fixed = sum(w for _, w in columns) + _PADDING * len(columns)
        if self._measure_names() > width - fixed:  # it gets the room that others do not need
            columns = self._narrow(columns)
            fixed = sum(w for _, w in columns) + _PADDING * len(columns)
        self._columns = [(heading, own or max(8, width - fixed)) for heading, own in columns]
        self.virtual_size = Size(width, len(self._rows) + 1)
        self.refresh()

    def _measure_names(self) -> int:
        """Return the width of the widest name of an interview, in cells."""
        bracket = int(self._has_brackets)
        names = (sanitise_text(case.interviews[number].label) for case, number in self._rows)
        return max(len("Interview"), *(bracket + cell_len(name) for name in names), 0)

    def _narrow(self, columns: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """Take from the columns what no cell of theirs needs."""
        wanted = {heading: len(heading) for heading, _ in columns}
        for row in range(len(self._rows)):
            cells = self._make_cells(row)
            for heading, widest in wanted.items():
                wanted[heading] = max(widest, cell_len(cells[heading]))
        return [(heading, own and min(own, wanted[heading])) for heading, own in columns]

    def _find_width(self, column: ListColumn, room: int) -> int:
        """Return the width of a column, 0 for what is left, -1 where it is not shown."""
        if column.heading == "Withdrawn" and not self._has_withdrawn:
            return -1
        if self._has_withdrawn and room < _WIDEST_FROM and column.heading in _NARROW:
            is_narrow = room < _WIDE_FROM
            return (_NARROW if is_narrow else {"Withdrawn": column.width}).get(column.heading) or -1
        return column.width if room >= column.from_width else -1

    def _make_cells(self, row: int) -> dict[str, str]:
        """Return the text of each cell of a row, by the heading of its column."""
        case, number = self._rows[row]
        summary = case.interviews[number]
        found = find_withdrawals(summary, self._withdrawn) if self._has_withdrawn else ()
        is_busy = summary.id == self._busy
        is_elsewhere = summary.id in self._elsewhere and not is_busy
        is_returned = summary.id in self._returned
        step = name_next_step(
            summary, found, self._role, is_elsewhere=is_elsewhere, is_returned=is_returned
        )
        is_narrow = self._laid_out_for < _WIDE_FROM
        withdrawn = (found[0].scope if is_narrow else str(found[0])) if found else ""
        bracket = _bracket(case, number) if self._has_brackets else ""
        return {
            "Case": sanitise_text(case.name) if not number else "",
            "Interview": bracket + sanitise_text(summary.label),
            "State": format_state(summary, found, is_elsewhere=is_elsewhere),
            "Withdrawn": withdrawn,
            "Length": format_length(summary),
            "Covered": describe_covered_share(summary),
            "To decide": f"? {summary.undecided}" if summary.undecided else "",
            "Signed off": sanitise_text(self._sign_offs.get(summary.id, "")),
            "Next": "working …" if is_busy else step,
        }


def _bracket(case: LinkedCase, number: int) -> str:
    """Draw what holds the interviews of one case together; a blank beside a single one."""
    last = len(case.interviews) - 1
    if not last:
        return " "
    return "┌" if not number else "└" if number == last else "│"
