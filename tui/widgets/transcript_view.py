"""The transcript as one widget that draws its own lines.

A widget for each turn would take seconds to open and gigabytes to hold; here a turn, or what
happened between two, is a few rows of text. How many is known of all, the rows themselves are
made when they come into sight. The screen moves the cursors: a turn, and a mention in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.events import Click, Resize
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from study import DecidedMention, Mark, Turn, find_weak_words, merge_events, sanitise_text
from tui.widgets.line_breaks import StyledPiece, StyledRow, find_line_breaks, wrap_pieces
from tui.widgets.turn_layout import (
    CURRENT_CLOSING,
    CURRENT_OPENING,
    CURSOR_LOOK,
    MarkedSpan,
    PlacedMention,
    TurnMargin,
    choose_margin,
    choose_speaker_look,
    format_heading,
    format_number,
    lay_out_body,
    list_lines_below,
    measure_height,
    wrap_event,
)

_NO_LINE = Style(underline=False)
_KEPT = 1024  # rows and strips: some twenty screens of each
_CONTEXT = 2  # rows kept in sight above and below the cursor


class TranscriptView(ScrollView, can_focus=True, inherit_bindings=False):
    """The turns of an interview, with their mentions shown inside the text, and its events."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"transcript--{look}"
        for look in (
            "text", "time", "speaker", "topic", "event", "doubt", "open", "indirect", "done",
            "kept", "sign", "current", "heard", "chosen", "found", "weak", "first", "second",
            "third", "fourth", "objection",
        )
    }  # fmt: skip
    DEFAULT_CSS = """
    TranscriptView { overflow-x: hidden; overflow-y: scroll; }
    """

    class TurnClicked(Message):
        """Somebody clicked on a turn."""

        def __init__(self, turn: int) -> None:
            super().__init__()
            self.turn = turn

    class LinesMoved(Message):
        """The lines are not where they were: another width, or scrolled."""

        def can_replace(self, message: Message) -> bool:
            """Whether ``message``, an older one, may be dropped."""
            return isinstance(message, TranscriptView.LinesMoved)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.has_blank_lines = False  # after each turn or event; set before anything is shown
        self._items: list[Turn | Mark] = []
        self._events: Sequence[Mark] = ()
        self._numbers: dict[int, int] = {}  # of turns among the items, by key
        self._placed: dict[int, list[PlacedMention]] = {}
        self._decided: Sequence[DecidedMention] = ()
        self._heights: dict[int | Mark, int] = {}  # by a turn's key, or the event itself
        self._high: list[int] = []  # the same, of all items in their order
        self._starts: list[int] = [0]
        self._margin = TurnMargin(0, 0)
        self._speakers: dict[str, int] = {}  # the number of each, by their codes
        self._laid_out_for = 0
        self._objections: Mapping[int, str] = {}  # by the turn's key
        self._changes: Mapping[int, str] = {}  # the same
        self._cursor = -1
        self._turn: int | None = None
        self._heard: tuple[int, int, int] | None = None
        self._chosen: tuple[int, int, int, str] | None = None
        self._seen_rows = 0  # how many rows were in sight
        self._held: tuple[int, int] | None = None  # a turn that something else is drawn over
        self._rows: LRUCache[int, list[StyledRow]] = LRUCache(_KEPT)
        self._strips: LRUCache[tuple[int, int], Strip] = LRUCache(_KEPT)

    @property
    def cursor(self) -> int:
        """The place of the current mention, -1 for none."""
        return self._cursor

    @property
    def mention(self) -> DecidedMention | None:
        """The current mention as it was shown last, None for none."""
        return self._decided[self._cursor] if 0 <= self._cursor < len(self._decided) else None

    @property
    def turn(self) -> int | None:
        """The key of the turn that keys act on."""
        return self._turn

    @property
    def number(self) -> int:
        """The place of that turn among turns and events, -1 for none."""
        return self._numbers.get(self._turn, -1) if self._turn is not None else -1

    def number_speakers(self, codes: Sequence[str]) -> None:
        """Take the speakers in the order of the keys that give a turn to them, for what follows."""
        numbers = {code: number for number, code in enumerate(codes, 1)}
        if numbers != self._speakers:
            self._speakers = numbers
            self._strips.clear()

    def show_objections(
        self, objections: Mapping[int, str], changes: Mapping[int, str] | None = None
    ) -> None:
        """Show why an officer objected to turns, by their keys, below each of them.

        changes: since when turns read otherwise, by their keys.
        """
        before, self._objections = self._objections, dict(objections)
        read, self._changes = self._changes, dict(changes or {})
        changed = (before.items() ^ self._objections.items()) | (
            read.items() ^ self._changes.items()
        )
        turns = {turn for turn, _ in changed}
        self._draw_changed(turns)
        if self._turn in turns:
            self._bring_into_sight()

    def show(
        self, turns: Sequence[Turn], decided: Sequence[DecidedMention], events: Sequence[Mark] = ()
    ) -> None:
        """Show these turns, mentions and events; the mentions come in the order of reading."""
        self._heights.clear()
        self._take(turns, decided, events)
        self._laid_out_for = self.scrollable_content_region.width
        self._margin = self._choose_margin(turns)
        self._measure()

    def show_edit(
        self,
        turns: Sequence[Turn],
        decided: Sequence[DecidedMention],
        events: Sequence[Mark],
        touched: AbstractSet[int],
    ) -> None:
        """Show an edit: only the turns with the keys ``touched`` are others than before."""
        margin = self._choose_margin(turns)
        are_placed = [o.mention.key for o in self._decided] == [o.mention.key for o in decided]
        if (
            margin == self._margin
            and are_placed
            and events is self._events
            and len(turns) == len(self._numbers)
            and touched <= self._numbers.keys()
        ):
            for turn in turns:
                if turn.key in touched:
                    self._items[self._numbers[turn.key]] = turn
            self._redecide(decided, touched)
            return
        self._take(turns, decided, events)
        if margin != self._margin:
            self._margin = margin
            self._heights.clear()
        for key in touched:
            self._heights.pop(key, None)
        self._measure()

    def show_decisions(self, decided: Sequence[DecidedMention], changed: Sequence[int]) -> None:
        """Show what was decided now about the mentions at the places ``changed``."""
        self._redecide(decided, {decided[place].mention.turn for place in changed})

    def _redecide(self, decided: Sequence[DecidedMention], turns: Iterable[int]) -> None:
        """Draw turns anew of which only the words or the decisions are others now."""
        self._decided = decided
        for turn in turns:
            here = self._placed.get(turn, ())
            self._placed[turn] = [(place, decided[place]) for place, _ in here]
        self._draw_changed(turns)

    def list_places_in(self, turn: int | None) -> list[int]:
        """Return the places of the mentions in a turn, in the order of reading."""
        return [place for place, _ in self._placed.get(turn, ())] if turn is not None else []

    def point_at(self, place: int) -> None:
        """Put the cursor on a mention and bring it into sight."""
        turn = self._turn_of(place)
        self.go_to(self._turn if turn is None else turn, place)

    def go_to(self, turn: int | None, mention: int = -1, *, in_sight: bool = True) -> None:
        """Put the cursor on a turn, and on one of its mentions."""
        left = {self._turn, self._turn_of(self._cursor)}
        self._turn, self._cursor = turn, mention
        for key in left | {turn, self._turn_of(mention)}:
            if key is not None:
                self._draw_anew(key)
        if in_sight:
            self._bring_into_sight()

    def highlight_spoken_word(self, turn: int, start: int, end: int) -> None:
        """Highlight the spoken word, in characters of a turn; an empty stretch is none."""
        now = (turn, start, end) if end > start else None
        if now != self._heard:
            before, self._heard = self._heard, now
            for at in {place[0] for place in (before, now) if place}:
                self._draw_anew(at)

    def highlight_choice(self, turn: int, start: int, end: int, look: str = "chosen") -> None:
        """Show that characters of a turn are chosen; an empty stretch for none."""
        before = self._chosen
        self._chosen = (turn, start, end, look) if end > start else None
        for at in {place[0] for place in (before, self._chosen) if place}:
            self._draw_anew(at)

    leads = False

    def find_selected_line(self) -> Offset | None:
        """Return where the current mention begins, or else the turn that keys act on."""
        number = self.number
        if number < 0 or not self._laid_out_for:
            return None
        first = self._starts[number] - self.scroll_offset.y
        if self._cursor >= 0 and self._turn_of(self._cursor) == self._turn:
            for row, pieces in enumerate(self._rows_of(number)):
                before = 0
                for piece in pieces:
                    if piece.mention == self._cursor:
                        return Offset(self._margin.width + before, first + row)
                    before += cell_len(piece.text)
        last = self._starts[number + 1] - self._gap - 1 - self.scroll_offset.y
        return Offset(0, min(max(first, 0), last))  # its head may be above what is in sight

    def reserve_rows(self, turn: int, rows: int) -> None:
        """Keep so many rows free in the place of a turn: something else is drawn over it."""
        if self._held != (turn, rows):
            before = self._held[0] if self._held is not None else turn
            self._held = (turn, rows)
            self._draw_changed({before, turn})
            self._bring_into_sight()

    def release_rows(self) -> None:
        """Draw the turn again that was drawn over."""
        if self._held is not None:
            turn, self._held = self._held[0], None
            self._draw_changed({turn})

    def find_turn_region(self, turn: int) -> Region:
        """Return where the text of a turn is drawn, seen from the widget's corner."""
        number = self._numbers.get(turn, 0)
        top = self._starts[number] - self.scroll_offset.y
        height = self._starts[number + 1] - self._starts[number] - self._gap if self._items else 0
        return Region(self._margin.width, top, self._text_width + 1, height)

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

    def count_hidden_rows(self, direction: str) -> int:
        """Return how many rows of the current turn are out of sight, above or below."""
        if self.number < 0:
            return 0
        first, last = self._starts[self.number], self._starts[self.number + 1] - self._gap
        top = self.scroll_offset.y
        below = last - top - self.scrollable_content_region.height
        return max(0, below if direction == "down" else top - first)

    def find_first_turn_in_sight(self) -> int | None:
        """Return the key of the first turn that begins in sight, None where none does."""
        top = self.scroll_offset.y
        bottom = top + self.scrollable_content_region.height
        for number in range(max(0, bisect_right(self._starts, top) - 1), len(self._items)):
            item = self._items[number]
            if self._starts[number] >= bottom:
                break
            if self._starts[number] >= top and isinstance(item, Turn):
                return item.key
        return None

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is in sight."""
        width = self.scrollable_content_region.width
        line = y + self.scroll_offset.y
        if not self._laid_out_for or line >= self._starts[-1]:
            return Strip.blank(width, self.rich_style)
        number = bisect_right(self._starts, line) - 1
        key = (number, line - self._starts[number])
        strip = self._strips.get(key)
        if strip is None:
            strip = self._drawn(*key).adjust_cell_length(width, self.rich_style)
            self._strips[key] = strip
        return strip

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Post ``LinesMoved``."""
        super().watch_scroll_y(old_value, new_value)
        if self._held is not None:
            self.post_message(self.LinesMoved())

    def on_resize(self, event: Resize) -> None:
        """Break the turns anew for another width, and keep the first one in sight there.

        Where fewer rows are left, as by a second line of keys, the cursor stays in sight.
        """
        del event
        width, rows = self.scrollable_content_region.size
        before, self._seen_rows = self._seen_rows, rows
        if width == self._laid_out_for:
            if self._held is not None or (rows < before and self._was_in_sight(before)):
                self._bring_into_sight()
            self.post_message(self.LinesMoved())
            return
        first = bisect_right(self._starts, self.scroll_offset.y) - 1 if self._items else 0
        is_new = not self._laid_out_for
        self._laid_out_for = width
        self._margin = self._choose_margin(self._turns)
        self._heights.clear()
        self._measure()
        if self._held is not None or is_new:
            self._bring_into_sight()
        elif 0 < first < len(self._starts):
            self.scroll_to(y=self._starts[first], animate=False, immediate=True)
        self.post_message(self.LinesMoved())

    def on_click(self, event: Click) -> None:
        """Post the turn that was clicked."""
        line = event.y + self.scroll_offset.y
        if self._items and line < self._starts[-1]:
            item = self._items[bisect_right(self._starts, line) - 1]
            if isinstance(item, Turn):
                self.post_message(self.TurnClicked(item.key))

    def notify_style_update(self) -> None:
        """Draw everything anew in other colours."""
        super().notify_style_update()
        self._strips.clear()

    @property
    def _turns(self) -> list[Turn]:
        return [item for item in self._items if isinstance(item, Turn)]

    def _choose_margin(self, turns: Sequence[Turn]) -> TurnMargin:
        return choose_margin(self._laid_out_for, turns, is_numbered=bool(self._speakers))

    @property
    def _text_width(self) -> int:
        return max(4, self._laid_out_for - self._margin.width - 1)

    def _take(
        self, turns: Sequence[Turn], decided: Sequence[DecidedMention], events: Sequence[Mark]
    ) -> None:
        self._items, self._events = merge_events(turns, events), events
        self._numbers = {
            item.key: number for number, item in enumerate(self._items) if isinstance(item, Turn)
        }
        self._place(decided)
        self._cursor = min(self._cursor, len(decided) - 1)
        if self._turn not in self._numbers:
            self._turn = None

    def _place(self, decided: Sequence[DecidedMention]) -> None:
        self._decided, self._placed = decided, {}
        for place, one in enumerate(decided):
            self._placed.setdefault(one.mention.turn, []).append((place, one))

    def _turn_of(self, place: int) -> int | None:
        """Return the key of the turn that a mention stands in."""
        return self._decided[place].mention.turn if 0 <= place < len(self._decided) else None

    def _body(self, turn: Turn, marks: Sequence[MarkedSpan] = ()) -> list[StyledPiece]:
        return lay_out_body(turn, self._placed.get(turn.key, ()), marks)

    @property
    def _gap(self) -> int:
        return int(self.has_blank_lines)

    def _height(self, item: Turn | Mark) -> int:
        key = item.key if isinstance(item, Turn) else item
        if self._held is not None and key == self._held[0]:
            return self._held[1] + self._gap
        known = self._heights.get(key)
        if known is None:
            if isinstance(item, Turn) and self._is_plain(item):
                known = len(find_line_breaks(sanitise_text(item.text), self._text_width))
            elif isinstance(item, Turn):
                known = measure_height(self._body(item), self._below(item), self._text_width)
            else:
                known = len(wrap_event(item, self._text_width))
            known += self._gap
            self._heights[key] = known
        return known

    def _is_plain(self, turn: Turn) -> bool:
        """Whether a turn is shown as its text alone, without a sign or a line of its own."""
        noted = self._objections.keys() | self._changes.keys()
        is_bare = not turn.flags and turn.key not in noted
        return is_bare and turn.key not in self._placed and not find_weak_words(turn)

    def _measure(self) -> None:
        """Count all rows; those of the turns that changed are counted anew."""
        if not self._laid_out_for:
            return  # not on the screen yet: on_resize will come
        self._high = [self._height(item) for item in self._items]
        self._rows.clear()
        self._strips.clear()
        self._lay_out()

    def _lay_out(self) -> None:
        """Find where each row stands now."""
        self._starts = [0, *accumulate(self._high)]
        self.virtual_size = Size(self._laid_out_for, self._starts[-1])
        self.refresh()

    def _draw_changed(self, turns: Iterable[int]) -> None:
        """Draw turns that changed; whatever stands below them may move."""
        if not self._laid_out_for:
            return  # not on the screen yet: on_resize will come
        has_moved = False
        for turn in turns:
            self._heights.pop(turn, None)
            number = self._numbers.get(turn)
            if number is not None:
                self._draw_anew(turn)  # with as many rows as before, which are forgotten
                rows = self._height(self._items[number])
                has_moved = has_moved or rows != self._high[number]
                self._high[number] = rows
        if has_moved:
            self._lay_out()

    def _rows_of(self, number: int) -> list[StyledRow]:
        rows = self._rows.get(number)
        if rows is None:
            rows = self._wrapped(self._items[number])
            rows = self._rows[number] = [*rows, *[()] * self._gap]
        return rows

    def _wrapped(self, item: Turn | Mark) -> list[StyledRow]:
        if isinstance(item, Mark):
            return wrap_event(item, self._text_width)
        if self._held is not None and item.key == self._held[0]:
            return [()] * self._held[1]
        rows = wrap_pieces(self._body(item, self._marks(item.key)), self._text_width)
        for line in self._below(item):
            rows += wrap_pieces([line], self._text_width)
        return rows

    def _below(self, turn: Turn) -> list[StyledPiece]:
        objection, change = self._objections.get(turn.key, ""), self._changes.get(turn.key, "")
        return list_lines_below(turn, objection, change)

    def _marks(self, turn: int) -> list[MarkedSpan]:
        marks: list[MarkedSpan] = []
        if self._heard is not None and self._heard[0] == turn:
            marks.append((*self._heard[1:], "heard"))
        if self._chosen is not None and self._chosen[0] == turn:
            marks.append(self._chosen[1:])
        return marks

    def _draw_anew(self, turn: int) -> None:
        """Draw the rows of one turn again, as many as it had."""
        number = self._numbers.get(turn)
        if number is None or not self._laid_out_for:
            return
        self._rows.discard(number)
        first, last = self._starts[number], self._starts[number + 1]
        for row in range(last - first):
            self._strips.discard((number, row))
        top = self.scroll_offset.y
        if last > top and first < top + self.scrollable_content_region.height:
            self.refresh_lines(first, last - first)

    def _drawn(self, number: int, row: int) -> Strip:
        item, margin = self._items[number], self._margin
        if row == 0:
            time, speaker = format_heading(item, margin)
            look, numbered = "topic", " " * margin.number
            if isinstance(item, Turn):
                number_of = self._speakers.get(item.speaker, 0)
                look = choose_speaker_look(number_of)
                numbered = format_number(item, number_of, margin)
            is_here = isinstance(item, Turn) and item.key == self._turn
            sign = CURSOR_LOOK if is_here else " "
            head = [
                Segment(time, self._style("time")),
                Segment(numbered + speaker.ljust(margin.speaker), self._style(look)),
                Segment(f" {sign} ", self._style("open" if is_here else "text") + _NO_LINE),
            ]
        else:
            head = [Segment(" " * margin.width, self._style("text"))]
        rows = self._rows_of(number)
        return Strip([*head, *(self._segment(piece) for piece in rows[row])])

    def _segment(self, piece: StyledPiece) -> Segment:
        if piece.mention < 0 or piece.mention != self._cursor:
            return Segment(piece.text, self._style(piece.look))
        text = piece.text
        if piece.is_opening:
            text = CURRENT_OPENING
        elif piece.is_closing:
            text = CURRENT_CLOSING
        return Segment(text, self._style("current"))

    def _style(self, look: str) -> Style:
        return self.get_component_rich_style(f"transcript--{look}")

    def _was_in_sight(self, rows: int) -> bool:
        """Whether some of the current turn was in sight when so many rows were."""
        number, top = self.number, self.scroll_offset.y
        return (
            number >= 0
            and self._starts[number] < top + rows
            and self._starts[number + 1] - self._gap > top
        )

    def _bring_into_sight(self) -> None:
        number = self.number
        if number < 0 or not self._laid_out_for:
            return
        top, bottom = self._starts[number], self._starts[number + 1] - self._gap - 1
        height, now = self.scrollable_content_region.height, self.scroll_offset.y
        chosen = self._chosen is not None and self._chosen[0] == self._turn
        if self._cursor >= 0 or chosen:
            look = self._chosen[3] if self._chosen is not None and self._cursor < 0 else ""
            holding = [
                row
                for row, pieces in enumerate(self._rows_of(number))
                if any(
                    piece.look == look if look else piece.mention == self._cursor
                    for piece in pieces
                )
            ]
            if holding:
                top, bottom = top + holding[0], top + holding[-1]
        bottom = min(bottom, top + max(0, height - 2 * _CONTEXT - 1))
        if top - _CONTEXT < now:
            self.scroll_to(y=max(0, top - _CONTEXT), animate=False, immediate=True)
        elif bottom + _CONTEXT >= now + height:
            self.scroll_to(y=bottom + _CONTEXT + 1 - height, animate=False, immediate=True)
