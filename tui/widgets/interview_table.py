"""The table of interviews, those of one case together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from rich.text import Text
from textual.events import Resize
from textual.geometry import Offset
from textual.widgets import DataTable

from app import StandingWithdrawal, find_withdrawals
from study import InterviewSummary, LinkedCase, PersonRole, sanitise_text
from tui.widgets.labels import describe_covered_share, format_length, format_state, name_next_step
from tui.widgets.text_columns import ListColumn

_PADDING = 2  # a blank on each side of a cell


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


class InterviewTable(DataTable[Text], inherit_bindings=False):
    """One row for each interview: what it is called, how far it is, what to do next."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id, cursor_type="row", zebra_stripes=False)
        self._summaries: list[InterviewSummary] = []
        self._cells: list[dict[str, Text]] = []
        self._has_withdrawn = False
        self._laid_out_for = 0

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
        """Show these cases, and keep the cursor where it was.

        sign_offs: who signed an interview off and when, by its id. withdrawn: who has withdrawn, by
        their code. role: of who is there. busy: the id of the interview that is worked on, "" for
        none. elsewhere: the ids of those that another program transcribes. returned: the ids of
        those of which a participant's copy came back and waits.
        """
        chosen = self.chosen
        self._summaries = [summary for case in cases for summary in case.interviews]
        has_brackets = any(len(case.interviews) > 1 for case in cases)
        found = {s.id: find_withdrawals(s, withdrawn or {}) for s in self._summaries}
        self._has_withdrawn = any(found.values())
        self._cells = [
            {
                **_name_cells(
                    case, number, sign_offs.get(summary.id, ""), has_brackets=has_brackets
                ),
                **_state_cells(
                    summary,
                    found[summary.id],
                    role,
                    is_busy=summary.id == busy,
                    is_elsewhere=summary.id in elsewhere,
                    is_returned=summary.id in returned,
                ),
            }
            for case in cases
            for number, summary in enumerate(case.interviews)
        ]
        self._fill()
        if chosen is not None:
            self.choose(chosen.id)

    @property
    def chosen(self) -> InterviewSummary | None:
        """The interview under the cursor."""
        row = self.cursor_row
        return self._summaries[row] if 0 <= row < len(self._summaries) else None

    def choose(self, interview: str) -> None:
        """Put the cursor on an interview, if it is there."""
        for row, summary in enumerate(self._summaries):
            if summary.id == interview:
                self.move_cursor(row=row, animate=False)

    leads = True

    def find_selected_line(self) -> Offset | None:
        """Return where the row under the cursor is drawn, seen from the content's corner."""
        if not self._summaries:
            return None
        return Offset(1, self.header_height + self.cursor_row - self.scroll_offset.y)

    def move(self, direction: str) -> None:
        """Move the cursor by a row or a page, or to an end."""
        page = max(1, self.scrollable_content_region.height - 2)
        row = {
            "up": self.cursor_row - 1,
            "down": self.cursor_row + 1,
            "page_up": self.cursor_row - page,
            "page_down": self.cursor_row + page,
            "home": 0,
            "end": self.row_count - 1,
        }[direction]
        self.move_cursor(row=max(0, min(row, self.row_count - 1)), animate=False)

    def on_resize(self, event: Resize) -> None:
        """Choose the columns for another width."""
        del event
        if self.scrollable_content_region.width != self._laid_out_for:
            chosen = self.chosen
            self._fill()
            if chosen is not None:
                self.choose(chosen.id)

    def _fill(self) -> None:
        width = self._laid_out_for = self.scrollable_content_region.width
        columns = [(c.heading, w) for c in _COLUMNS if (w := self._find_width(c, width)) >= 0]
        fixed = sum(w for _, w in columns) + _PADDING * len(columns)
        if self._measure("Interview") > width - fixed:  # it gets the room that others do not need
            columns = [(name, own and min(own, self._measure(name))) for name, own in columns]
            fixed = sum(w for _, w in columns) + _PADDING * len(columns)
        self.clear(columns=True)
        for heading, own in columns:
            self.add_column(Text(heading), width=own or max(8, width - fixed))
        for cells in self._cells:
            shown = cells | {"Withdrawn": cells["How far"]} if width < _WIDE_FROM else cells
            self.add_row(*(shown[heading] for heading, _ in columns))

    def _measure(self, heading: str) -> int:
        """Return the width of what stands in a column, its heading included, in cells."""
        return max(len(heading), *(cells[heading].cell_len for cells in self._cells), 0)

    def _find_width(self, column: ListColumn, room: int) -> int:
        """Return the width of a column, 0 for what is left, -1 where it is not shown."""
        if column.heading == "Withdrawn" and not self._has_withdrawn:
            return -1
        if self._has_withdrawn and room < _WIDEST_FROM and column.heading in _NARROW:
            is_narrow = room < _WIDE_FROM
            return (_NARROW if is_narrow else {"Withdrawn": column.width}).get(column.heading) or -1
        return column.width if room >= column.from_width else -1


def _name_cells(
    case: LinkedCase, number: int, sign_off: str, *, has_brackets: bool
) -> dict[str, Text]:
    summary = case.interviews[number]
    bracket = _bracket(case, number) if has_brackets else ""
    return {
        "Case": _cell(sanitise_text(case.name) if not number else ""),
        "Interview": _cell(bracket + sanitise_text(summary.label)),
        "Length": _cell(format_length(summary)),
        "Covered": _cell(describe_covered_share(summary), justify="right"),
        "Signed off": _cell(sanitise_text(sign_off)),
    }


def _state_cells(
    summary: InterviewSummary,
    found: Sequence[StandingWithdrawal],
    role: PersonRole,
    *,
    is_busy: bool,
    is_elsewhere: bool,
    is_returned: bool,
) -> dict[str, Text]:
    undecided = f"? {summary.undecided}" if summary.undecided else ""
    is_elsewhere = is_elsewhere and not is_busy
    step = name_next_step(summary, found, role, is_elsewhere=is_elsewhere, is_returned=is_returned)
    return {
        "State": _cell(format_state(summary, found, is_elsewhere=is_elsewhere)),
        "Withdrawn": _cell(str(found[0]) if found else ""),
        "How far": _cell(found[0].scope if found else ""),
        "To decide": _cell(undecided, justify="right"),
        "Next": _cell("working …" if is_busy else step),
    }


def _bracket(case: LinkedCase, number: int) -> str:
    """Draw what holds the interviews of one case together; a blank beside a single one."""
    last = len(case.interviews) - 1
    if not last:
        return " "
    return "┌" if not number else "└" if number == last else "│"


def _cell(text: str, *, justify: str = "left") -> Text:
    return Text(
        text,
        justify="right" if justify == "right" else "left",
        overflow="ellipsis",
        no_wrap=True,
    )
