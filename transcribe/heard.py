"""What the model heard in a window, and what it did not: the proof that nothing was skipped.

Pure functions; the times of words are put right here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from study.intervals import Interval, intersect, shared_s, subtract, total_s
from study.terms import Coverage, Word

NEAR_S = 0.5  # speech this close to a word counts as covered by it
_LONGEST_WORD_S = 2.0
_GAP_S = 1.0  # shorter passages without words, in a window that has some, are breath


@dataclass(frozen=True, slots=True)
class Heard:
    """What the model heard in one window, as it is saved.

    ``again_s`` is how much of its speech had no words at first and was heard a second time.
    """

    number: int
    channel: int
    start_s: float
    end_s: float
    speech: tuple[Interval, ...]
    words: tuple[Word, ...]
    again_s: float = 0.0


def clamped(words: Sequence[Word], speech: Sequence[Interval]) -> tuple[Word, ...]:
    """Bring the words' times into the speech they belong to, in order, none longer than 2 s.

    A word over a pause belongs to the side where most of it lies. One that touches no speech
    stays where it is, as far as that lies between the first speech and the last.
    """
    whole = (speech[0][0], speech[-1][1])
    good: list[Word] = []
    floor_s = whole[0]
    for word in words:
        from_s, to_s = _around(word, speech) or whole
        begin_s = min(max(word.start_s, floor_s, from_s), whole[1])
        stop_s = max(begin_s, min(word.end_s, to_s, begin_s + _LONGEST_WORD_S))
        good.append(replace(word, start_s=begin_s, end_s=stop_s))
        floor_s = begin_s
    return tuple(good)


def _around(word: Word, speech: Iterable[Interval]) -> Interval | None:
    shared = [(shared_s((word.start_s, word.end_s), span), span) for span in speech]
    most_s, span = max(shared)
    return span if most_s > 0 else None


def bare(window: Heard) -> list[Interval]:
    """Return the passages of its speech without words; a pause parts none.

    One that is shorter than 1 s counts only where the window has no words at all.
    """
    words = [(w.start_s - NEAR_S, w.end_s + NEAR_S) for w in window.words]
    passages: list[list[Interval]] = []
    open_end = False  # whether the speech before ended without words
    for span in window.speech:
        for stretch in subtract([span], words):
            if open_end and stretch[0] == span[0]:
                passages[-1].append(stretch)
            else:
                passages.append([stretch])
        open_end = bool(passages) and passages[-1][-1][1] == span[1]
    return [
        (passage[0][0], passage[-1][1])
        for passage in passages
        if not words or total_s(passage) >= _GAP_S
    ]


def spoken_s(passages: Iterable[Interval], speech: Sequence[Interval]) -> float:
    """Return how much speech there is in passages."""
    return total_s(intersect(passages, speech))


def coverage(heard: Iterable[Heard], sound_s: float, doubts: Sequence[Interval] = ()) -> Coverage:
    """Return how much of the speech has words, where there are none, and what is doubted."""
    speech_s = covered_s = again_s = 0.0
    gaps: list[Interval] = []
    for window in heard:
        words = [(w.start_s - NEAR_S, w.end_s + NEAR_S) for w in window.words]
        missing_s = total_s(subtract(window.speech, words))
        speech_s += total_s(window.speech)
        covered_s += total_s(window.speech) - missing_s
        again_s += window.again_s
        gaps += bare(window)
    return Coverage(
        round(sound_s, 2),
        round(speech_s, 2),
        round(covered_s, 2),
        _told(gaps),
        round(again_s, 2),
        _told(doubts),
        round(total_s(doubts), 2),
    )


def _told(stretches: Iterable[Interval]) -> tuple[Interval, ...]:
    return tuple(sorted((round(a, 2), round(b, 2)) for a, b in stretches))
