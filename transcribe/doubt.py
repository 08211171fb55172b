"""Which words a person should doubt, and why. Nothing is ever changed or taken away here.

A model that loops or invents is sure of itself, so its own confidence is one sign among several.
Every window is judged by itself, because the model hears every window by itself. The values come
from notes of ours on what others saw Whisper do; none is tuned on interviews yet.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from study.intervals import Interval, merge
from study.terms import Flag, Turn, Word
from transcribe.heard import NEAR_S, Heard
from transcribe.scripts import is_foreign

_MOST_COMPRESSED = 2.4  # Whisper's own limit, above which it takes a window for a loop
_LONGEST_NGRAM = 6
_MOST_REPEATS = 3  # people say "no, no, no"; loops begin with the fourth
_FASTEST = 6.0  # words a second; fluent talk has 2 to 4
_FAST_WORDS = 10  # fewer may come in one breath: "I don't know what it is"
_LEAST_SURE = -1.0  # mean log probability; Whisper's own limit, below which it decodes anew
_LEAST_PROBABILITY = 1e-3  # the logarithm wants one
_PHRASE_S = 0.8  # a pause this long begins another phrase

_SILENCE = Flag("in silence", "words where nobody was heard")
_UNSURE = Flag("unsure", "the model was not sure of these words")
_SCRIPT = Flag("another language", "letters that this language does not have")
_DENSE = Flag("loop", "the words repeat themselves")
_LEAK = Flag("list of words", "most of this is the study's own list of words, said or made up")
_BARE = Flag("no punctuation", "neither capitals nor full stops: names here are easily missed")
_LEAST_BARE = 12  # words; a short answer may have neither
_LEAST_LEAKED = 3  # words; one name is an answer


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in a row that one reason speaks against."""

    words: tuple[Word, ...]
    flag: Flag


def doubted(window: Heard, language: str, hints: Iterable[str] = ()) -> list[Passage]:
    """Return every passage of a window that should be doubted; they may overlap.

    language: the interview's, such as ``en``. hints: words and names that the model was told to
    expect; where it hears nothing, it may say them over.
    """
    words = window.words
    return [
        *_loops(words),
        *_too_dense(words),
        *_too_fast(window),
        *_runs(words, (_is_apart(w, window.speech) for w in words), _SILENCE),
        *_unsure(words),
        *_runs(words, (is_foreign(w.text, language) for w in words), _SCRIPT),
        *_leaked(words, hints),
        *_unpunctuated(words),
    ]


def stretches(passages: Iterable[Passage]) -> list[Interval]:
    """Return where the passages of a window lie, those that overlap as one."""
    return merge((p.words[0].start_s, p.words[-1].end_s) for p in passages)


def flagged(turns: Iterable[Turn], passages: Iterable[Passage]) -> tuple[Turn, ...]:
    """Return the turns, each with the reasons to doubt any of its words."""
    reasons: dict[Word, list[Flag]] = {}
    for passage in passages:
        for word in passage.words:
            reasons.setdefault(word, []).append(passage.flag)
    return tuple(
        replace(turn, flags=tuple(dict.fromkeys((*turn.flags, *_of(turn, reasons)))))
        for turn in turns
    )


def _of(turn: Turn, reasons: dict[Word, list[Flag]]) -> Iterator[Flag]:
    for word in turn.words:
        yield from reasons.get(word, ())


def _loops(words: Sequence[Word]) -> Iterator[Passage]:
    """Find one to six words that come at least four times in a row."""
    said = [_bare(w.text) for w in words]
    at = 0
    while at < len(said):
        for size in range(1, _LONGEST_NGRAM + 1):
            times = _times(said, at, size)
            if times > _MOST_REPEATS:
                what = "the same word" if size == 1 else f"the same {size} words"
                flag = Flag("loop", f"{what} {times} times in a row")
                yield Passage(tuple(words[at : at + size * times]), flag)
                at += size * times - 1
                break
        at += 1


