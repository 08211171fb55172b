"""The whole interview in two lines: who speaks, and what waits where.

Each column stands for an equal part of the time. The upper line tells who speaks by a block, its
height and colour being the speaker's; without colour, or where a person prefers it, by the number
that the keys 1 to 9 give. The lower line has the most pressing of what lies there:
``?`` a mention undecided, ``!`` speech without words, ``≈`` a doubtful turn, ``T`` a topic,
``✓`` a mention decided. The column where the cursor is stands out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, cast

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from study import DecidedMention, Mark, MarkKind, Turn
from tui.widgets.turn_layout import SPEAKER_LOOKS, choose_speaker_look

_PRESSING = "?!≈T✓"  # most pressing first
_LOOKS = {"?": "open", "!": "wrong", "≈": "open", "T": "topic", "✓": "done"}
_MOST_SPEAKERS = 9
_OTHERS = "+"  # a speaker beyond the ninth
_SILENCE = "·"
_BLOCKS = "▂▄▆█"  # the fifth speaker looks like the first again, as in the transcript


class Timeline(Widget):
    """Two lines across the window, each column a stretch of the interview."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"timeline--{look}"
        for look in ("speaker", "open", "wrong", "topic", "done", "here", *SPEAKER_LOOKS)
    }
    DEFAULT_CSS = """
    Timeline { height: 2; }
    """

    class TimeChosen(Message):
        """Somebody clicked on a time."""

        def __init__(self, at_s: float) -> None:
            super().__init__()
            self.at_s = at_s

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.has_digits = False
        self._spoken: Sequence[tuple[float, float, str]] = ()
        self._signs: Sequence[tuple[str, float]] = ()
        self._turns: Sequence[Turn] | None = None
        self._upper: list[str] = []
        self._lines: tuple[list[str], list[str]] = ([], [])
        self._duration_s = 0.0
        self._at_s = 0.0

    def show(
        self,
        turns: Sequence[Turn],
        decided: Iterable[DecidedMention],
        events: Iterable[Mark],
        gaps: Iterable[tuple[float, float]],
        speakers: Sequence[str],
        duration_s: float,
    ) -> None:
        """Show an interview of this length."""
        self._duration_s = max(duration_s, turns[-1].end_s if turns else 0.0)
        starts = {turn.key: turn.start_s for turn in turns}
        signs = [("T", e.at_s) for e in events if e.kind == MarkKind.TOPIC]
        signs += [("!", start_s) for start_s, _ in gaps]
        signs += [("≈", turn.start_s) for turn in turns if turn.is_doubtful]
        signs += [("✓" if d.decision else "?", starts.get(d.mention.turn, 0.0)) for d in decided]
        self._signs = signs
        if turns is not self._turns:  # a decision changes the lower line alone
            self._turns, self._upper = turns, []
            numbers = {
                code: str(n) if n <= _MOST_SPEAKERS else _OTHERS
                for n, code in enumerate(speakers, 1)
            }
            self._spoken = [(t.start_s, t.end_s, numbers.get(t.speaker, _OTHERS)) for t in turns]
        self._make()

    def point_at(self, at_s: float) -> None:
        """Show where the cursor is."""
        before, self._at_s = self._column(self._at_s), at_s
        if self._column(at_s) != before:
            self.refresh()

    @property
    def shows_blocks(self) -> bool:
        """Whether blocks tell who speaks: without colour, numbers say it better."""
        is_grey = cast("App[None]", self.app).no_color
        return not (self.has_digits or is_grey)

    def time_after_columns(self, columns: int) -> float:
        """Return the time that many columns further on than the cursor."""
        width = max(1, self.size.width)
        column = min(max(0, self._column(self._at_s) + columns), width - 1)
        return (column + 0.5) * self._duration_s / width

    def render_line(self, y: int) -> Strip:
        """Draw one of the two lines."""
        width = self.size.width
        if not self._duration_s or y > 1 or len(self._lines[0]) != width:
            return Strip.blank(width, self.rich_style)
        here = self._column(self._at_s)
        signs = self._lines[y]
        shown = [draw_block(sign) for sign in signs] if not y and self.shows_blocks else signs
        return Strip([
            Segment(drawn, self._style(sign, y) if column != here else self._here())
            for column, (sign, drawn) in enumerate(zip(signs, shown, strict=True))
        ])  # fmt: skip

    def on_resize(self, event: Resize) -> None:
        """Put the time into another number of columns."""
        del event
        self._make()

    def on_click(self, event: Click) -> None:
        """Post the time that was clicked."""
        if self._duration_s:
            column = event.x - (self.content_region.x - self.region.x)
            self.post_message(self.TimeChosen((column + 0.5) * self._duration_s / self.size.width))

    def _make(self) -> None:
        width = self.size.width
        if width:
            if len(self._upper) != width:
                self._upper = _upper(self._spoken, self._duration_s, width)
            self._lines = self._upper, _lower(self._signs, self._duration_s, width)
            self.refresh()

    def _column(self, at_s: float) -> int:
        return _column(at_s, self._duration_s, max(1, self.size.width))

    def _style(self, sign: str, line: int) -> Style:
        look = _LOOKS.get(sign, "speaker")
        if line == 0:
            is_block = self.shows_blocks and sign.isdigit()
            look = choose_speaker_look(int(sign)) if is_block else "speaker"
        return self.get_component_rich_style(f"timeline--{look}")

    def _here(self) -> Style:
        return self.get_component_rich_style("timeline--here")


def draw_block(sign: str) -> str:
    """Return the block of the speaker with this number; a blank for silence."""
    if sign == _SILENCE:
        return " "
    return _BLOCKS[(int(sign) - 1) % len(_BLOCKS)] if sign.isdigit() else "░"


def _column(at_s: float, duration_s: float, width: int) -> int:
    return min(width - 1, max(0, int(at_s / duration_s * width))) if duration_s else 0


def _upper(spoken: Iterable[tuple[float, float, str]], duration_s: float, width: int) -> list[str]:
    """Return who speaks in each column: whoever speaks longest there."""
    longest = [0.0] * width
    signs = [_SILENCE] * width
    share_s = duration_s / width if width else 0.0
    for start_s, end_s, number in spoken:
        first, last = _column(start_s, duration_s, width), _column(end_s, duration_s, width)
        for column in range(first, last + 1):
            here_s = min(end_s, (column + 1) * share_s) - max(start_s, column * share_s)
            if here_s >= longest[column]:
                longest[column], signs[column] = here_s, number
    return signs


def _lower(signs: Iterable[tuple[str, float]], duration_s: float, width: int) -> list[str]:
    """Return the most pressing sign of each column."""
    lines = [" "] * width
    for sign, at_s in signs:
        column = _column(at_s, duration_s, width)
        if lines[column] == " " or _PRESSING.index(sign) < _PRESSING.index(lines[column]):
            lines[column] = sign
    return lines
