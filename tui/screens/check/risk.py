"""What is left after the decisions, as a list: each line leads to its places."""

from __future__ import annotations

from collections.abc import Sequence

from anonymise.risk import Line
from study.screen_text import clock
from tui.screens.check.sheets import Spot
from tui.widgets.columns import Column
from tui.widgets.plain import Part


class RiskSheet:
    """Lines of the risk sheet; ``lines`` is None until they were read."""

    columns = (
        Column("what may be wrong"),
        Column("words", 16),
        Column("first place", 11),
        Column("places", 6),
    )

    def __init__(self) -> None:
        self.lines: Sequence[Line] | None = None
        self.problem = ""

    def __len__(self) -> int:
        """Count the lines."""
        return len(self.lines or ())

    def line(self, row: int) -> Line | None:
        """Return a line of the sheet."""
        return self.lines[row] if self.lines and 0 <= row < len(self.lines) else None

    def cells(self, row: int) -> Sequence[str]:
        """Return the cells of a line."""
        line = self.line(row)
        assert line is not None
        first = clock(line.places[0].start_s) if line.places else ""
        return line.concern.value, line.words, first, str(len(line.places))

    def spots(self, row: int) -> Sequence[Spot]:
        """Return all places of a line, in order."""
        line = self.line(row)
        return [Spot(place.turn, words=line.words) for place in line.places] if line else ()

    def detail(self, row: int) -> Sequence[Part]:
        """Tell a line whole."""
        line = self.line(row)
        if line is None:
            return ()
        words = f": {line.words}" if line.words else ""
        return (line.concern.value, "bold"), f"{words}   {line.note}"

    def told(self) -> str:
        """Say how many lines there are."""
        if self.problem:
            return self.problem
        if self.lines is None:
            return "Reading what is left …"
        return f"{len(self)} lines. No number says how anonymous a conversation is: read them."
