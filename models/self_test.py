"""Known sentences, and checks of a model's results for them.

The checks catch models that load but give nonsense: a wrong tokenizer, damaged weights, arithmetic
that a processor gets wrong. They do not measure how good a model is.
"""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence

TRIAL_SENTENCE = "Thank you for coming in today. Are you happy for me to record this?"
TRIAL_START_S, TRIAL_END_S = 0.6, 4.9  # where it stands in the demonstration interview
# Of the sentence's 12 different words. tiny.en, the smallest on offer, gets all of them; with its
# tokenizer's words exchanged, its weights exchanged or half of them cleared, none. The bar is low:
# it is meant for nonsense, not for errors. "Thank you for watching", which models invent, has 3.
_LEAST_WORDS = 6
_LOOP = 0.5  # one word may make up at most this share of the words

TRIAL_TALK = (
    "My name is Sarah Thompson. My husband David and I live in Leeds; "
    "he waters the geraniums while I make porridge."
)
_NAMES = frozenset({"sarah", "thompson", "david", "leeds"})
# Where each of two people speaks in the demonstration interview: 1.6 s from each second.
TRIAL_VOICES_S = ((0.6, 1.8, 7.8), (11.2, 13.0, 21.5))
# Of the mean likeness of a voice's pieces with each other above that with the other's: ours .32.
_LEAST_APART = 0.1
_LEAST_NAMES = 2  # of the four; our own finder has all of them, in small letters too


def find_speech_fault(heard: Sequence[tuple[str, float]]) -> str:
    """Say what is wrong with the words and probabilities for ``TRIAL_SENTENCE``; "" if nothing.

    Completes "That speech model loads, but ... in a known sentence."
    """
    words = [word for text, _ in heard for word in _words(text)]
    if not words:
        return "heard nothing"
    if not all(math.isfinite(p) and 0 <= p <= 1 for _, p in heard):
        return "heard words with impossible probabilities"
    common, count = Counter(words).most_common(1)[0]
    if count > max(2, _LOOP * len(words)) and common:
        return "heard the same word over and over"
    if len(set(words) & set(_words(TRIAL_SENTENCE))) < _LEAST_WORDS:
        return "heard other words"
    return ""


def find_names_fault(marked: Iterable[tuple[int, int]]) -> str:
    """Say what is wrong with the spans (characters, end exclusive) of names in ``TRIAL_TALK``.

    Completes "That names model loads, but ... in a known sentence."
    """
    words = Counter(word for start, end in marked for word in _words(TRIAL_TALK[start:end]))
    names = sum(word in _NAMES for word in words)
    if words.total() - names > names:
        return "marked words that are no names"
    return "" if names >= _LEAST_NAMES else "found hardly any of the names"


def find_voices_fault(likeness: Sequence[Sequence[float]]) -> str:
    """Say what is wrong with how alike the pieces at ``TRIAL_VOICES_S`` are; "" if nothing.

    likeness: of each piece with each, all of the first voice first, from -1 to 1. Completes "That
    voice model loads, but ... in a known sentence."
    """
    voice = [number for number, starts in enumerate(TRIAL_VOICES_S) for _ in starts]
    same: list[float] = []
    other: list[float] = []
    for one, other_one in itertools.combinations(range(len(voice)), 2):
        (same if voice[one] == voice[other_one] else other).append(likeness[one][other_one])
    if not all(map(math.isfinite, (*same, *other))):
        return "heard impossible voices"
    apart = statistics.fmean(same) - statistics.fmean(other)
    return "" if apart >= _LEAST_APART else "heard no difference between two voices"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
