"""When each word of a clean turn was said.

The text comes from the clean transcript alone; the corrected transcript gives nothing but times. A
replacement has the time of the passage that it stands for, rounded outwards to tenths of a second,
so that neither an original nor its exact length can get into a file.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from study import (
    VOUCHED_FOR,
    ArtefactKind,
    DecidedMention,
    Interval,
    SecondHearing,
    Transcript,
    Turn,
    find_word_spans,
    fold_name,
)
from study.store import Interview, read_decisions, read_newest_transcript, read_standing_edits

_TOKEN = re.compile(r"\S+")
_WORD = re.compile(r"(?:\[[^\[\]]*\]|\S)+")  # with a replacement in brackets as a whole
_FARTHEST = 50  # tokens that may be left out in a row: fillers and stumbles are a few
_PLACES = 10  # a replacement's times are rounded to one tenth of a second


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word, or a whole replacement such as "[Person 1, sister]", and when it was said.

    is_estimated: nobody measured its times. A person typed it, or its turn has no times of words,
    so the time around it was shared out by letters.
    """

    text: str
    start_s: float
    end_s: float
    is_estimated: bool = False


@dataclass(slots=True)
class _Stretch:
    """Tokens of the clean text that have a time together.

    span: None where the sound has no word for them. source: the characters that they stand for.
    """

    tokens: list[str]
    source: tuple[int, int]
    is_replaced: bool
    span: Interval | None = None
    is_measured: bool = False


def read_spoken_words(
    interview: Interview, texts: Mapping[int, str]
) -> dict[int, tuple[TimedWord, ...]]:
    """Return the words of turns by their keys; a turn without times of words is left out.

    texts: of the clean turns by their keys, as they are handed over.
    """
    source = read_newest_transcript(interview)
    if source is None or not source.transcript.is_timed:
        return {}
    replaced: dict[int, list[DecidedMention]] = {}
    for one in read_decisions(interview):
        if one.is_replaced:
            replaced.setdefault(one.mention.turn, []).append(one)
    typed = (
        find_typed_times(interview, source.transcript)
        if source.ref.edits
        else frozenset[Interval]()
    )
    return {
        turn.key: time_words(turn, replaced.get(turn.key, ()), texts[turn.key], typed)
        for turn in source.transcript.turns
        if turn.key in texts and len(turn.words)
    }


def time_words(
    turn: Turn,
    replaced: Iterable[DecidedMention],
    text: str,
    typed: frozenset[Interval] = frozenset(),
) -> tuple[TimedWord, ...]:
    """Return the words of a clean turn with their times; joined by blanks, they are its text.

    turn: as it was corrected. text: of the clean turn. typed: the times of words that a person
    typed, which are estimates. The times lie within the turn and never run backwards.
    """
    stretches = _list_stretches(turn.text, replaced)
    _set_times(stretches, turn, typed)
    _round_replaced(stretches)
    return tuple(_fill(_match(stretches, text.split()), (turn.start_s, turn.end_s)))


def estimate_words(text: str, start_s: float, end_s: float) -> tuple[TimedWord, ...]:
    """Return the words of a text, the longer ones with more of the time."""
    return tuple(_spread(_WORD.findall(text), (start_s, max(start_s, end_s))))


def find_typed_times(interview: Interview, transcript: Transcript) -> frozenset[Interval]:
    """Return the times of words that no model gave: a person's words have full probability.

    Such times were shared out among typed words and measured by nobody.
    """
    vouched = {
        (word.start_s, word.end_s)
        for turn in transcript.turns
        for word in turn.words
        if word.probability == VOUCHED_FOR
    }
    if not vouched:
        return frozenset()
    raw = interview.read_artefact(ArtefactKind.RAW, Transcript)
    heard = (
        interview.read_artefact(ArtefactKind.HEARING, SecondHearing, version)
        for version in {edit.hearing for edit in read_standing_edits(interview) if edit.hearing}
    )
    measured = [*(raw.turns if raw else ())]
    measured += [turn for hearing in heard if hearing for turn in hearing.heard.turns]
    return frozenset(
        vouched - {(word.start_s, word.end_s) for turn in measured for word in turn.words}
    )


