"""The risk sheet as a list: what still could identify somebody, with all its places."""

from __future__ import annotations

from collections.abc import Sequence

from anonymise import RiskLine
from app import format_count
from study import format_clock
from tui.screens.check.line_lists import ListedPlace
from tui.widgets.safe_text import TextPart
from tui.widgets.text_columns import ListColumn


class RiskList:
    """Lines of the risk sheet; ``lines`` is None until they were read."""

    columns = (
        ListColumn("what may be wrong"),
        ListColumn("words", 16, most=50),
        ListColumn("first place", 11),
        ListColumn("places", 6),
    )

    def __init__(self) -> None:
        self.lines: Sequence[RiskLine] | None = None
        self.problem = ""

    @property
    def is_read(self) -> bool:
        """Whether its lines could be read, and were."""
        return self.lines is not None and not self.problem

    def __len__(self) -> int:
        """Count the lines."""
        return len(self.lines or ())

    def line(self, row: int) -> RiskLine | None:
        """Return a line of the sheet."""
        return self.lines[row] if self.lines and 0 <= row < len(self.lines) else None

    def format_cells(self, row: int) -> Sequence[str]:
        """Return the cells of a line."""
        line = self.line(row)
        assert line is not None
        first = format_clock(line.places[0].start_s) if line.places else ""
        return line.concern.value, line.words, first, str(len(line.places))

    def list_places(self, row: int) -> Sequence[ListedPlace]:
        """Return all places of a line, in order."""
        line = self.line(row)
        return [ListedPlace(place.turn, words=line.words) for place in line.places] if line else ()

    def describe_line(self, row: int) -> Sequence[TextPart]:
        """Return a line in full: the concern, its words and the note."""
        line = self.line(row)
        if line is None:
            return ()
        words = f": {line.words}" if line.words else ""
        return (line.concern.value, "bold"), f"{words}   {line.note}"

    def describe_list(self) -> str:
        """Say how many lines there are."""
        if self.problem:
            return self.problem
        if self.lines is None:
            return "Reading what is left …"
        count = format_count(len(self), "line")
        return f"{count}. No score can tell you it is anonymous. Read each one."
