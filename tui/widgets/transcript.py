"""The transcript as one widget that draws its own lines.

A widget for each turn would take seconds to open and gigabytes to hold; here a turn, or what
happened between two, is a few rows of text, broken once for a width, and only the rows in sight
are drawn. The cursor is a mention; the keys of the screen move it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.events import Resize
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from study.decided import Decided
from study.events import among
from study.terms import Mark, Turn
from tui.widgets import turns as layout
from tui.widgets.wrapping import Piece, Row, wrap

_KEPT_STRIPS = 2048
_CONTEXT = 2  # rows kept in sight above and below the cursor


class TranscriptView(ScrollView, can_focus=True, inherit_bindings=False):
    """The turns of an interview, with their mentions shown inside the text, and its events."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"transcript--{look}"
        for look in (
            "text", "time", "speaker", "topic", "event", "doubt", "open", "done", "kept", "current",
        )
    }  # fmt: skip
    DEFAULT_CSS = """
    TranscriptView { overflow-x: hidden; overflow-y: scroll; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._turns: Sequence[Turn] = ()
        self._items: Sequence[Turn | Mark] = ()
        self._placed: dict[int, list[layout.Placed]] = {}
        self._homes: list[int] = []  # for each mention, the place of its turn among the items
        self._rows: list[list[Row]] = []
        self._starts: list[int] = [0]
        self._margin = layout.Margin(0, 0)
        self._laid_out_for = 0
        self._cursor = -1
        self._strips: LRUCache[tuple[int, int, int], Strip] = LRUCache(_KEPT_STRIPS)

    @property
    def cursor(self) -> int:
        """The place of the current mention, -1 for none."""
        return self._cursor

    def show(
        self, turns: Sequence[Turn], decided: Sequence[Decided], events: Sequence[Mark] = ()
    ) -> None:
        """Show these turns, mentions and events; the mentions come in the order of reading."""
        self._turns = turns
        self._items = among(turns, events)
        numbers = {item.key: n for n, item in enumerate(self._items) if isinstance(item, Turn)}
        self._homes = [numbers.get(d.mention.turn, -1) for d in decided]
        self._place(decided)
        self._cursor = min(self._cursor, len(decided) - 1)
        self._lay_out()

    def redecide(self, decided: Sequence[Decided], changed: Sequence[int]) -> None:
        """Show what was decided now about the mentions at the places ``changed``."""
        self._place(decided)
        for number in {self._homes[place] for place in changed} - {-1}:
            if self._rows:
                self._rows[number] = self._wrapped(self._items[number])
        self._measure()

    def point_at(self, place: int) -> None:
        """Put the cursor on a mention and bring it into sight."""
        self._cursor = place
        self.refresh()
        self._bring_into_sight()

    def move(self, direction: str) -> None:
        """Scroll by a line or a page, or to an end."""
        page = max(1, self.scrollable_content_region.height - 1)
        target = {
            "up": self.scroll_offset.y - 1,
            "down": self.scroll_offset.y + 1,
            "page_up": self.scroll_offset.y - page,
            "page_down": self.scroll_offset.y + page,
            "home": 0,
            "end": self.max_scroll_y,
        }[direction]
        self.scroll_to(y=target, animate=False, immediate=True)

    def text_of(self, number: int) -> str:
        """Return what is shown of a turn's text and mentions, without doubts and margin."""
        rows = wrap(self._body(self._turns[number]), self._text_width)
        return "".join(piece.text for row in rows for piece in row)

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is in sight."""
        width = self.scrollable_content_region.width
        line = y + self.scroll_offset.y
        if not self._rows or line >= self._starts[-1]:
            return Strip.blank(width, self.rich_style)
        number = bisect_right(self._starts, line) - 1
        is_current = 0 <= self._cursor < len(self._homes) and self._homes[self._cursor] == number
        key = (number, line - self._starts[number], self._cursor if is_current else -1)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._drawn(number, key[1]).adjust_cell_length(width, self.rich_style)
            self._strips[key] = strip
        return strip

    def on_resize(self, event: Resize) -> None:
        """Break the turns anew for another width, and keep the first one in sight there."""
        del event
        if self.scrollable_content_region.width == self._laid_out_for:
            return
        first = bisect_right(self._starts, self.scroll_offset.y) - 1 if self._rows else 0
        self._lay_out()
        if 0 < first < len(self._starts):
            self.scroll_to(y=self._starts[first], animate=False, immediate=True)

    def notify_style_update(self) -> None:
        """Draw everything anew in other colours."""
        super().notify_style_update()
        self._strips.clear()

    @property
    def _text_width(self) -> int:
        return max(4, self._laid_out_for - self._margin.width - 1)

    def _place(self, decided: Sequence[Decided]) -> None:
        self._placed = {}
        for place, one in enumerate(decided):
            self._placed.setdefault(one.mention.turn, []).append((place, one))

    def _body(self, turn: Turn) -> list[Piece]:
        return layout.body(turn, self._placed.get(turn.key, ()))

    def _wrapped(self, item: Turn | Mark) -> list[Row]:
        if isinstance(item, Mark):
            return layout.event_rows(item, self._text_width)
        rows = wrap(self._body(item), self._text_width)
        told = layout.doubts(item.flags)
        return rows + (wrap([Piece(told, "doubt")], self._text_width) if told else [])

    def _lay_out(self) -> None:
        self._laid_out_for = self.scrollable_content_region.width
        if not self._laid_out_for:
            return  # not on the screen yet: on_resize will come
        self._margin = layout.margin(self._laid_out_for, self._turns)
        self._rows = [self._wrapped(item) for item in self._items]
        self._measure()

    def _measure(self) -> None:
        self._starts = [0, *accumulate(len(rows) for rows in self._rows)]
        self._strips.clear()
        self.virtual_size = Size(self._laid_out_for, self._starts[-1])
        self.refresh()

    def _drawn(self, number: int, row: int) -> Strip:
        item, margin = self._items[number], self._margin
        if row == 0:
            time, speaker = layout.heading(item, margin)
            look = "speaker" if isinstance(item, Turn) else "topic"
            head = [
                Segment(time, self._style("time")),
                Segment(speaker.ljust(margin.speaker + 2), self._style(look)),
            ]
        else:
            head = [Segment(" " * margin.width, self._style("text"))]
        return Strip([*head, *(self._segment(piece) for piece in self._rows[number][row])])

    def _segment(self, piece: Piece) -> Segment:
        if piece.mention < 0 or piece.mention != self._cursor:
            return Segment(piece.text, self._style(piece.look))
        text = piece.text
        if piece.is_edge:
            text = layout.CURRENT_OPENING if text == layout.OPENING else layout.CURRENT_CLOSING
        return Segment(text, self._style("current"))

    def _style(self, look: str) -> Style:
        return self.get_component_rich_style(f"transcript--{look}")

    def _bring_into_sight(self) -> None:
        number = self._homes[self._cursor] if 0 <= self._cursor < len(self._homes) else -1
        if number < 0 or not self._rows:
            return
        holding = [
            row
            for row, pieces in enumerate(self._rows[number])
            if any(piece.mention == self._cursor for piece in pieces)
        ]
        top = self._starts[number] + (holding[0] if holding else 0)
        bottom = self._starts[number] + (holding[-1] if holding else 0)
        height, now = self.scrollable_content_region.height, self.scroll_offset.y
        if top - _CONTEXT < now:
            self.scroll_to(y=max(0, top - _CONTEXT), animate=False, immediate=True)
        elif bottom + _CONTEXT >= now + height:
            self.scroll_to(y=bottom + _CONTEXT + 1 - height, animate=False, immediate=True)
