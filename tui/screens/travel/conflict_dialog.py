"""A turn that was changed here and at the borrower: which of the two is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from study import Turn
from study.store import TurnConflict, TurnSide
from tui.widgets.safe_text import SafeText

_KEYS = "1 keep here   2 take what came back   Esc takes nothing back"


class ConflictDialog(ModalScreen[TurnSide | None]):
    """One turn in three versions, as it was lent, as it is here and as it came back."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "answer('here')", "Keep here"),
        Binding("2", "answer('there')", "Take there"),
        Binding("escape", "answer('')", "Leave"),
        Binding("down,j", "scroll(1)", "Down"),
        Binding("up,k", "scroll(-1)", "Up"),
    ]

    def __init__(self, conflict: TurnConflict, turn: str, number: int, count: int) -> None:
        """Prepare.

        turn: its number in the transcript as it stands here. number: of this conflict among the
        ``count`` that are decided one after the other.
        """
        super().__init__()
        self._conflict, self._turn, self._number, self._count = conflict, turn, number, count

    def compose(self) -> ComposeResult:
        """Lay out the three versions, and what each key does."""
        one = self._conflict
        where = f"turn {self._turn}" if one.key else "before the first turn"
        with VerticalScroll(classes="box"):
            heading = f"{one.label}, {where}: changed here and there"
            yield SafeText(f"{heading}   {self._number} of {self._count}", classes="words")
            for title, turns in (
                ("As it was lent", one.lent), ("1  Here", one.here), ("2  Came back", one.there),
            ):  # fmt: skip
                yield SafeText(title, classes="heading")
                yield SafeText(_lay_out(turns), classes="words")
            yield SafeText(_KEYS, classes="hint -below")

    def action_answer(self, side: str) -> None:
        """Close with the side whose turn is kept, or with none."""
        self.dismiss(TurnSide(side) if side else None)

    def action_scroll(self, lines: int) -> None:
        """Scroll long turns."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def _lay_out(turns: Iterable[Turn]) -> str:
    return "\n".join(f"{turn.speaker}: {turn.text}" for turn in turns) or "(removed)"
