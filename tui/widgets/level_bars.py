"""The level: a bar for each channel, and a word.

The bar shows this moment, and in it an upright line the loudest of the last seconds; the word is
about those seconds, so that the line is where the word says it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from rich.cells import cell_len

from app import describe_loudness
from study import sanitise_text
from tui.widgets.safe_text import SteadyText, TextPart

_FLOOR_DBFS = -60.0  # a quiet room; below it the bar is empty
_HELD = 30  # looks, some three seconds: a word that changed at every pause would not be calm
_WORD = 10
_LONGEST_NAME = 8
_ONE_BELOW_ANOTHER = 4  # channels; more of them stand two in a line
_PARTS = " ▏▎▍▌▋▊▉"
_LOUDEST = "│"


class LevelBars(SteadyText):
    """Shows the present levels, and judges the last seconds in a word."""

    DEFAULT_CSS = "LevelBars { height: 1; text-wrap: nowrap; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._names: Sequence[str] = ()
        self._held: deque[tuple[tuple[float, ...], tuple[float, ...]]] = deque(maxlen=_HELD)

    def set_channels(self, channels: Sequence[str]) -> None:
        """Give the channels names, the codes of who speaks there."""
        self._names = channels

    def show_levels(self, level_dbfs: Sequence[float], peak_dbfs: Sequence[float]) -> None:
        """Show the levels of each channel; none at all empties the bars."""
        if not level_dbfs:
            self._held.clear()
            self.say(("not recording", "$quiet"))
            return
        count = len(level_dbfs)
        if self._held and len(self._held[0][0]) != count:
            self._held.clear()
        # A peak may not be known yet in the first moment of a recording.
        peaks = (*peak_dbfs, *level_dbfs[len(peak_dbfs) :])
        self._held.append((tuple(level_dbfs), peaks))
        a_line = 1 if count <= _ONE_BELOW_ANOTHER else 2
        self._take((count + a_line - 1) // a_line)
        parts: list[TextPart] = []
        for channel, level in enumerate(level_dbfs):
            parts += self._channel(channel, level, self.size.width // a_line, count)
            if (channel + 1) % a_line == 0:
                parts.append("\n")
        self.say(*parts)

    def _take(self, lines: int) -> None:
        height = self.styles.height
        if height is None or height.value != lines:
            self.styles.height = lines

    def _channel(self, channel: int, level: float, width: int, count: int) -> list[TextPart]:
        name = ""
        if count > 1:
            known = self._names[channel] if channel < len(self._names) else ""
            name = sanitise_text(known or str(channel + 1))[:_LONGEST_NAME] + " "
        peak = max(peaks[channel] for _, peaks in self._held)
        word = describe_loudness(max(levels[channel] for levels, _ in self._held), peak)
        columns = max(4, width - cell_len(name) - _WORD - 2)  # a gap on either side of the word
        full, rest = draw_bar(level, columns, peak)
        look = "$wrong bold" if word.startswith("!") else "$done bold"
        return [name, (full, look), (rest, "$quiet"), (f" {word:<{_WORD}}", look)]


def draw_bar(level_dbfs: float, columns: int, loudest_dbfs: float = _FLOOR_DBFS) -> tuple[str, str]:
    """Draw a level; return the full and the empty part of ``columns``, to an eighth of one.

    loudest_dbfs: of the last seconds; an upright line in the empty part shows where it was.
    """
    eighths = round(_share(level_dbfs) * columns * 8)
    full = "█" * (eighths // 8) + (_PARTS[eighths % 8] if eighths % 8 else "")
    left = columns - len(full)
    line = min(columns - 1, int(_share(loudest_dbfs) * columns)) - len(full)
    if loudest_dbfs <= _FLOOR_DBFS or not 0 <= line < left:
        return full, "─" * left
    return full, "─" * line + _LOUDEST + "─" * (left - line - 1)


def _share(dbfs: float) -> float:
    """Return how much of a bar a level fills, from 0 to 1."""
    return min(1.0, max(0.0, 1 - dbfs / _FLOOR_DBFS))
