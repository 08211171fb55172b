"""What the word lists behind the bundled finder of names know about single words.

The model carries a table of judgements (how far a word is a given name, a surname, a town, an
ordinary word), looked up by a hash of the word; no word can be read from it. It is read here
without spaCy, so that whoever compares names with words can tell "bottom" from "Ramsbottom".
``CARD.md`` beside the model tells which lists it was made from.
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
# The columns of the table, as models/making/names/wordtable.py lays them out.
_KNOWN = 0
_GIVEN, _SURNAME, _TOWN, _WORLD, _COUNTRY, _COMMON, _RARE = 1, 2, 3, 5, 7, 8, 9
_REMEMBERED = 1 << 15
_64_BITS = (1 << 64) - 1
_SEED, _FACTOR, _SHIFT = 1, 0xC6A4A7935BD1E995, 47


@dataclass(frozen=True, slots=True)
class Facts:
    """How far a word is what, each 0.0 (not listed) to 1.0.

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


_NOTHING = Facts()


@lru_cache(maxsize=_REMEMBERED)
def facts(word: str) -> Facts:
    """Return what is known of a word, whatever its case.

    Raises:
        ModelBroken: the bundled table is not there or not whole.
    """
    rows, table = _read()
    row = rows.get(_hash(word.lower()))
    if row is None:
        return _NOTHING
    given, surname, town, world, country, common, rare = (
        float(table[row, column])
        for column in (_GIVEN, _SURNAME, _TOWN, _WORLD, _COUNTRY, _COMMON, _RARE)
    )
    return Facts(given, surname, max(town, world), country, common, rare)


def is_ordinary(word: str) -> bool:
    """Whether a word is in everybody's mouth, or in a dictionary and nobody's name."""
    known = facts(word)
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
