"""How likely a change of speaker is before each word. Pure functions.

People change after a pause, at the end of a sentence, and most of all after a question; seldom
inside a phrase.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from study import COMMAS, Interval, Word, ends_question, ends_sentence, find_last_sign
from transcribe.voice_pieces import PAUSE_S
from transcribe.voice_separation import SpokenWord

# What a change costs, in log likelihood; fitted, with the likeness of ``voice_separation``, on what
# ``benchmarks/_speaker_sounds.py`` calls fitted. Twice the costs at the end of a sentence put .02
# fewer replies right, and changed no other figure by over .01.
_INSIDE, _AT_COMMA, _AT_SENTENCE, _AT_QUESTION = 8.0, 6.0, 1.2, 0.8
_AT_PAUSE_SHARE = 0.4  # of that, where there is a pause as well


def weigh_changes(words: Sequence[Word], phrases: Sequence[Interval]) -> list[SpokenWord]:
    """Return the words with what a change of speaker before each costs.

    words: in order of time. phrases: the stretches of speech between pauses in the sound and ends
    of sentences; the times of words alone hide half of the pauses.
    """
    ends = [end_s for _, end_s in phrases]
    spoken: list[SpokenWord] = []
    before: Word | None = None
    for word in words:
        cost = _weigh_change(before, word, ends) if before else 0.0
        spoken.append(SpokenWord(word.start_s, word.end_s, cost))
        before = word
    return spoken


def _weigh_change(before: Word, after: Word, ends: Sequence[float]) -> float:
    cost = _INSIDE
    if find_last_sign(before) in COMMAS:
        cost = _AT_COMMA
    elif ends_question(before):
        cost = _AT_QUESTION
    elif ends_sentence(before):
        cost = _AT_SENTENCE
    middles = [(word.start_s + word.end_s) / 2 for word in (before, after)]
    is_parted = bisect_right(ends, middles[0]) != bisect_right(ends, middles[1])
    is_pause = is_parted or after.start_s - before.end_s >= PAUSE_S
    return cost * _AT_PAUSE_SHARE if is_pause else cost
