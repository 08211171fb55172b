"""The table of interviews, those of one case together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual.events import Resize
from textual.widgets import DataTable

from study import InterviewSummary, LinkedCase, sanitise_text
from tui.widgets.labels import describe_covered_share, format_length, format_state, name_next_step
from tui.widgets.text_columns import ListColumn

_PADDING = 2  # a blank on each side of a cell


_COLUMNS = (
    ListColumn("Case", 14, from_width=100),
    ListColumn("Interview", 0),
    ListColumn("State", 18),
    ListColumn("Length", 8, from_width=76),
    ListColumn("Covered", 7, from_width=76),
    ListColumn("To decide", 9),
    ListColumn("Signed off", 22, from_width=116),
    ListColumn("Next", 12),
)


class InterviewTable(DataTable[Text], inherit_bindings=False):
    """One row for each interview: what it is called, how far it is, what to do next."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id, cursor_type="row", zebra_stripes=False)
        self._summaries: list[InterviewSummary] = []
        self._cells: list[dict[str, Text]] = []
        self._laid_out_for = 0

    def show(
        self, cases: Sequence[LinkedCase], sign_offs: Mapping[str, str], *, busy: str = ""
    ) -> None:
        """Show these cases, and keep the cursor where it was.

        sign_offs: who signed an interview off and when, by its id. busy: the id of the interview
        that is worked on, "" for none.
        """
        chosen = self.chosen
        self._summaries = [summary for case in cases for summary in case.interviews]
        self._cells = [
            _cells(case, number, sign_offs.get(summary.id, ""), is_busy=summary.id == busy)
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
        columns = [column for column in _COLUMNS if width >= column.from_width]
        fixed = sum(column.width for column in columns) + _PADDING * len(columns)
        self.clear(columns=True)
        for column in columns:
            self.add_column(Text(column.heading), width=column.width or max(8, width - fixed))
        for cells in self._cells:
            self.add_row(*(cells[column.heading] for column in columns))


def _cells(case: LinkedCase, number: int, sign_off: str, *, is_busy: bool) -> dict[str, Text]:
    summary = case.interviews[number]
    undecided = f"? {summary.undecided}" if summary.undecided else ""
    return {
        "Case": _cell(sanitise_text(case.name) if not number else ""),
        "Interview": _cell(_bracket(case, number) + sanitise_text(summary.label)),
        "State": _cell(format_state(summary)),
        "Length": _cell(format_length(summary)),
        "Covered": _cell(describe_covered_share(summary), justify="right"),
        "To decide": _cell(undecided, justify="right"),
        "Signed off": _cell(sanitise_text(sign_off)),
        "Next": _cell("working …" if is_busy else name_next_step(summary)),
    }


def _bracket(case: LinkedCase, number: int) -> str:
    """Draw what holds the interviews of one case together; nothing beside a single one."""
    last = len(case.interviews) - 1
    if not last:
        return ""
    return "┌" if not number else "└" if number == last else "│"


def _cell(text: str, *, justify: str = "left") -> Text:
    return Text(
        text,
        justify="right" if justify == "right" else "left",
        overflow="ellipsis",
        no_wrap=True,
    )
