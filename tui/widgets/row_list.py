"""A few lines of which one is chosen with the arrows; what does not fit scrolls, and is counted."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual.geometry import Offset, Size

from study import sanitise_text
from tui.widgets.safe_text import SteadyText, TextPart

_AT_LEAST = 8  # columns


class RowList(SteadyText):
    """Lines with a cursor. The screen moves it: this takes no key itself."""

    DEFAULT_CSS = """
    RowList { height: 1fr; text-wrap: nowrap; }
    """

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        counts_more: bool = False,
    ) -> None:
        """counts_more: say at the edges how many lines are beyond them, over what stands there."""
        super().__init__(id=id)
        self._counts_more = counts_more
        self._rows: Sequence[str] = ()
        self._looks: Sequence[str] = ()
        self._cursor = self._top = 0

    def show(self, rows: Sequence[str], looks: Sequence[str] = ()) -> None:
        """Show these lines; the cursor stays where it was, if there still is such a line.

        looks: the style of each line, where they are not all alike.
        """
        self._rows, self._looks = rows, looks
        self.choose_row(self._cursor)

    def choose_row(self, row: int) -> None:
        """Put the cursor on a line, or on the nearest that there is."""
        self._cursor = max(0, min(row, len(self._rows) - 1))
        self._draw()

    @property
    def cursor(self) -> int:
        """The number of the line under the cursor."""
        return self._cursor

    leads = True
    has_cursor = True  # whether keys act on these lines, so that one of them stands out

    def find_selected_line(self) -> Offset | None:
        """Return where the line under the cursor is drawn, seen from the content's corner."""
        return Offset(0, self._cursor - self._top) if self._rows else None

    def move(self, direction: str) -> None:
        """Move the cursor by a line or a page, or to an end."""
        page = max(1, self.size.height - 1)
        steps = {"up": -1, "down": 1, "page_up": -page, "page_down": page}
        ends = {"home": 0, "end": len(self._rows) - 1}
        self.choose_row(ends.get(direction, self._cursor + steps.get(direction, 0)))

    def on_resize(self) -> None:
        """Fit the lines into another size."""
        self._draw()

    def _draw(self) -> None:
        width = self.app.size.width  # pyright: ignore[reportUnknownMemberType] - Textual's app
        size = self.size or Size(width, len(self._rows))  # not laid out yet
        room, width = max(1, size.height), max(_AT_LEAST, size.width)
        self._top = max(self._cursor - room + 1, min(self._top, self._cursor))
        self._top = max(0, min(self._top, len(self._rows) - room))
        parts: list[TextPart] = []
        end = min(len(self._rows), self._top + room)
        for number in range(self._top, end):
            is_here = self.has_cursor and number == self._cursor
            line = ("▸ " if is_here else "  ") + sanitise_text(self._rows[number])
            line = _fitted(line, width, self._count_beyond(number, end))
            look = _CURSOR if is_here else self._looks[number] if self._looks else ""
            parts += [(line, look) if look else line, "\n"]
        self.say(*parts[:-1])

    def _count_beyond(self, number: int, end: int) -> str:
        """Say at the first and the last line that is shown how many are beyond it."""
        above, below = self._top, len(self._rows) - end
        parts = (
            f"↑ {above} more" if above and number == self._top else "",
            f"↓ {below} more" if below and number == end - 1 else "",
        )
        return " ".join(filter(None, parts)) if self._counts_more else ""


_CURSOR = "bold $block-cursor-foreground on $block-cursor-background"


def _fitted(line: str, width: int, mark: str = "") -> str:
    room = width - cell_len(mark) - 2 * bool(mark)
    if cell_len(line) > room:
        line = set_cell_size(line, room - 1) + "…"
    return set_cell_size(line, room) + (f"  {mark}" if mark else "")
