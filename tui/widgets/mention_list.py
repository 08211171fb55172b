"""All mentions by category: one line for those that say the same and stand the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Offset

from app import REJECTED_STANDING, describe_standing
from study import DecidedMention
from tui.widgets.row_list import RowList


class MentionList(RowList):
    """Mentions by category, to choose one from. The screen moves its cursor."""

    DEFAULT_CSS = """
    MentionList { height: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._places: list[int] = []
        self.has_cursor = False  # the transcript has it, until a person goes to the list

    def show_cursor(self, is_shown: bool) -> None:  # noqa: FBT001 - the one thing that it says
        """Let a line stand out, or none."""
        self.has_cursor = is_shown
        self._draw()

    def fill(self, decided: Sequence[DecidedMention], original: Callable[[int], str]) -> None:
        """Show these mentions; ``original`` tells what was said at one, by its place."""
        groups: dict[tuple[str, str, str], list[int]] = {}
        waiting: dict[str, int] = {}
        standing: dict[str, set[str]] = {}  # replacements: their numbers skip, so they are counted
        for place, one in enumerate(decided):
            category = one.mention.category.value
            groups.setdefault((category, describe_standing(one).sign, one.replacement), []).append(
                place
            )
            waiting[category] = waiting.get(category, 0) + (one.decision is None)
            standing.setdefault(category, set()).add(one.replacement)
        lines: list[str] = []
        self._places = []
        last = ""
        for category, sign, replacement in sorted(groups, key=lambda g: (g[0], g[1] != "?", g[2])):
            places = groups[category, sign, replacement]
            if category != last:
                last = category
                left = f": {waiting[category]} to decide" if waiting[category] else ""
                lines.append(f"{category} ({len(standing[category])}){left}")
                self._places.append(places[0])
            count = f" \N{MULTIPLICATION SIGN}{len(places)}" if len(places) > 1 else ""
            is_left = describe_standing(decided[places[0]]) is REJECTED_STANDING
            becomes = "  left in" if is_left else f" → {replacement}"
            lines.append(f"  {sign} {original(places[0])}{becomes}{count}")
            self._places.append(places[0])
        self.show(lines)

    def find_selected_line(self) -> Offset | None:
        """Return the line under the cursor where keys act on the list, not on the transcript."""
        return super().find_selected_line() if self.screen.has_class("-listing") else None

    @property
    def place(self) -> int:
        """The place, in the order of reading, of the mention under the cursor; -1 for none."""
        return self._places[self.cursor] if 0 <= self.cursor < len(self._places) else -1
