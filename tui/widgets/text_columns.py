"""Rows of cells as lines of text in columns, built when they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import overload

from rich.cells import cell_len, set_cell_size

from study import sanitise_text

_GAP = 1  # cells between two columns
_ENOUGH = 40  # cells for what flows; columns in which something may be cut get the rest
_MOST_LABEL = 24  # cells for labels of interviews, so that what stands beside them keeps room


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: its heading, its width in cells (0 takes what is left), and from which width on.

    most: the width to which it grows where what is left is more than ``_ENOUGH``.
    """

    heading: str
    width: int = 0
    from_width: int = 0
    most: int = 0

    def widen(self, labels: Iterable[str]) -> ListColumn:
        """Return the column as wide as labels need, so that none is cut with room beside it."""
        longest = max((cell_len(sanitise_text(label)) for label in labels), default=0)
        return replace(self, width=max(self.width, min(longest, _MOST_LABEL)))


class ColumnLines(Sequence[str]):
    """Lines in columns; ``cells`` gives the cells of one, by its number."""

    def __init__(
        self,
        columns: Sequence[ListColumn],
        count: int,
        cells: Callable[[int], Sequence[str]],
        room: int,
    ) -> None:
        """Lay columns out for a widget that is ``room`` cells wide."""
        self._shown = [n for n, column in enumerate(columns) if room >= column.from_width]
        fixed = sum(columns[n].width + _GAP for n in self._shown)
        flowing = sum(1 for n in self._shown if not columns[n].width) or 1
        rest = max(8, (room - fixed) // flowing)
        spare, widths = max(0, rest - _ENOUGH) if flowing == 1 else 0, list[int]()
        for n in self._shown:
            more = min(spare, max(0, columns[n].most - columns[n].width)) if columns[n].width else 0
            widths.append(columns[n].width and columns[n].width + more)
            spare, rest = spare - more, rest - more
        self._widths = [width or rest for width in widths]
        self._count, self._cells = count, cells
        self.heading = self._line([column.heading for column in columns])

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        """Return a line."""
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(self._count))]
        if not -self._count <= at < self._count:
            raise IndexError(at)
        return self._line(self._cells(at % self._count))

    def _line(self, cells: Sequence[str]) -> str:
        shown = (sanitise_text(cells[n]) for n in self._shown)
        fitted = (fit_cell(text, width) for text, width in zip(shown, self._widths, strict=True))
        return (" " * _GAP).join(fitted).rstrip()


def fit_cell(text: str, width: int, *, is_right: bool = False) -> str:
    """Return a cell's text in just ``width`` cells; what was cut off ends with "…"."""
    room = width - cell_len(text)
    if room < 0:
        return set_cell_size(text, width - 1) + "…"
    return " " * room + text if is_right else text + " " * room
