"""What a person lets through the gate of the hand-over, with a reason.

A pass is for words at one place, or for a phrase wherever it stands in one interview. It says that
they name nobody, whatever was replaced elsewhere. The newest pass of the same words and
place counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from study.records import fold_name

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_BESIDE = 3  # words to either side, by which a place is known again in every file


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


@dataclass(frozen=True, slots=True)
class PassedWords:
    """Folded words that may leave, and those right before and after them at their place.

    is_anywhere: they may leave whatever stands around them. Fewer words before than three mean that
    a turn begins there, and fewer after that it ends.
    """

    words: tuple[str, ...]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    is_anywhere: bool = False


def fold_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text."""
    return tuple(fold_name(word) for word in _WORD.findall(text))


def list_standing_passes(passes: Iterable[GatePass]) -> tuple[GatePass, ...]:
    """Return the passes that stand, of all that were ever written, in their order."""
    newest = {one.key: one for one in passes}
    return tuple(one for one in newest.values() if one.is_standing)


def list_passed_words(
    passes: Iterable[GatePass], turns: Mapping[int, str]
) -> tuple[PassedWords, ...]:
    """Return the words that may leave, with what stands around them in the clean transcript.

    turns: its texts by the keys of its turns.
    """
    texts = {turn: fold_words(text) for turn, text in turns.items()}
    found: list[PassedWords] = []
    for one in passes:
        words = fold_words(one.words)
        if not one.turn:
            found.append(PassedWords(words, is_anywhere=True))
            continue
        said = texts.get(one.turn, ())
        found += [
            PassedWords(words, said[max(0, at - _BESIDE) : at], said[end : end + _BESIDE])
            for at in range(len(said))
            if said[at : (end := at + len(words))] == words
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class SaidAndPassed:
    """The turns of one interview, by their keys, with all else in its lines, and its passes."""

    turns: Mapping[int, str]
    beside: tuple[str, ...]
    passes: tuple[GatePass, ...]


def list_passed_in_common(interviews: Sequence[SaidAndPassed]) -> tuple[PassedWords, ...]:
    """Return the words that may leave in files that hold what was said in several interviews.

    A line of such a file does not tell whose it is. So each pass counts by the words around it
    alone, and not at all where another interview says them as well without passing them.
    """
    if not any(one.passes for one in interviews):
        return ()
    found: list[PassedWords] = []
    marked = [_mark_passed(one) for one in interviews]
    for number, one in enumerate(interviews):
        others = marked[:number] + marked[number + 1 :]
        found += [
            place
            for place in list_passed_words(_spell_out(one), one.turns)
            if not any(_is_said_unpassed(place, *other) for other in others)
        ]
    return tuple(found)


def _spell_out(one: SaidAndPassed) -> Iterator[GatePass]:
    """Yield the passes of an interview, each of the turn in which it is."""
    for passed in one.passes:
        if passed.turn:
            yield passed
        else:
            yield from (replace(passed, turn=turn) for turn in one.turns)


def _mark_passed(one: SaidAndPassed) -> tuple[list[str], list[bool]]:
    """Return all words of an interview as one row, and which of them its own passes let leave."""
    words: list[str] = []
    is_passed: list[bool] = []
    own = list_passed_words(one.passes, one.turns)
    for text in (*one.turns.values(), *one.beside):
        spans = find_passed_spans(text, own)
        for place in _WORD.finditer(text):
            words.append(fold_name(place.group()))
            is_passed.append(any(s <= place.start() and place.end() <= e for s, e in spans))
    return words, is_passed


def _is_said_unpassed(place: PassedWords, words: list[str], is_passed: list[bool]) -> bool:
    """Whether words are said here with the same around them, over the ends of turns as well."""
    whole = [*place.before, *place.words, *place.after]
    first, last = len(place.before), len(place.before) + len(place.words)
    return any(
        words[at : at + len(whole)] == whole and not all(is_passed[at + first : at + last])
        for at in range(len(words) - len(whole) + 1)
    )


def find_passed_spans(text: str, passed: Iterable[PassedWords]) -> list[tuple[int, int]]:
    """Return the characters of words that may leave in a line of a file."""
    places = list(_WORD.finditer(text))
    words = tuple(fold_name(place.group()) for place in places)
    return [
        (places[at].start(), places[at + len(one.words) - 1].end())
        for one in passed
        for at in range(len(words) - len(one.words) + 1)
        if one.words and _stands_at(text, places, words, at, one)
    ]


def _stands_at(
    text: str, places: list[re.Match[str]], words: tuple[str, ...], at: int, one: PassedWords
) -> bool:
    end = at + len(one.words)
    if words[at:end] != one.words:
        return False
    if one.is_anywhere:
        return True
    first, last = at - len(one.before), end + len(one.after)
    if first < 0 or last > len(words):
        return False
    if (words[first:at], words[end:last]) != (one.before, one.after):
        return False
    begins = len(one.before) == _BESIDE or _is_edge(text[: places[first].start()])
    return begins and (len(one.after) == _BESIDE or _is_edge(text[places[last - 1].end() :][::-1]))


def _is_edge(beside: str) -> bool:
    """Whether a turn may begin or end here: nothing beside it, or the end of a sentence."""
    bare = beside.rstrip()
    return not bare or not bare[-1].isalnum()
