"""How loud it is: a bar for each channel, and a word."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from rich.cells import cell_len

from study.screen_text import safe
from tui.widgets.plain import Part, Steady
from tui.widgets.telling import loudness

_FLOOR_DBFS = -60.0  # a quiet room; below it the bar is empty
_HELD = 30  # looks, some three seconds: a word that changed at every pause would not be calm
_WORD = 10
_LONGEST_NAME = 8
_ONE_BELOW_ANOTHER = 4  # channels; more of them stand two in a line
_PARTS = " ▏▎▍▌▋▊▉"


class Meter(Steady):
    """Shows levels as they are now, and says in a word how the last seconds were."""

    DEFAULT_CSS = "Meter { height: 1; text-wrap: nowrap; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._names: Sequence[str] = ()
        self._held: deque[tuple[tuple[float, ...], tuple[float, ...]]] = deque(maxlen=_HELD)

    def label(self, channels: Sequence[str]) -> None:
        """Give the channels names, the codes of who speaks there."""
        self._names = channels

    def show(self, level_dbfs: Sequence[float], peak_dbfs: Sequence[float]) -> None:
        """Show the levels of each channel; none at all empties the bars."""
        if not level_dbfs:
            self._held.clear()
            self.say(("nothing is kept now", "$quiet"))
            return
        count = len(level_dbfs)
        if self._held and len(self._held[0][0]) != count:
            self._held.clear()
        self._held.append((tuple(level_dbfs), tuple(peak_dbfs)))
        a_line = 1 if count <= _ONE_BELOW_ANOTHER else 2
        self._take((count + a_line - 1) // a_line)
        parts: list[Part] = []
        for channel, level in enumerate(level_dbfs):
            parts += self._channel(channel, level, self.size.width // a_line, count)
            if (channel + 1) % a_line == 0:
                parts.append("\n")
        self.say(*parts)

    def _take(self, lines: int) -> None:
        height = self.styles.height
        if height is None or height.value != lines:
            self.styles.height = lines

    def _channel(self, channel: int, level: float, width: int, count: int) -> list[Part]:
        name = ""
        if count > 1:
            known = self._names[channel] if channel < len(self._names) else ""
            name = safe(known or str(channel + 1))[:_LONGEST_NAME] + " "
        word = loudness(
            max(levels[channel] for levels, _ in self._held),
            max(peaks[channel] for _, peaks in self._held),
        )
        columns = max(4, width - cell_len(name) - _WORD - 1)
        full, rest = bar(level, columns)
        look = "$wrong bold" if word.startswith("!") else "$done bold"
        return [name, (full, look), (rest, "$quiet"), (f" {word:<{_WORD}}", look)]


def bar(level_dbfs: float, columns: int) -> tuple[str, str]:
    """Draw a level: what of ``columns`` is full, to an eighth of a column, and what is not."""
    share = min(1.0, max(0.0, 1 - level_dbfs / _FLOOR_DBFS))
    eighths = round(share * columns * 8)
    full = "█" * (eighths // 8) + (_PARTS[eighths % 8] if eighths % 8 else "")
    return full, "─" * (columns - len(full))
