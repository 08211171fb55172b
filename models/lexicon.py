"""Look up single words in the word table of the bundled name finder.

The table holds judgements (how far a word is a given name, a surname, a town, an ordinary word)
under a hash of each word; no word can be read from it. This module reads it without spaCy, so that
code that compares names with words can tell "bottom" from "Ramsbottom". ``CARD.md`` beside the
model names the lists that the table was made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from study.errors import ModelBroken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TABLE = Path(__file__).parent / "bundled" / "ner-en" / "vocab"
# The columns of the table, as tools/names/wordtable.py lays them out.
_KNOWN = 0
_GIVEN, _SURNAME, _TOWN, _WORLD, _COUNTRY, _COMMON, _RARE = 1, 2, 3, 5, 7, 8, 9
_REMEMBERED = 1 << 15
_64_BITS = (1 << 64) - 1
_SEED, _FACTOR, _SHIFT = 1, 0xC6A4A7935BD1E995, 47


@dataclass(frozen=True, slots=True)
class WordFacts:
    """How far a word belongs to each kind, from 0.0 (not listed) to 1.0.

    ``common`` is above 0.5 for words that everybody uses, ``rare`` for the rest of a
    dictionary; ``town`` and ``country`` are places in Britain and anywhere.
    """

    given: float = 0.0
    surname: float = 0.0
    town: float = 0.0
    country: float = 0.0
    common: float = 0.0
    rare: float = 0.0

    @property
    def is_word(self) -> bool:
        """Whether it stands in a dictionary of ordinary words."""
        return max(self.common, self.rare) > 0.0

    @property
    def is_person(self) -> bool:
        """Whether it is a given name or a surname before it is anything else."""
        return max(self.given, self.surname) > 0.0 and not self.is_word


_NOTHING = WordFacts()


@lru_cache(maxsize=_REMEMBERED)
def look_up_word(word: str) -> WordFacts:
    """Return the facts about a word, in any case.

    Raises:
        ModelBroken: the bundled table is missing or damaged.
    """
    rows, table = _read()
    row = rows.get(_hash(word.lower()))
    if row is None:
        return _NOTHING
    given, surname, town, world, country, common, rare = (
        float(table[row, column])
        for column in (_GIVEN, _SURNAME, _TOWN, _WORLD, _COUNTRY, _COMMON, _RARE)
    )
    return WordFacts(given, surname, max(town, world), country, common, rare)


def is_ordinary_word(word: str) -> bool:
    """Whether a word is common, or in a dictionary and not a name."""
    known = look_up_word(word)
    return known.common > 0.0 or (known.rare > 0.0 and not max(known.given, known.surname))


@cache
def _read() -> tuple[dict[int, int], NDArray[np.float32]]:
    import numpy as np

    try:
        rows = msgspec.msgpack.decode((_TABLE / "key2row").read_bytes(), type=dict[int, int])
        table: NDArray[np.float32] = np.load(_TABLE / "vectors", allow_pickle=False)
    except (OSError, ValueError, msgspec.MsgspecError) as broken:
        raise ModelBroken("name-finding") from broken
    if table.ndim != 2 or max(rows.values(), default=0) >= len(table) or not table[:, _KNOWN].any():  # noqa: PLR2004 - rows and columns
        raise ModelBroken("name-finding")
    return rows, table


def _hash(word: str) -> int:
    """Return spaCy's key of a string: MurmurHash64A of its UTF-8 bytes with seed 1."""
    data = word.encode("utf-8", "surrogatepass")
    value = _SEED ^ (len(data) * _FACTOR & _64_BITS)
    whole = len(data) // 8 * 8
    for at in range(0, whole, 8):
        value = (value ^ _mixed(int.from_bytes(data[at : at + 8], "little"))) * _FACTOR & _64_BITS
    if whole < len(data):
        value = (value ^ int.from_bytes(data[whole:], "little")) * _FACTOR & _64_BITS
    value ^= value >> _SHIFT
    value = value * _FACTOR & _64_BITS
    return value ^ value >> _SHIFT


def _mixed(block: int) -> int:
    block = block * _FACTOR & _64_BITS
    block ^= block >> _SHIFT
    return block * _FACTOR & _64_BITS
