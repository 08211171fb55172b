"""Letters made of blocks, to be read across a room.

Each letter is drawn five dots high. A dot is half a line high (``HALF``, three lines in all) or
a whole line high and two columns wide (``TALL``, five lines), so that it is about square.
"""

from __future__ import annotations

from enum import IntEnum

from tui.widgets.safe_text import SteadyText

_DOTS_HIGH = 5
_GAP = "."
_FONT = {
    " ": "./" * 4 + ".",
    ":": "./#/./#/.",
    "0": "###/#.#/#.#/#.#/###",
    "1": ".#./##./.#./.#./###",
    "2": "###/..#/###/#../###",
    "3": "###/..#/.##/..#/###",
    "4": "#.#/#.#/###/..#/..#",
    "5": "###/#../###/..#/###",
    "6": "###/#../###/#.#/###",
    "7": "###/..#/..#/.#./.#.",
    "8": "###/#.#/###/#.#/###",
    "9": "###/#.#/###/..#/###",
    "A": ".#./#.#/###/#.#/#.#",
    "C": "###/#../#../#../###",
    "D": "##./#.#/#.#/#.#/##.",
    "E": "###/#../##./#../###",
    "F": "###/#../##./#../#..",
    "G": "###/#../#.#/#.#/###",
    "H": "#.#/#.#/###/#.#/#.#",
    "I": "#/#/#/#/#",
    "L": "#../#../#../#../###",
    "N": "#..#/##.#/#.##/#..#/#..#",
    "O": "###/#.#/#.#/#.#/###",
    "P": "###/#.#/###/#../#..",
    "R": "##./#.#/##./#.#/#.#",
    "S": "###/#../###/..#/###",
    "T": "###/.#./.#./.#./.#.",
    "U": "#.#/#.#/#.#/#.#/###",
    "●": ".###./#####/#####/#####/.###.",
    "◌": ".#.#./#...#/...../#...#/.#.#.",
    "‖": "##.##/##.##/##.##/##.##/##.##",
    "■": "#####/#####/#####/#####/#####",
    "!": "##/##/##/../##",
    "?": "##./..#/.#./.../.#.",
}


class LetterScale(IntEnum):
    """The sizes of letters; the value is the number of lines."""

    LINE = 1  # ordinary letters
    HALF = 3
    TALL = 5


def measure_letters(text: str, size: LetterScale) -> int:
    """Return how many columns ``text`` takes."""
    if size is LetterScale.LINE:
        return len(text)
    return len(_dots(text)[0]) * (2 if size is LetterScale.TALL else 1)


def choose_largest_scale(text: str, columns: int, lines: int) -> LetterScale:
    """Return the largest size in which ``text`` fits; ``LINE`` where none does."""
    fitting = (
        s
        for s in (LetterScale.TALL, LetterScale.HALF)
        if s <= lines and measure_letters(text, s) <= columns
    )
    return next(fitting, LetterScale.LINE)


def draw_letters(text: str, size: LetterScale) -> str:
    """Return the lines of ``text``, drawn; letters that the font lacks are blanks."""
    if size is LetterScale.LINE:
        return text
    rows = _dots(text)
    if size is LetterScale.TALL:
        return "\n".join(row.replace("#", "██").replace(".", "  ") for row in rows)
    rows.append("." * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join("".join(map(_half, upper, lower)) for upper, lower in pairs)


def _half(upper: str, lower: str) -> str:
    return {"##": "█", "#.": "▀", ".#": "▄"}.get(upper + lower, " ")


def _dots(text: str) -> list[str]:
    letters = [_FONT.get(letter, _FONT[" "]).split("/") for letter in text]
    return [_GAP.join(letter[row] for letter in letters) for row in range(_DOTS_HIGH)]


class BlockLetters(SteadyText):
    """A word in the largest letters that fit; it takes ``scale`` lines, however large it is."""

    DEFAULT_CSS = "BlockLetters { height: 1; text-wrap: nowrap; }"

    _scale: LetterScale = LetterScale.LINE
    _columns = 0
    _word = ""
    _look = "bold"

    def fit(self, scale: LetterScale, columns: int) -> None:
        """Take so many lines from now on, and no more columns than that."""
        self._scale, self._columns = scale, columns
        self.styles.height = int(scale)
        self._draw()

    def show(self, word: str, style: str = "bold") -> None:
        """Show a word; ``style`` is ours and never data."""
        if (word, style) != (self._word, self._look):
            self._word, self._look = word, style
            self._draw()

    @property
    def word(self) -> str:
        """The shown word."""
        return self._word

    def _draw(self) -> None:
        scale = choose_largest_scale(self._word, self._columns, self._scale)
        self.say((draw_letters(self._word, scale), self._look))