def _times(said: Sequence[str], at: int, size: int) -> int:
    """How often the ``size`` words from ``at`` come in a row."""
    first = said[at : at + size]
    times = 1
    while said[at + size * times : at + size * (times + 1)] == first:
        times += 1
    return times


def _leaked(words: Sequence[Word], hints: Iterable[str]) -> Iterator[Passage]:
    """Find a window in which most words stand in the list, as the list has them."""
    said = [_bare(w.text) for w in words]
    is_hint = [False] * len(said)
    for hint in hints:
        wanted = [bare for part in hint.split() if (bare := _bare(part))]
        for at in range(len(said) - len(wanted) + 1):
            if wanted and said[at : at + len(wanted)] == wanted:
                is_hint[at : at + len(wanted)] = [True] * len(wanted)
    if sum(is_hint) >= _LEAST_LEAKED and 2 * sum(is_hint) > len(said):
        yield Passage(tuple(words), _LEAK)


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _unpunctuated(words: Sequence[Word]) -> Iterator[Passage]:
    """Find a long text with neither capitals nor punctuation, of which finders miss the names.

    Of a script that has no capitals nothing can be said.
    """
    text = "".join(word.text for word in words)
    has_case = any(c.islower() for c in text)
    has_marks = any(c.isupper() or c in ".,?!" for c in text)
    if len(words) >= _LEAST_BARE and has_case and not has_marks:
        yield Passage(tuple(words), _BARE)


def _too_dense(words: Sequence[Word]) -> Iterator[Passage]:
    """Find a text so even that it packs better than any talk does."""
    text = "".join(word.text for word in words).strip().encode()
    if len(text) > _MOST_COMPRESSED * len(zlib.compress(text)):
        yield Passage(tuple(words), _DENSE)


def _too_fast(window: Heard) -> Iterator[Passage]:
    """Find more words than anybody could have said in the time."""
    words = window.words
    if 0 < len(words) < _FAST_WORDS:  # so few may share one moment: take all of the window
        if len(words) > _FASTEST * (window.end_s - window.start_s):
            yield _fast(words, window.end_s - window.start_s)
        return
    limit_s = _FAST_WORDS / _FASTEST
    is_fast = [False] * len(words)
    for at in range(len(words) - _FAST_WORDS + 1):
        if words[at + _FAST_WORDS - 1].end_s - words[at].start_s < limit_s:
            is_fast[at : at + _FAST_WORDS] = [True] * _FAST_WORDS
    for run in _true_runs(words, is_fast):
        yield _fast(run, run[-1].end_s - run[0].start_s)


def _fast(words: tuple[Word, ...], seconds: float) -> Passage:
    return Passage(words, Flag("too fast", f"{len(words)} words in {seconds:.1f} s"))


def _is_apart(word: Word, speech: Iterable[Interval]) -> bool:
    """Whether no speech was heard near it. Whisper's word times are off by some tenths."""
    return all(word.end_s < a - NEAR_S or word.start_s > b + NEAR_S for a, b in speech)


def _unsure(words: Sequence[Word]) -> Iterator[Passage]:
    for phrase in _phrases(words):
        sure = [math.log(max(w.probability, _LEAST_PROBABILITY)) for w in phrase]
        if sum(sure) < _LEAST_SURE * len(sure):
            yield Passage(phrase, _UNSURE)


def _phrases(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    begun = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at].start_s - words[at - 1].end_s >= _PHRASE_S:
            yield tuple(words[begun:at])
            begun = at


def _runs(words: Sequence[Word], is_so: Iterable[bool], flag: Flag) -> Iterator[Passage]:
    return (Passage(run, flag) for run in _true_runs(words, list(is_so)))


def _true_runs(words: Sequence[Word], is_so: Sequence[bool]) -> Iterator[tuple[Word, ...]]:
    for holds, run in groupby(zip(is_so, words, strict=True), key=lambda pair: pair[0]):
        if holds:
            yield tuple(word for _, word in run)
