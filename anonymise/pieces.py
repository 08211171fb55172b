"""Cut a turn into the pieces that the rules read: words, runs of digits, single signs.

spaCy's tokens serve the trained models; the rules need "NE63AB" and "14/03/1951" in parts, the same
in every context. Offsets are characters of the turn's text, ends exclusive. Here a text enters the
search: from here on every hyphen is "-" and every blank a space, each in its place.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from study import write_plain_signs

_REMEMBERED_TURNS = 4096  # more than a long interview has
# Combining marks and invisible characters may be inside a word.
_INSIDE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{_INSIDE}])*"
_PIECE = re.compile(rf"{_LETTERS}(?:['\u2019]{_LETTERS})*|\d+|\S")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_ENDINGS = frozenset(".?!:;\u2026\n")
_POSSESSIVES = ("'s", "\u2019s")
_PLURAL_POSSESSIVES = ("s'", "s\u2019")


def split_listed_words(words: str) -> frozenset[str]:
    """Return the words of a list that is written in one string, with spaces between them."""
    return frozenset(words.split())


@dataclass(frozen=True, slots=True)
class Piece:
    """One word, run of digits or sign.

    ``lowered`` is its text in small letters, composed, with straight quotes and without invisible
    characters: its length may differ from that of the text. ``bare_end`` is where it ends without
    a possessive, the end of "Wilson" in "Wilson's", and ``lowered_bare`` what is lowered of that.
    """

    text: str
    lowered: str
    start: int
    end: int
    bare_end: int
    lowered_bare: str

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


Pieces = Sequence[Piece]


def cut_into_pieces(text: str) -> list[Piece]:
    """Cut a turn into pieces, in order; between them there is only white space."""
    plain = write_plain_signs(text)
    return [_make_piece(m.group(), m.start(), m.end()) for m in _PIECE.finditer(plain)]


def _make_piece(text: str, start: int, end: int) -> Piece:
    lowered = _lower(text)
    if not lowered.endswith("'s") or not text.lower().endswith(_POSSESSIVES):
        return Piece(text, lowered, start, end, end, lowered)
    return Piece(text, lowered, start, end, end - len("'s"), lowered[: -len("'s")])


def _lower(text: str) -> str:
    lowered = text.lower().replace("\u2019", "'")
    if lowered.isascii():
        return lowered
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", lowered)) or lowered


@dataclass(frozen=True, slots=True)
class CutTurn:
    """The text of a turn in plain signs, its pieces, and whether it has capital letters at all."""

    text: str
    pieces: Pieces
    keeps_capitals: bool
    words: frozenset[str]  # of the pieces, lowered

    @classmethod
    def cut_text(cls, text: str) -> CutTurn:
        """Cut a text; one that was cut before is the same object."""
        return _cut_turn(text)

    def list_indices_within(self, start: int, end: int) -> range:
        """Return the indices of the pieces that begin from ``start`` to ``end``, characters."""
        first = bisect_left(self.pieces, start, key=_start)
        return range(first, bisect_left(self.pieces, end, lo=first, key=_start))


# A turn is cut for its rules, each trained model, and again when the interview is settled.
@lru_cache(maxsize=_REMEMBERED_TURNS)
def _cut_turn(text: str) -> CutTurn:
    plain = write_plain_signs(text)
    pieces = tuple(cut_into_pieces(plain))
    return CutTurn(plain, pieces, keeps_capitals(pieces), frozenset(p.lowered for p in pieces))


def _start(piece: Piece) -> int:
    return piece.start


def lowered_at(pieces: Pieces, index: int) -> str:
    """Return the lower-cased piece at an index, "" beyond either end."""
    return pieces[index].lowered if 0 <= index < len(pieces) else ""


def touches_previous(pieces: Pieces, index: int) -> bool:
    """Whether no space stands between this piece and the one before; False beyond either end."""
    return 0 < index < len(pieces) and pieces[index - 1].end == pieces[index].start


def begins_sentence(pieces: Pieces, index: int) -> bool:
    """Whether a word here has a capital letter because it begins a sentence."""
    return index == 0 or pieces[index - 1].text in _ENDINGS


def keeps_capitals(pieces: Pieces) -> bool:
    """Whether a turn has capital letters at all ("I" aside); some recognisers write none."""
    return any(p.is_capital and p.lowered.partition("'")[0] != "i" for p in pieces)


def list_words_before(pieces: Pieces, index: int, reach: int) -> list[str]:
    """Return the lower-cased pieces within ``reach`` before an index, nearest last."""
    return [p.lowered for p in pieces[max(0, index - reach) : index]]


def strip_possessive(text: str) -> str:
    """Return the text without a trailing "'s", or the apostrophe of a plural's."""
    if text.lower().endswith(_POSSESSIVES):
        return text[:-2]
    return text[:-1] if text.lower().endswith(_PLURAL_POSSESSIVES) else text
