"""Breaking a turn into lines without losing a character.

A reviewer approves what is shown, so what is shown has to be all there is: the lines of a turn
joined together are the turn again. A blank at which a line breaks stays at its end, in a cell
that the layout keeps free for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

# Latin letters, punctuation, and the signs of mentions: characters that take one cell each.
_NARROW = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e✓✎✗≈ᵖᵒᵗⁿ⁺]*+")
_MOST_PER_CELL = 4  # characters without width (accents, joiners) that one cell may carry


@dataclass(frozen=True, slots=True)
class StyledPiece:
    """A stretch of text of one look.

    ``mention`` is the place of its mention in the order of reading, -1 for plain text;
    ``is_opening`` and ``is_closing`` are the signs around a mention, which change under the cursor.
    """

    text: str
    look: str = "text"
    mention: int = -1
    is_opening: bool = False
    is_closing: bool = False


StyledRow = tuple[StyledPiece, ...]


def wrap_pieces(pieces: Sequence[StyledPiece], width: int) -> list[StyledRow]:
    """Break pieces into rows of at most ``width`` cells, and one more for a blank at the end."""
    text = "".join(piece.text for piece in pieces)
    rows: list[StyledRow] = []
    index, used, start = 0, 0, 0
    for end in find_line_breaks(text, width):
        row: list[StyledPiece] = []
        while start < end:
            piece = pieces[index]
            part = piece.text[used : used + end - start]
            if part:
                row.append(piece if len(part) == len(piece.text) else replace(piece, text=part))
            start += len(part)
            used += len(part)
            if used == len(piece.text):
                index, used = index + 1, 0
        rows.append(tuple(row))
    return rows


def find_line_breaks(text: str, width: int) -> list[int]:
    """Return where each line of ``text`` ends; an empty text is one empty line."""
    fits = _fits_narrow if is_narrow(text) else _fits_wide
    ends: list[int] = []
    start, length = 0, len(text)
    while True:
        limit = fits(text, start, width)
        if limit >= length:
            ends.append(length)
            return ends
        blank = text.rfind(" ", start, limit + 1)
        start = blank + 1 if blank > start else limit
        ends.append(start)
        if start >= length:
            return ends


def is_narrow(text: str) -> bool:
    """Whether every character is known to take one cell, by a quick look."""
    return text.isascii() or _NARROW.fullmatch(text) is not None


def _fits_narrow(text: str, start: int, width: int) -> int:
    """Return the end of what fits, where every character takes one cell."""
    return min(len(text), start + max(1, width))


def _fits_wide(text: str, start: int, width: int) -> int:
    """Return the end of what fits, where characters take none, one or two cells."""
    end = min(len(text), start + max(1, width))
    if cell_len(text[start:end]) <= width:  # grow over what takes no cell of its own
        longest = min(len(text), start + _MOST_PER_CELL * width)
        while end < longest and cell_len(text[start : end + 1]) <= width:
            end += 1
        return end
    while end > start + 1 and cell_len(text[start:end]) > width:
        end -= 1
    return end
