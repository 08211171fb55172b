"""Find words that a person should doubt, and say why. No word is changed or removed here.

Turns are doubted by the model's own probabilities (``study.measure_doubt``, fitted by
tools/doubt.py). A model that loops or invents may report high ones, so each window is searched for
signs of that as well, alone, because the model transcribes every window alone. The limits of those
signs come from published reports on Whisper's faults and from the recordings of tools/doubt.py, in
which people repeat words and voice activity misses quiet ones.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from study import (
    LEAST_DOUBT,
    OTHER_LANGUAGE,
    SECOND_HEARING,
    UNSURE,
    DoubtFlag,
    Interval,
    Turn,
    Word,
    measure_doubt,
    merge_flags,
    merge_intervals,
    name_language,
    place_flag,
)
from transcribe.speech_coverage import ForeignPassage, TranscribedWindow, is_far_from_speech
from transcribe.writing_systems import is_foreign_word

# Whisper's own limit, above which it treats a window as a loop. "Words, words, words, words" packs
# to 1.4 and eight times "no" to 2.0; a loop that fills a window packs to 5 and more.
_MOST_COMPRESSED = 2.4
_LONGEST_NGRAM = 6
_MOST_REPEATS = 3  # people say "no, no, no"
_FASTEST = 6.0  # words a second; fluent talk has 2 to 4
_FAST_WORDS = 10  # fewer may come in one breath: "I don't know what it is"
# Second hearings in clean sound bring words back (mean probability .82, 25 of 27 right), in noise
# they invent (.36). "Thank you." out of hiss begins at .01 to .11 and goes on at .95, so that only
# the geometric mean tells of it. A true answer of a word or two may be less likely than a sentence.
_LEAST_SECOND_WORDS = 3
_LEAST_SECOND_MEAN = 0.5
_LEAST_SHORT_MEAN = 0.3  # of fewer words
_LEAST_HINT = 0.3  # names of the list that were invented lay below it, or ended their window

_SILENCE = DoubtFlag("in silence", "words, but the sound is silent here")
_INVENTED = DoubtFlag("heard twice", "nothing heard at first; these words may be made up")
_SECOND = DoubtFlag(SECOND_HEARING, "some of these words were heard only at the second try")
_HINT = DoubtFlag("hint", "a name from the study's list, which the model may have made up")
_SCRIPT = DoubtFlag(OTHER_LANGUAGE, "letters that this language does not have")
_DENSE = DoubtFlag("loop", "the words repeat themselves")
_LEAK = DoubtFlag(
    "list of words", "mostly words from the study's own list, which the model may have made up"
)
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
    """Return every passage of a window that a reader is told about; passages may overlap.

    All are reasons to doubt but those whose flag says otherwise (``DoubtFlag.is_doubt``).
    language: the interview's, such as ``en``. hints: the words and names that the model was told to
    expect; in silence it may repeat them.
    """
    words = window.words
    return [
        *_find_loops(words),
        *_find_dense_text(words),
        *_find_fast_speech(window),
        *_flag_runs(words, (_is_in_silence(w, window) for w in words), _SILENCE),
        *_find_second_hearings(window),
        *_flag_runs(words, (is_foreign_word(w.text, language) for w in words), _SCRIPT),
        *_find_foreign_speech(window),
        *_find_leaked_hints(words, hints),
        *_find_doubtful_names(words, hints),
        *_find_unpunctuated_text(words),
    ]


def merge_passages(
    passages: Iterable[DoubtfulPassage], turns: Iterable[Turn] = ()
) -> list[Interval]:
    """Return when the doubted passages and the unsure ones of the turns were said, merged."""
    spoken = [passage.words for passage in passages if passage.flag.is_doubt]
    spoken += [turn.words for turn in turns if UNSURE in turn.flags]
    return merge_intervals((words[0].start_s, words[-1].end_s) for words in spoken)


def flag_turns(turns: Iterable[Turn], passages: Iterable[DoubtfulPassage]) -> tuple[Turn, ...]:
    """Return the turns, each with the reasons to doubt it, and what else to know about it.

    Each flag says where in the turn it holds.
    """
    reasons: dict[Word, list[tuple[int, DoubtFlag]]] = {}
    for number, passage in enumerate(passages):
        for word in passage.words:
            reasons.setdefault(word, []).append((number, passage.flag))
    return tuple(
        replace(turn, flags=merge_flags((*turn.flags, *_list_flags(turn, reasons))))
        for turn in turns
    )


def _list_flags(
    turn: Turn, reasons: dict[Word, list[tuple[int, DoubtFlag]]]
) -> Iterator[DoubtFlag]:
    if measure_doubt(turn.words) >= LEAST_DOUBT:
        yield UNSURE
    doubted: dict[tuple[int, DoubtFlag], list[Word]] = {}
    for word in turn.words:
        for reason in reasons.get(word, ()):
            doubted.setdefault(reason, []).append(word)
    for (_, flag), words in doubted.items():
        yield place_flag(flag, words)


def _find_loops(words: Sequence[Word]) -> Iterator[DoubtfulPassage]:
    """Find one to six words that come more often in a row than people say them.

    People say a word four times and more; a loop packs as only loops do.
    """
    said = [_normalise(w.text) for w in words]
    at = 0
    while at < len(said):
        for size in range(1, _LONGEST_NGRAM + 1):
            times = _count_repeats(said, at, size)
            repeated = words[at : at + size * times]
            if times > _MOST_REPEATS and _packs_like_a_loop(repeated):
                what = "the same word" if size == 1 else f"the same {size} words"
                flag = DoubtFlag("loop", f"{what} {times} times in a row")
                yield DoubtfulPassage(tuple(repeated), flag)
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
        for at, size in _find_hint(said, hint):
            is_hint[at : at + size] = [True] * size
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
    if _packs_like_a_loop(words):
        yield DoubtfulPassage(tuple(words), _DENSE)


def _packs_like_a_loop(words: Iterable[Word]) -> bool:
    text = " ".join(_normalise(word.text) for word in words).encode()
    return len(text) > _MOST_COMPRESSED * len(zlib.compress(text))


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


def _find_foreign_speech(window: TranscribedWindow) -> Iterator[DoubtfulPassage]:
    """Find the words of passages that are in another language: the model made them up."""
    for passage in window.foreign:
        is_in = (
            passage.start_s <= (w.start_s + w.end_s) / 2 <= passage.end_s for w in window.words
        )
        yield from _flag_runs(window.words, is_in, name_foreign_speech(passage))


def name_foreign_speech(passage: ForeignPassage) -> DoubtFlag:
    """Return the flag that says in which language a passage is."""
    return DoubtFlag(OTHER_LANGUAGE, f"this sounds like {name_language(passage.language)}")


def _is_in_silence(word: Word, window: TranscribedWindow) -> bool:
    """Whether voice activity finds nobody near a word, and nothing sounds there either.

    Voice activity misses voices that are much quieter than those before them.
    """
    middle_s = (word.start_s + word.end_s) / 2
    return is_far_from_speech(word, window.speech) and any(
        start_s <= middle_s < end_s for start_s, end_s in window.quiet
    )


def _find_second_hearings(window: TranscribedWindow) -> Iterator[DoubtfulPassage]:
    """Find the words of second hearings: doubted where they are many and unlikely."""
    for start_s, end_s in window.again:
        words = tuple(w for w in window.words if start_s <= (w.start_s + w.end_s) / 2 <= end_s)
        if words:
            is_short = len(words) < _LEAST_SECOND_WORDS
            least = _LEAST_SHORT_MEAN if is_short else _LEAST_SECOND_MEAN
            is_invented = math.prod(word.probability for word in words) < least ** len(words)
            yield DoubtfulPassage(words, _INVENTED if is_invented else _SECOND)


def _find_doubtful_names(words: Sequence[Word], hints: Iterable[str]) -> Iterator[DoubtfulPassage]:
    """Find names of the list that end a window or are unlikely: so models add what was not said."""
    said = [_normalise(w.text) for w in words]
    for hint in hints:
        if hint == hint.lower():
            continue  # no name
        for at, size in _find_hint(said, hint):
            name = tuple(words[at : at + size])
            is_last = at + size == len(said)
            if is_last or min(word.probability for word in name) < _LEAST_HINT:
                yield DoubtfulPassage(name, _HINT)


def _find_hint(said: Sequence[str], hint: str) -> Iterator[tuple[int, int]]:
    """Find a hint among normalised words: at which word it begins, and how many it has."""
    wanted = [word for part in hint.split() if (word := _normalise(part))]
    for at in range(len(said) - len(wanted) + 1):
        if wanted and said[at : at + len(wanted)] == wanted:
            yield at, len(wanted)


def _flag_runs(
    words: Sequence[Word], is_so: Iterable[bool], flag: DoubtFlag
) -> Iterator[DoubtfulPassage]:
    return (DoubtfulPassage(run, flag) for run in _true_runs(words, list(is_so)))


def _true_runs(words: Sequence[Word], is_so: Sequence[bool]) -> Iterator[tuple[Word, ...]]:
    for holds, run in groupby(zip(is_so, words, strict=True), key=lambda pair: pair[0]):
        if holds:
            yield tuple(word for _, word in run)
