"""What a person lets through the gate of the hand-over, with a reason.

A pass is for words at one place, or for a phrase wherever it stands in one interview. It says that
they name nobody, whatever was replaced elsewhere. The newest pass of the same words and
place counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from study.records import fold_name

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class GatePass:
    """Words that may leave.

    words: as they were said. turn: the key of the turn in which they are, 0 for every turn of the
    interview. by: the slot whose passphrase was in use. at: an ISO 8601 time. is_standing: false
    where it was taken back.
    """

    words: str
    turn: int
    reason: str
    by: int
    at: str
    is_standing: bool = True

    @property
    def key(self) -> tuple[int, tuple[str, ...]]:
        """Which words and which place it is about."""
        return self.turn, fold_words(self.words)


def fold_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text."""
    return tuple(fold_name(word) for word in _WORD.findall(text))


def list_standing_passes(passes: Iterable[GatePass]) -> tuple[GatePass, ...]:
    """Return the passes that stand, of all that were ever written, in their order."""
    newest = {one.key: one for one in passes}
    return tuple(one for one in newest.values() if one.is_standing)


def list_passed_words(passes: Iterable[GatePass], turn: int = 0) -> tuple[tuple[str, ...], ...]:
    """Return the folded words that may leave in a turn: its own, and those of the interview.

    turn: its key, 0 for what is no turn.
    """
    return tuple(fold_words(one.words) for one in passes if one.turn in {0, turn})


def find_passed_spans(text: str, passed: Iterable[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Return the characters of words that may leave in a line; of each phrase as a whole.

    passed: folded words, as ``list_passed_words`` returns them.
    """
    wanted = [words for words in passed if words]
    if not wanted:
        return []
    places = list(_WORD.finditer(text))
    said = tuple(fold_name(place.group()) for place in places)
    return [
        (places[at].start(), places[at + len(words) - 1].end())
        for words in wanted
        for at in range(len(said) - len(words) + 1)
        if said[at : at + len(words)] == words
    ]
