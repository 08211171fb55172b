"""Find words that a person should doubt, and say why. No word is changed or removed here.

A model that loops or invents reports high confidence, so its confidence is one sign among several.
Every window is judged alone, because the model transcribes every window alone. The thresholds come
from published reports on Whisper's faults; none is tuned on interviews yet.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from study import DoubtFlag, Interval, Turn, Word, merge_intervals
from transcribe.speech_coverage import NEAR_SPEECH_S, TranscribedWindow
from transcribe.writing_systems import is_foreign_word

_MOST_COMPRESSED = 2.4  # Whisper's own limit, above which it treats a window as a loop
_LONGEST_NGRAM = 6
_MOST_REPEATS = 3  # people say "no, no, no"; loops begin with the fourth
_FASTEST = 6.0  # words a second; fluent talk has 2 to 4
_FAST_WORDS = 10  # fewer may come in one breath: "I don't know what it is"
_LEAST_SURE = -1.0  # mean log probability; Whisper's own limit, below which it decodes again
_LEAST_PROBABILITY = 1e-3  # zero has no logarithm
_PHRASE_S = 0.8  # a pause this long begins another phrase

_SILENCE = DoubtFlag("in silence", "words where nobody was heard")
_UNSURE = DoubtFlag("unsure", "the model was not sure of these words")
_SCRIPT = DoubtFlag("another language", "letters that this language does not have")
_DENSE = DoubtFlag("loop", "the words repeat themselves")
_LEAK = DoubtFlag("list of words", "most of this is the study's own list of words, said or made up")
_UNPUNCTUATED = DoubtFlag(
    "no punctuation", "neither capitals nor full stops: names here are easily missed"
)
_LEAST_UNPUNCTUATED = 12  # words; a short answer may have neither
_LEAST_LEAKED = 3  # words; one name is an answer


@dataclass(frozen=True, slots=True)
class DoubtfulPassage:
    """Consecutive words, and one reason to doubt them."""

    words: tuple[Word, ...]
    flag: DoubtFlag


def find_doubtful_passages(
    window: TranscribedWindow, language: str, hints: Iterable[str] = ()
) -> list[DoubtfulPassage]:
    """Return every passage of a window that a person should doubt; passages may overlap.

    language: the interview's, such as ``en``. hints: the words and names that the model was told to
    expect; in silence it may repeat them.
    """
    words = window.words
    return [
        *_find_loops(words),
        *_find_dense_text(words),
        *_find_fast_speech(window),
        *_flag_runs(words, (_is_in_silence(w, window.speech) for w in words), _SILENCE),
        *_find_unsure_phrases(words),
        *_flag_runs(words, (is_foreign_word(w.text, language) for w in words), _SCRIPT),
        *_find_leaked_hints(words, hints),
        *_find_unpunctuated_text(words),
    ]


def merge_passages(passages: Iterable[DoubtfulPassage]) -> list[Interval]:
    """Return when the passages of a window were said, overlapping ones as one interval."""
    return merge_intervals((p.words[0].start_s, p.words[-1].end_s) for p in passages)


def flag_turns(turns: Iterable[Turn], passages: Iterable[DoubtfulPassage]) -> tuple[Turn, ...]:
    """Return the turns, each with the reasons to doubt any of its words."""
    reasons: dict[Word, list[DoubtFlag]] = {}
    for passage in passages:
        for word in passage.words:
            reasons.setdefault(word, []).append(passage.flag)
    return tuple(
        replace(turn, flags=tuple(dict.fromkeys((*turn.flags, *_flags_of_turn(turn, reasons)))))
        for turn in turns
    )


def _flags_of_turn(turn: Turn, reasons: dict[Word, list[DoubtFlag]]) -> Iterator[DoubtFlag]:
    for word in turn.words:
        yield from reasons.get(word, ())


def _find_loops(words: Sequence[Word]) -> Iterator[DoubtfulPassage]:
    """Find one to six words that come at least four times in a row."""
    said = [_normalise(w.text) for w in words]
    at = 0
    while at < len(said):
        for size in range(1, _LONGEST_NGRAM + 1):
            times = _count_repeats(said, at, size)
            if times > _MOST_REPEATS:
                what = "the same word" if size == 1 else f"the same {size} words"
                flag = DoubtFlag("loop", f"{what} {times} times in a row")
                yield DoubtfulPassage(tuple(words[at : at + size * times]), flag)
                at += size * times - 1
                break
        at += 1


def _count_repeats(said: Sequence[str], at: int, size: int) -> int:
    """Count how often the ``size`` words from ``at`` come in a row."""
    first = said[at : at + size]
    times = 1
    while said[at + size * times : at + size * (times + 1)] == first:
        times += 1
    return times


def _find_leaked_hints(words: Sequence[Word], hints: Iterable[str]) -> Iterator[DoubtfulPassage]:
    """Find a window in which most words are in the study's list, in the order of the list."""
    said = [_normalise(w.text) for w in words]
    is_hint = [False] * len(said)
    for hint in hints:
        wanted = [word for part in hint.split() if (word := _normalise(part))]
        for at in range(len(said) - len(wanted) + 1):
            if wanted and said[at : at + len(wanted)] == wanted:
                is_hint[at : at + len(wanted)] = [True] * len(wanted)
    if sum(is_hint) >= _LEAST_LEAKED and 2 * sum(is_hint) > len(said):
        yield DoubtfulPassage(tuple(words), _LEAK)


