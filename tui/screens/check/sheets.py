"""What an officer's list can show: lines in columns, each with its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tui.widgets.columns import Column
from tui.widgets.plain import Part


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a line leads to: a turn of the transcript, and in it a mention or characters.

    mention: its number among those that stand in the clean transcript, -1 for none. words: what
    is looked for in the turn where no mention is known.
    """

    turn: int
    mention: int = -1
    words: str = ""
    key: str = ""  # of the mention, by which the review screen knows it


class Sheet(Protocol):
    """One list."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the list."""
        ...

    def __len__(self) -> int:
        """Count the lines that are shown."""
        ...

    def cells(self, row: int) -> Sequence[str]:
        """Return the cells of a line, one for each column."""
        ...

    def spots(self, row: int) -> Sequence[Spot]:
        """Return the places that a line leads to."""
        ...

    def detail(self, row: int) -> Sequence[Part]:
        """Return what is known of a line, to stand below the list."""
        ...

    def told(self) -> str:
        """Say what the list shows, and what is left out."""
        ...
