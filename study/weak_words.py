"""Words of which the speech model was not sure, and turns that are doubted because of them.

A person who types a word, or confirms a turn, vouches for its words: their probability is
``VOUCHED_FOR`` from then on, so that they are neither weak nor doubted. The model's own probability
stays in the raw transcript.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from study.records import DoubtFlag, Turn
from study.turn_words import VOUCHED_FOR, Word, read_probabilities
from study.word_times import find_word_spans

# 56 % of the words below it are wrong, and 50 % of the wrong words lie below it. Both limits come
# from tools/doubt.py, whose tables are in docs/transcribing.md.
WEAK_PROBABILITY = 0.5
LEAST_DOUBT = 0.52  # a turn of this much doubt is flagged
# How that limit did on recordings that it was not fitted on: the share of the doubted turns that
# held a wrong word, and of the turns with a wrong word that were doubted. The same tables.
TRIED_PRECISION, TRIED_RECALL = 0.88, 0.72
UNSURE = DoubtFlag("unsure", "the model was not sure of these words")


def is_weak(word: Word) -> bool:
    """Whether the model was not sure of a word that has letters or digits."""
    return word.probability < WEAK_PROBABILITY and any(c.isalnum() for c in word.text)


def measure_doubt(words: Iterable[Word]) -> float:
    """Return how much doubt the words hold together, from 0.0.

    Each counts with the square of what its probability lacks to 1, so that one word at .28 counts
    as much as two at .49 or eight at .75, and a hundred at .99 next to nothing.
    """
    return sum((1 - word.probability) ** 2 for word in words)


def find_weak_words(turn: Turn, below: float = WEAK_PROBABILITY) -> list[tuple[int, int, float]]:
    """Return the words of a turn with a lower probability: first character, end, probability."""
    if all(sure >= below for sure in read_probabilities(turn.words)):  # in most turns
        return []
    words = tuple(iter(turn.words))  # of stored words, asking for their number decodes them too
    spans = find_word_spans(replace(turn, words=words))
    return [
        (start, end, word.probability)
        for word, (start, end) in zip(words, spans, strict=True)
        if end > start and word.probability < below and any(c.isalnum() for c in word.text)
    ]


def update_unsure_flag(turn: Turn) -> Turn:
    """Return the turn without the flag ``UNSURE`` where too little doubt is left for it."""
    if measure_doubt(turn.words) >= LEAST_DOUBT:
        return turn
    return replace(turn, flags=tuple(flag for flag in turn.flags if flag.kind != UNSURE.kind))


def vouch_for_words(turn: Turn) -> Turn:
    """Return the turn without doubts, each of its words vouched for."""
    words = tuple(replace(word, probability=VOUCHED_FOR) for word in turn.words)
    return replace(turn, words=words, flags=())


def vouch_for_typed(turn: Turn, was: str, over: tuple[int, int]) -> Turn:
    """Return the turn, its words vouched for that were typed over some characters of what it was.

    was: its text before. over: the first character and the end, of ``was``; alike for none.
    """
    start, tail = over[0], was[over[1] :]
    end = len(turn.text) - len(tail)
    is_typed_over = turn.text.startswith(was[:start]) and turn.text.endswith(tail)
    if over[0] == over[1] or not is_typed_over:
        return turn
    words = tuple(
        replace(word, probability=VOUCHED_FOR) if first < end and start < last else word
        for word, (first, last) in zip(turn.words, find_word_spans(turn), strict=True)
    )
    return replace(turn, words=words)
