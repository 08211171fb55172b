"""Many keys, searched for in a text at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

_Key = TypeVar("_Key", str, tuple[str, ...])


class Index(Generic[_Key]):
    """Keys by their beginnings, so that many keys take no longer to search for than one.

    A key is a string of characters, or a tuple of words. ``first`` are the characters or words that
    keys begin with, ``longest`` the length of the longest key.
    """

    def __init__(self, keys: Iterable[_Key]) -> None:
        self._keys = frozenset(key for key in keys if key)
        self._least = min(map(len, self._keys), default=0)
        lengths: dict[_Key, set[int]] = {}
        for key in self._keys:
            lengths.setdefault(key[: self._least], set()).add(len(key))
        self._lengths = {beginning: sorted(found) for beginning, found in lengths.items()}
        self.first: frozenset[str] = frozenset(key[0] for key in self._keys)
        self.longest = max(map(len, self._keys), default=0)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def find_in(self, within: _Key) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of each key in a text, ends exclusive."""
        for start, first in enumerate(within):
            if first in self.first:
                yield from ((start, end) for end in self.find_at(within, start))

    def find_at(self, within: _Key, start: int) -> Iterator[int]:
        """Yield the end of each key that begins at a place of a text."""
        for length in self._lengths.get(within[start : start + self._least], ()):
            if within[start : start + length] in self._keys:
                yield start + length

    def is_in(self, within: _Key) -> bool:
        """Whether any key is in a text."""
        return any(True for _ in self.find_in(within))