def _list_stretches(text: str, replaced: Iterable[DecidedMention]) -> list[_Stretch]:
    """Return the tokens of the replaced text; those that a replacement touches stay together."""
    pieces: list[tuple[int, int, int, bool]] = []  # start in the clean text, source, is_replaced
    clean, done = "", 0
    for start, end, words in sorted(
        (d.mention.start, d.mention.end, d.replacement) for d in replaced
    ):
        pieces.append((len(clean), done, start, False))
        clean += text[done:start]
        pieces.append((len(clean), start, end, True))
        clean, done = clean + words, end
    pieces.append((len(clean), done, len(text), False))
    clean += text[done:]
    begins = [begin for begin, *_ in pieces]
    made: list[_Stretch] = []
    for token in _TOKEN.finditer(clean):
        first = bisect_right(begins, token.start()) - 1
        last = bisect_right(begins, token.end() - 1) - 1
        begin, start, _, is_whole = pieces[first]
        start += 0 if is_whole else token.start() - begin
        begin, source, end, is_whole = pieces[last]
        end = end if is_whole else source + token.end() - begin
        is_replaced = any(piece[3] for piece in pieces[first : last + 1])
        if is_replaced and made and made[-1].source[1] > start:
            made[-1].tokens.append(token.group())
            made[-1].source = made[-1].source[0], end
        else:
            made.append(_Stretch([token.group()], (start, end), is_replaced))
    return made


def _set_times(stretches: list[_Stretch], turn: Turn, typed: frozenset[Interval]) -> None:
    """Give each stretch the time from the first to the last word that it stands for."""
    words = tuple(turn.words)
    placed = [
        (begin, end, (word.start_s, word.end_s))
        for (begin, end), word in zip(
            find_word_spans(replace(turn, words=words)), words, strict=True
        )
        if begin < end
    ]
    ends = [end for _, end, _ in placed]
    least, most = turn.start_s, max(turn.start_s, turn.end_s)
    for stretch in stretches:
        start, stop = stretch.source
        first = bisect_right(ends, start)
        times = [
            time for begin, _, time in placed[first : bisect_left(ends, stop) + 1] if begin < stop
        ]
        if times:
            start_s = min(max(min(times)[0], least), most)
            end_s = min(max(start_s, *(end_s for _, end_s in times)), most)
            stretch.span, least = (start_s, max(start_s, end_s)), start_s
            stretch.is_measured = typed.isdisjoint(times)


def _round_replaced(stretches: Sequence[_Stretch]) -> None:
    """Round the times of replacements outwards, as far as the words beside them leave room."""
    timed = [stretch for stretch in stretches if stretch.span]
    for before, here, after in zip([None, *timed], timed, [*timed[1:], None], strict=False):
        assert here.span
        if here.is_replaced:
            start_s, end_s = here.span
            least = before.span[1] if before and before.span else 0.0
            most = after.span[0] if after and after.span else math.inf
            here.span = (
                min(start_s, max(least, math.floor(start_s * _PLACES) / _PLACES)),
                max(end_s, min(most, math.ceil(end_s * _PLACES) / _PLACES)),
            )


def _match(stretches: Iterable[_Stretch], tokens: Sequence[str]) -> Iterator[_Stretch]:
    """Yield the stretches as the clean text has them, which may leave fillers out."""
    source = [(stretch, token) for stretch in stretches for token in stretch.tokens]
    keys = [_fold(token) for _, token in source]
    done, last = 0, None
    for token in tokens:
        key = _fold(token)
        found = next(
            (i for i in range(done, min(done + _FARTHEST, len(keys))) if keys[i] == key), None
        )
        here = None if found is None else source[found][0]
        done = done if found is None else found + 1
        if here and last and here is last[0]:
            last[1].tokens.append(token)
            continue
        if last:
            yield last[1]
        made = (
            replace(here, tokens=[token]) if here else _Stretch([token], (0, 0), is_replaced=False)
        )
        last = here, made
    if last:
        yield last[1]


def _fold(token: str) -> str:
    return "".join(c for c in fold_name(token) if c.isalnum()) or token


def _fill(stretches: Iterable[_Stretch], turn: Interval) -> Iterator[TimedWord]:
    """Yield the words; those without a time share the pause that they stand in."""
    done_s, waiting = turn[0], list[str]()
    for stretch in stretches:
        if stretch.span is None:
            waiting += [" ".join(stretch.tokens)]
            continue
        start_s, end_s = max(done_s, stretch.span[0]), max(done_s, stretch.span[1])
        yield from _spread(waiting, (done_s, start_s))
        waiting, done_s = [], end_s
        yield TimedWord(" ".join(stretch.tokens), start_s, end_s, not stretch.is_measured)
    yield from _spread(waiting, (done_s, max(done_s, turn[1])))


def _spread(texts: Sequence[str], span: Interval) -> Iterator[TimedWord]:
    done = [0, *accumulate(len(text) for text in texts)]
    share = (span[1] - span[0]) / max(1, done[-1])
    bounds = [min(span[0] + share * letters, span[1]) for letters in done]
    for text, (start_s, end_s) in zip(texts, pairwise(bounds), strict=True):
        yield TimedWord(text, start_s, end_s, is_estimated=True)
