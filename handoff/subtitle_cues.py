"""Cut turns into subtitles: at most two rows of 42 letters, and at most seven seconds.

Broadcasters' guidelines ask for no more. A cue ends where a sentence ends, or else between two
words, by the times of the words. Each begins with its speaker, because analysis programs take each
for a paragraph. No row begins with a bracket, which they would take for a speaker; a replacement is
torn only where it alone is longer than a row.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import IntEnum

from handoff.spoken_words import estimate_words
from handoff.transcript_lines import DO_NOT_QUOTE, TranscriptLine

ROW_LETTERS = 42
CUE_ROWS = 2
LONGEST_CUE_S = 7.0
_LONG_PAUSE_S = 2.0  # no cue stands over such a silence
_SENTENCE = re.compile(r"[.?!\u2026][\"'\u2019\u201d)\]]*$")
_CLAUSE = re.compile(r"[,;:\u2013\u2014][\"'\u2019\u201d)\]]*$")
_LEAST_SENTENCE, _LEAST_CLAUSE = 0.3, 0.6  # of what would fit, so that cues are not too short


class _Break(IntEnum):
    """Whether a row may begin with a token."""

    NO = 0
    POOR = 1
    GOOD = 2


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle; the rows together are the speaker, a colon and the words."""

    start_s: float
    end_s: float
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start_s: float
    end_s: float
    before: _Break


def cut_cues(line: TranscriptLine) -> list[Cue]:
    """Return the cues of a turn in order; a row is longer only where one word is."""
    words = line.words or estimate_words(line.unmarked_text, line.start_s, line.end_s)
    tokens = [
        _Token(text, word.start_s, word.end_s, _judge_break(text, is_first=not number))
        for word in words
        for number, text in enumerate(word.text.split())
    ]
    head = [_Token(f"{line.speaker}:", line.start_s, line.start_s, _Break.NO)]
    if not line.is_quotable:
        head.append(_Token(DO_NOT_QUOTE, line.start_s, line.start_s, _Break.NO))
    cues: list[Cue] = []
    done = 0
    while done < len(tokens) or not cues:
        count = _count_fitting(head, tokens[done : done + ROW_LETTERS * CUE_ROWS])
        taken = tokens[done : done + _find_cut(tokens[done : done + count + 1], count)]
        done += len(taken)
        start_s = taken[0].start_s if cues else line.start_s
        end_s = max((token.end_s for token in taken), default=line.end_s)
        if done == len(tokens):
            end_s = max(end_s, line.end_s)
        rows = tuple(_wrap([*head, *taken]))
        cues.append(Cue(start_s, min(end_s, start_s + LONGEST_CUE_S), rows))
    return cues


def list_cues(lines: Iterable[TranscriptLine]) -> list[Cue | TranscriptLine]:
    """Return cues, and the events between them, by the time at which they begin.

    A marker or a topic stands at the nearest place between two cues that cuts no sentence.
    """
    every: list[Cue | TranscriptLine] = []
    pressed: list[TranscriptLine] = []
    ends = set[int]()  # the cues with which a turn ends, by their identity
    for line in lines:
        if line.speaker:
            cues = cut_cues(line)
            every += cues
            ends.add(id(cues[-1]))
        else:
            (pressed if line.is_topic or line.is_marker else every).append(line)
    every.sort(key=lambda one: one.start_s)
    placed = [(_find_place(every, line, ends), line) for line in pressed]
    for place, line in sorted(placed, key=lambda pair: pair[0])[::-1]:
        every.insert(place, line)
    return every


def _find_place(
    every: Sequence[Cue | TranscriptLine], line: TranscriptLine, ends: AbstractSet[int]
) -> int:
    """Return how many cues and events stand before a marker or a topic."""
    place = bisect_left(every, line.start_s, key=lambda one: one.start_s)
    for one in every[place:]:  # events of the same time stay in their order
        if isinstance(one, Cue) or one.start_s > line.start_s:
            break
        place += 1

    def cuts_sentence(at: int) -> bool:
        if not 0 < at < len(every):
            return False
        before = every[at - 1]
        if not isinstance(before, Cue) or not isinstance(every[at], Cue) or id(before) in ends:
            return False
        is_pause = every[at].start_s - before.end_s >= _LONG_PAUSE_S
        return not is_pause and _SENTENCE.search(before.rows[-1]) is None

    is_inside = place > 0 and isinstance(every[place - 1], Cue) and (
        line.start_s < every[place - 1].end_s
    )  # fmt: skip
    first, last = place - is_inside, place
    while cuts_sentence(first):
        first -= 1
    while cuts_sentence(last):
        last += 1
    if first == last:
        return place
    before_s = line.start_s - every[first].start_s
    return first if before_s <= every[last - 1].end_s - line.start_s else last


def _judge_break(text: str, *, is_first: bool) -> _Break:
    if text.startswith(("[", "{")):
        return _Break.NO
    return _Break.GOOD if is_first else _Break.POOR


def _count_fitting(head: Sequence[_Token], tokens: Sequence[_Token]) -> int:
    """Return how many of the tokens make one cue; at least one."""
    width = sum(len(token.text) + 1 for token in (*head, *tokens[:1])) - 1
    for count in range(1, len(tokens)):
        one = tokens[count]
        width += 1 + len(one.text)
        is_late = one.end_s - tokens[0].start_s > LONGEST_CUE_S
        if (
            is_late
            or one.start_s - tokens[count - 1].end_s >= _LONG_PAUSE_S
            or (width > ROW_LETTERS and _count_rows([*head, *tokens[: count + 1]]) > CUE_ROWS)
        ):
            return count
    return len(tokens)


def _count_rows(tokens: Sequence[_Token]) -> int:
    return sum(1 for _ in _wrap(tokens))


def _find_cut(tokens: Sequence[_Token], count: int) -> int:
    """Return how many of ``count`` tokens a cue takes, where one more would not fit."""
    if count >= len(tokens):
        return count
    if tokens[count].start_s - tokens[count - 1].end_s >= _LONG_PAUSE_S:
        return count
    good = [n for n in range(1, count + 1) if tokens[n].before is _Break.GOOD]
    letters = sum(len(token.text) for token in tokens[:count])
    for ends, least in ((_SENTENCE, _LEAST_SENTENCE), (_CLAUSE, _LEAST_CLAUSE)):
        for n in reversed(good):
            if sum(len(token.text) for token in tokens[:n]) < least * letters:
                break
            if ends.search(tokens[n - 1].text):
                return n
    poor = (n for n in range(count, 0, -1) if tokens[n].before is _Break.POOR)
    return good[-1] if good else next(poor, count)


def _wrap(tokens: Sequence[_Token]) -> Iterator[str]:
    """Yield rows that are as full as words allow."""
    start = 0
    while start < len(tokens):
        end, width = start + 1, len(tokens[start].text)
        while end < len(tokens) and width + 1 + len(tokens[end].text) <= ROW_LETTERS:
            width += 1 + len(tokens[end].text)
            end += 1
        if end < len(tokens):
            for wanted in (_Break.GOOD, _Break.POOR):
                cuts = [n for n in range(start + 1, end + 1) if tokens[n].before is wanted]
                if cuts:
                    end = cuts[-1]
                    break
        yield " ".join(token.text for token in tokens[start:end])
        start = end