def _normalise(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _find_unpunctuated_text(words: Sequence[Word]) -> Iterator[DoubtfulPassage]:
    """Find a long text with neither capitals nor punctuation, in which finders miss names.

    A script without capitals is never flagged.
    """
    text = "".join(word.text for word in words)
    has_case = any(c.islower() for c in text)
    has_marks = any(c.isupper() or c in ".,?!" for c in text)
    if len(words) >= _LEAST_UNPUNCTUATED and has_case and not has_marks:
        yield DoubtfulPassage(tuple(words), _UNPUNCTUATED)


def _find_dense_text(words: Sequence[Word]) -> Iterator[DoubtfulPassage]:
    """Find a text so repetitive that it compresses better than any talk."""
    text = "".join(word.text for word in words).strip().encode()
    if len(text) > _MOST_COMPRESSED * len(zlib.compress(text)):
        yield DoubtfulPassage(tuple(words), _DENSE)


def _find_fast_speech(window: TranscribedWindow) -> Iterator[DoubtfulPassage]:
    """Find more words than anybody could have said in the time."""
    words = window.words
    if 0 < len(words) < _FAST_WORDS:  # so few may share one moment: measure the whole window
        if len(words) > _FASTEST * (window.end_s - window.start_s):
            yield _flag_fast(words, window.end_s - window.start_s)
        return
    limit_s = _FAST_WORDS / _FASTEST
    is_fast = [False] * len(words)
    for at in range(len(words) - _FAST_WORDS + 1):
        if words[at + _FAST_WORDS - 1].end_s - words[at].start_s < limit_s:
            is_fast[at : at + _FAST_WORDS] = [True] * _FAST_WORDS
    for run in _true_runs(words, is_fast):
        yield _flag_fast(run, run[-1].end_s - run[0].start_s)


def _flag_fast(words: tuple[Word, ...], seconds: float) -> DoubtfulPassage:
    return DoubtfulPassage(words, DoubtFlag("too fast", f"{len(words)} words in {seconds:.1f} s"))


def _is_in_silence(word: Word, speech: Iterable[Interval]) -> bool:
    """Whether no speech is near a word. Whisper's word times are off by some tenths of a second."""
    return all(
        word.end_s < a - NEAR_SPEECH_S or word.start_s > b + NEAR_SPEECH_S for a, b in speech
    )


def _find_unsure_phrases(words: Sequence[Word]) -> Iterator[DoubtfulPassage]:
    for phrase in _split_at_pauses(words):
        sure = [math.log(max(w.probability, _LEAST_PROBABILITY)) for w in phrase]
        if sum(sure) < _LEAST_SURE * len(sure):
            yield DoubtfulPassage(phrase, _UNSURE)


def _split_at_pauses(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    begun = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at].start_s - words[at - 1].end_s >= _PHRASE_S:
            yield tuple(words[begun:at])
            begun = at


def _flag_runs(
    words: Sequence[Word], is_so: Iterable[bool], flag: DoubtFlag
) -> Iterator[DoubtfulPassage]:
    return (DoubtfulPassage(run, flag) for run in _true_runs(words, list(is_so)))


def _true_runs(words: Sequence[Word], is_so: Sequence[bool]) -> Iterator[tuple[Word, ...]]:
    for holds, run in groupby(zip(is_so, words, strict=True), key=lambda pair: pair[0]):
        if holds:
            yield tuple(word for _, word in run)
