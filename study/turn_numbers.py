"""The numbers by which people see turns and name them: 1, 2, 3 and so on, without a gap.

A turn's key stays for ever, so that keys have gaps once turns were split, joined or removed. Its
number is its place in a transcript as it stands, and is not stored. The key can be named as well,
written ``k57``: it never means another turn, whatever was split meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from study.errors import UnknownTurn

_NAMED = re.compile(r"(k?)([0-9]{1,9})")


def format_turn_key(key: int) -> str:
    """Return the key of a turn as people write it, such as ``k57``."""
    return f"k{key}"


class TurnNumbers:
    """The numbers of the turns of one transcript, as it stood when they were counted."""

    def __init__(self, keys: Iterable[int]) -> None:
        """Number the turns.

        keys: those of the turns, in their order.
        """
        self._keys = tuple(keys)
        self._numbers = {key: number for number, key in enumerate(self._keys, 1)}

    def find_number(self, key: int) -> int:
        """Return the number of a turn, from 1; 0 where the transcript has no such turn."""
        return self._numbers.get(key, 0)

    def show_turn(self, key: int) -> str:
        """Return the number of a turn; its key, such as ``k57``, where it is not there any more."""
        return str(self._numbers.get(key) or format_turn_key(key))

    def read_turn(self, named: str) -> int:
        """Return the key of a turn that a person named by its number or its key.

        Raises:
            UnknownTurn: the transcript has no such turn.
        """
        match = _NAMED.fullmatch(named.strip())
        if match:
            number = int(match[2])
            if match[1] and number in self._numbers:
                return number
            if not match[1] and 0 < number <= len(self._keys):
                return self._keys[number - 1]
        raise UnknownTurn(named.strip(), len(self._keys))
