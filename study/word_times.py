"""The times of words, also after a person retyped a turn.

Words that are still there keep their times and probabilities. Words that replace others share the
time of those, longer words more of it; added words share the pause that they stand in. So playback
finds its place in a text that was never said exactly like this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from study.records import Turn, Word, fold_name
from study.turn_words import VOUCHED_FOR

_TOKEN = re.compile(r"\s*\S+")
_MOST_MATCHED = 4000  # words between the first and the last change; matching takes their square
_Unit = tuple[Word, ...]  # the words of one run without a blank: "thirty", "-", "five"


def align_words(turn: Turn, text: str) -> tuple[Word, ...]:
    """Return the words of ``text`` with their times, () where the turn has no words.

    Joined and stripped they are ``text``, and their times never run backwards.
    """
    tokens = _TOKEN.findall(text.strip())
    units = _units(turn.words)
    if not units or not tokens:
        return ()
    made: list[Word] = []
    for tag, a, b, c, d in _changes(units, tokens):
        if tag == "equal":
            made += _unchanged_words(units[a:b], tokens[c:d])
        elif c < d:
            made += _spread(tokens[c:d], *_time_span(turn, units, a, b))
    return tuple(made)


def find_word_spans(turn: Turn) -> list[tuple[int, int]]:
    """Return where each word of a turn stands in its text: characters, ends exclusive.

    A word that the text does not have in its place gets an empty span.
    """
    spans: list[tuple[int, int]] = []
    end = 0
    for word in turn.words:
        bare = word.text.strip()
        start = turn.text.find(bare, end) if bare else -1
        if start >= 0:
            end = start + len(bare)
            spans.append((start, end))
        else:
            spans.append((end, end))
    return spans


def find_character_time(turn: Turn, character: int) -> float:
    """Return the time of a character of a turn, by its words or else by its share of the text."""
    for word, (start, end) in zip(turn.words, find_word_spans(turn), strict=True):
        if start <= character < end or (character <= start < end):
            return word.start_s
    share = character / len(turn.text) if turn.text else 0.0
    return turn.end_s if turn.words else turn.start_s + share * (turn.end_s - turn.start_s)


def _units(words: Sequence[Word]) -> list[_Unit]:
    units: list[list[Word]] = []
    for word in words:
        if units and not word.text[:1].isspace():
            units[-1].append(word)
        else:
            units.append([word])
    return [tuple(unit) for unit in units]


def _changes(units: list[_Unit], tokens: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Match units with tokens, by how they sound: case and punctuation do not matter."""
    old = [_bare("".join(word.text for word in unit)) for unit in units]
    new = [_bare(token) for token in tokens]
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    a, b, c, d = head, len(old) - tail, head, len(new) - tail
    changes: list[tuple[str, int, int, int, int]] = [("equal", 0, head, 0, head)]
    if max(b - a, d - c) > _MOST_MATCHED:
        changes.append(("replace", a, b, c, d))
    else:
        matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
        changes += [(tag, a + i, a + j, c + k, c + m) for tag, i, j, k, m in matcher.get_opcodes()]
    return [*changes, ("equal", b, len(old), d, len(new))]


def _bare(text: str) -> str:
    return "".join(c for c in fold_name(text) if c.isalnum()) or text.strip()


def _unchanged_words(units: Sequence[_Unit], tokens: Sequence[str]) -> list[Word]:
    made: list[Word] = []
    for unit, token in zip(units, tokens, strict=True):
        said = "".join(word.text for word in unit)
        if said.strip() == token.strip():
            lead = _leading_space(token) or _leading_space(unit[0].text)
            made += [replace(unit[0], text=lead + unit[0].text.lstrip()), *unit[1:]]
        else:  # another case or comma: the same word
            least = min(word.probability for word in unit)
            made.append(Word(token, unit[0].start_s, unit[-1].end_s, least))
    return made


def _leading_space(token: str) -> str:
    return token[: len(token) - len(token.lstrip())]


def _time_span(turn: Turn, units: list[_Unit], a: int, b: int) -> tuple[float, float]:
    """Return the time of the units from ``a`` to ``b``, or of the pause where there is none."""
    if a < b:
        return units[a][0].start_s, units[b - 1][-1].end_s
    start_s = units[a - 1][-1].end_s if a else min(turn.start_s, units[0][0].start_s)
    end_s = units[a][0].start_s if a < len(units) else max(turn.end_s, units[-1][-1].end_s)
    return start_s, max(start_s, end_s)


def _spread(tokens: Sequence[str], start_s: float, end_s: float) -> list[Word]:
    lengths = [len(token.strip()) for token in tokens]
    total, done = sum(lengths), 0
    bounds = [start_s]
    for length in lengths:
        done += length
        bounds.append(round(start_s + (end_s - start_s) * done / total, 3))
    bounds[-1] = end_s
    bounds = [min(max(bound, start_s), end_s) for bound in bounds]
    return [
        Word(token, a, b, VOUCHED_FOR)
        for token, (a, b) in zip(tokens, pairwise(bounds), strict=True)
    ]
