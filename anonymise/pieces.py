"""The finer cut of a turn that the rules read: words, runs of digits, single signs.

spaCy's tokens serve the trained models; the rules want "NE63AB" and "14/03/1951" in parts, the
same whatever stands around them. Offsets are characters of the turn's text, ends exclusive.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

# Marks that sit on a letter, and signs that nobody sees, stand inside a word.
_INSIDE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{_INSIDE}])*"
_PIECE = re.compile(rf"{_LETTERS}(?:['\u2019]{_LETTERS})*|\d+|\S")
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_ENDINGS = frozenset(".?!:;\u2026\n")
_POSSESSIVES = ("'s", "\u2019s")
_PLURAL_POSSESSIVES = ("s'", "s\u2019")


def listed(words: str) -> frozenset[str]:
    """Return the words of a list that is written as running text."""
    return frozenset(words.split())


@dataclass(frozen=True, slots=True)
class Piece:
    """One word, run of digits or sign.

    ``low`` is its text in small letters, composed, with straight quotes and without what nobody
    sees: its length may differ from that of the text.
    """

    text: str
    low: str
    start: int
    end: int

    @property
    def is_digits(self) -> bool:
        """Whether it is a run of decimal digits."""
        return self.text.isdecimal()

    @property
    def is_word(self) -> bool:
        """Whether it begins with a letter."""
        return self.text[0].isalpha()

    @property
    def is_name_part(self) -> bool:
        """Whether it may stand in a name: "Ward" and "6" of "Ward 6"."""
        return self.is_word or self.is_digits

    @property
    def is_capital(self) -> bool:
        """Whether it is a word that begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def bare_end(self) -> int:
        """Where it ends without a possessive: the end of "Wilson" in "Wilson's"."""
        return self.end - 2 if self.text.lower().endswith(_POSSESSIVES) else self.end

    @property
    def bare(self) -> str:
        """Its lower-cased text without a possessive."""
        return self.low if self.bare_end == self.end else self.low[:-2]


Pieces = Sequence[Piece]


def cut(text: str) -> list[Piece]:
    """Cut a turn into pieces, in order; what is left between them is white space."""
    return [
        Piece(m.group(), _lowered(m.group()), m.start(), m.end()) for m in _PIECE.finditer(text)
    ]


def _lowered(text: str) -> str:
    low = text.lower().replace("\u2019", "'")
    if low.isascii():
        return low
    return unicodedata.normalize("NFC", _UNSEEN.sub("", low)) or low


@dataclass(frozen=True, slots=True)
class Spoken:
    """The text of a turn and its pieces; ``cased`` tells whether it keeps capitals at all."""

    text: str
    pieces: Pieces
    cased: bool

    @classmethod
    def of(cls, text: str) -> Spoken:
        """Cut a text."""
        pieces = cut(text)
        return cls(text, pieces, has_case(pieces))

    def within(self, start: int, end: int) -> range:
        """Return the indices of the pieces that begin from ``start`` to ``end``, characters."""
        first = bisect_left(self.pieces, start, key=_start)
        return range(first, bisect_left(self.pieces, end, lo=first, key=_start))


def _start(piece: Piece) -> int:
    return piece.start


def low_at(pieces: Pieces, at: int) -> str:
    """Return the lower-cased piece at an index, "" beyond either end."""
    return pieces[at].low if 0 <= at < len(pieces) else ""


def touches(pieces: Pieces, at: int) -> bool:
    """Whether no space stands between this piece and the one before."""
    return at > 0 and pieces[at - 1].end == pieces[at].start


def begins_sentence(pieces: Pieces, at: int) -> bool:
    """Whether a capital letter here says nothing, because any word would have one."""
    return at == 0 or pieces[at - 1].text in _ENDINGS


def has_case(pieces: Pieces) -> bool:
    """Whether the turn keeps capitals at all (some recognisers write none); "I" is no proof."""
    return any(p.is_capital and p.low.partition("'")[0] != "i" for p in pieces)


def words_before(pieces: Pieces, at: int, reach: int) -> list[str]:
    """Return the lower-cased pieces within ``reach`` before an index, nearest last."""
    return [p.low for p in pieces[max(0, at - reach) : at]]


def without_possessive(text: str) -> str:
    """Return the text without a trailing "'s", or the apostrophe of a plural's."""
    if text.lower().endswith(_POSSESSIVES):
        return text[:-2]
    return text[:-1] if text.lower().endswith(_PLURAL_POSSESSIVES) else text
