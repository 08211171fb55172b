"""The words of a turn, decoded only when somebody asks for them.

A long interview has 160,000 words, a page of it a hundred. A turn that was read from the study
holds the bytes of its words as they are stored; writing the turn again copies them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, overload

import msgspec

from study.errors import StudyDamaged

VOUCHED_FOR = 1.0  # the probability of a word that a person typed, or confirmed


@dataclass(frozen=True, slots=True)
class Word:
    """One transcribed word; ``probability`` is the model's own, 0 to 1, or ``VOUCHED_FOR``."""

    text: str
    start_s: float
    end_s: float
    probability: float


if TYPE_CHECKING:
    Words = Sequence[Word]
else:
    Words = msgspec.Raw  # msgspec leaves a field of this type as bytes of JSON


_Decoded = TypeVar("_Decoded")


class _Sureness(msgspec.Struct, gc=False):
    """What is read of a stored word where nothing else of it is wanted."""

    probability: float


_WORDS = msgspec.json.Decoder(tuple[Word, ...])
_SURENESSES = msgspec.json.Decoder(list[_Sureness])


class StoredWords(Sequence[Word]):
    """Words as they are stored in the study; equal to a tuple of the same words."""

    __slots__ = ("raw",)

    def __init__(self, raw: msgspec.Raw) -> None:
        """raw: a JSON array of words."""
        self.raw = raw

    def decode(self) -> tuple[Word, ...]:
        """Return the words as records, decoded anew each time.

        Raises:
            StudyDamaged: the stored bytes are no words.
        """
        return self._decode(_WORDS)

    def read_probabilities(self) -> list[float]:
        """Return the words' probabilities, ten times as fast as ``decode`` returns the words.

        Raises:
            StudyDamaged: the stored bytes are no words.
        """
        return [word.probability for word in self._decode(_SURENESSES)]

    def _decode(self, decoder: msgspec.json.Decoder[_Decoded]) -> _Decoded:
        try:
            return decoder.decode(self.raw)
        except msgspec.DecodeError as broken:
            raise StudyDamaged("study.db (the words of a turn)") from broken

    def __len__(self) -> int:
        return len(self.decode())

    def __iter__(self) -> Iterator[Word]:
        return iter(self.decode())

    @overload
    def __getitem__(self, index: int) -> Word: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, index: int | slice) -> Word | tuple[Word, ...]:
        """Return a word, or a tuple of several."""
        return self.decode()[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, StoredWords):
            return self.raw == other.raw or self.decode() == other.decode()
        return self.decode() == other

    def __hash__(self) -> int:
        return hash(self.decode())

    def __repr__(self) -> str:
        return repr(self.decode())


def read_probabilities(words: Words) -> list[float]:
    """Return the probability of each word, 0 to 1.

    Raises:
        StudyDamaged: the stored bytes are no words.
    """
    if isinstance(words, StoredWords):
        return words.read_probabilities()
    return [word.probability for word in words]


_NONE = b"[]"


def wrap_stored_words(words: Words | msgspec.Raw) -> Words:
    """Return the words that msgspec decoded, or left as bytes, as a sequence of words."""
    if not isinstance(words, msgspec.Raw):
        return words
    return () if bytes(words) == _NONE else StoredWords(words)


def encode_stored_words(content: object) -> msgspec.Raw:
    """Return stored words as the bytes that msgspec should write; its hook for unknown types."""
    if isinstance(content, StoredWords):
        return content.raw
    raise NotImplementedError
