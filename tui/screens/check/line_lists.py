"""The protocol of the check's lists: lines in columns, each with its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tui.widgets.safe_text import TextPart
from tui.widgets.text_columns import ListColumn


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A place that a line leads to: a turn of the transcript, and a mention or words in it.

    mention: its number among those that stand in the clean transcript, -1 for none. words: what
    is looked for in the turn where no mention is known.
    """

    turn: int
    mention: int = -1
    words: str = ""
    key: str = ""  # of the mention, by which the review screen knows it


class LineList(Protocol):
    """The methods that the check needs of each list."""

    @property
    def columns(self) -> Sequence[ListColumn]:
        """The columns of the list."""
        ...

    @property
    def is_read(self) -> bool:
        """Whether its lines are known; until then an empty list says nothing."""
        ...

    def __len__(self) -> int:
        """Count the lines that are shown."""
        ...

    def format_cells(self, row: int) -> Sequence[str]:
        """Return the cells of a line, one for each column."""
        ...

    def list_places(self, row: int) -> Sequence[ListedPlace]:
        """Return the places that a line leads to."""
        ...

    def describe_line(self, row: int) -> Sequence[TextPart]:
        """Return the details of a line, shown below the list."""
        ...

    def describe_list(self) -> str:
        """Say how many lines the list shows, and which it leaves out."""
        ...
