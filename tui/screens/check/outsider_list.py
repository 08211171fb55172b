"""What an outsider could still use about who takes part, as a list with its places here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anonymise import IntruderLine
from app import format_count
from study import format_clock
from tui.screens.check.line_lists import ListedPlace
from tui.widgets.safe_text import TextPart
from tui.widgets.text_columns import ListColumn

_WIDE = 100  # columns: on fewer the line under the cursor alone says whom it is about


@dataclass(frozen=True, slots=True)
class OutsiderLine:
    """A line about the participant of this code, with its places in the shown interview."""

    code: str
    line: IntruderLine
    places: Sequence[ListedPlace]
    first_s: float = 0.0

    @classmethod
    def place_line(cls, code: str, line: IntruderLine, interview: str) -> OutsiderLine:
        """Return a line with those of its places that lie in an interview."""
        here = [place for place in line.places if place.interview == interview]
        places = [ListedPlace(place.turn, words=line.words) for place in here]
        return cls(code, line, places, here[0].start_s if here else 0.0)

    @property
    def elsewhere(self) -> int:
        """How many of its places lie in other interviews."""
        return len(self.line.places) - len(self.places)


class OutsiderList:
    """What an outsider could use, the weightiest first; ``lines`` is None until they were read."""

    columns = (
        ListColumn("what an outsider could use"),
        ListColumn("words", 16, most=50),
        ListColumn("first place", 11),
        ListColumn("about", 8, from_width=_WIDE),
        ListColumn("places", 6),
    )

    def __init__(self) -> None:
        self.lines: Sequence[OutsiderLine] | None = None
        self.problem = ""

    @property
    def is_read(self) -> bool:
        """Whether its lines could be read, and were."""
        return self.lines is not None and not self.problem

    def __len__(self) -> int:
        """Count the lines."""
        return len(self.lines or ())

    def line(self, row: int) -> OutsiderLine | None:
        """Return a line of the list."""
        return self.lines[row] if self.lines and 0 <= row < len(self.lines) else None

    def format_cells(self, row: int) -> Sequence[str]:
        """Return the cells of a line."""
        one = self.line(row)
        assert one is not None
        first = format_clock(one.first_s) if one.places else "elsewhere"
        return one.line.trace.value, one.line.words, first, one.code, str(len(one.places))

    def list_places(self, row: int) -> Sequence[ListedPlace]:
        """Return the places of a line in this interview, in order."""
        one = self.line(row)
        return one.places if one else ()

    def describe_line(self, row: int) -> Sequence[TextPart]:
        """Return a line in full: what it is a trace of, its words and the note."""
        one = self.line(row)
        if one is None:
            return ()
        words = f": {one.line.words}" if one.line.words else ""
        told = f"{words}   about {one.code}   {one.line.note}"
        if one.elsewhere:
            are = "place is" if one.elsewhere == 1 else "places are"
            told += f"; {one.elsewhere} {are} in other interviews"
        return (one.line.trace.value, "bold"), told

    def describe_list(self) -> str:
        """Say how many lines there are."""
        if self.problem:
            return self.problem
        if self.lines is None:
            return "Reading what an outsider would find …"
        if not self.lines:
            return "Nothing is listed about those who take part here."
        count = format_count(len(self), "line")
        order = ", the weightiest first" if len(self) > 1 else ""
        return f"{count}{order}. People who know them may see more."
