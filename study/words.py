"""The words of a turn, and how they are read: records are made of them when they are asked for.

A long interview has 160,000 words and a page of it a hundred. A turn that was read from the study
keeps the bytes of its words as they lie there; to write it again copies them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import msgspec

from study.errors import StudyDamaged


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was heard; ``probability`` is the model's own, 0 to 1."""

    text: str
    start_s: float
    end_s: float
    probability: float


if TYPE_CHECKING:
    Words = Sequence[Word]
else:
    Words = msgspec.Raw  # what msgspec is to find there: bytes of JSON, left as they are


class StoredWords(Sequence[Word]):
    """Words as they lie in the study; equal to a tuple of the same words."""

    __slots__ = ("raw",)

    def __init__(self, raw: msgspec.Raw) -> None:
        """raw: a JSON array of words."""
        self.raw = raw

    def made(self) -> tuple[Word, ...]:
        """Return the words as records, made anew each time.

        Raises:
            StudyDamaged: they are no words.
        """
        try:
            return msgspec.json.decode(self.raw, type=tuple[Word, ...])
        except msgspec.DecodeError as broken:
            raise StudyDamaged("study.db (the words of a turn)") from broken

    def __len__(self) -> int:
        return len(self.made())

    def __iter__(self) -> Iterator[Word]:
        return iter(self.made())

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, at: int | slice) -> Word | tuple[Word, ...]:
        """Return a word, or a tuple of several."""
        return self.made()[at]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, StoredWords):
            return self.raw == other.raw or self.made() == other.made()
        return self.made() == other

    def __hash__(self) -> int:
        return hash(self.made())

    def __repr__(self) -> str:
        return repr(self.made())


_NONE = b"[]"


def as_read(words: Words | msgspec.Raw) -> Words:
    """Return what msgspec found in the place of words as a sequence of words."""
    if not isinstance(words, msgspec.Raw):
        return words
    return () if bytes(words) == _NONE else StoredWords(words)


def as_written(content: object) -> msgspec.Raw:
    """Return what msgspec is to write in the place of what it does not know: stored words."""
    if isinstance(content, StoredWords):
        return content.raw
    raise NotImplementedError
