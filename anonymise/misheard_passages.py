"""Passages that may be a misheard name or place, the likeliest first: for the risk sheet alone.

A speech model that does not know a name writes words of which it is not sure ("gets incomes at
long", where Gethin was named). Each word outside of all mentions is weighed by what the model
thought of it and of its neighbours, by what stands before it, and by what it is; a passage is such
a word with the doubted ones beside it. Nothing here is a question: most of it is ordinary words.
What a person has typed or confirmed is vouched for, and in no passage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from anonymise.context import TITLES
from anonymise.context.torn_towns import load_towns
from anonymise.doubted_words import BE, DOES, JOINTS, RELATIONS, WeakSpans
from anonymise.keep_list import KeepList
from anonymise.pieces import CutTurn, Pieces, begins_sentence, lowered_at, split_listed_words
from anonymise.shipped_lists import load_word_list
from models import look_up_word
from study import (
    NEVER_NAMES,
    NameMatcher,
    Turn,
    find_weak_words,
    fold_name,
    is_time_word,
)

MOST_IN_1000 = 40  # passages in 1,000 words: more are not read
_FEWEST = 4  # passages that a short interview may have
_LEAST = 0.5  # weight
_DOUBTED = 0.8  # the probability from which on a word counts as sure
_JOINED = 0.75  # below it a neighbour belongs to the passage
_LONGEST, _LONGEST_JOINED, _GAP = 6, 9, 2  # pieces
_EVERYBODYS, _NAMED, _SELDOM = 1.0, 0.5, 0.5  # of WordFacts
_SHORTEST, _SHORTEST_SOUND = 3, 4  # letters
_LIKE, _LIKE_JOB, _MOST_SOUNDED = 0.86, 0.8, 3  # a run of so many words that sounds like a name
_REACH_SHARE = (0.5, 0.25)  # how much of a neighbour's doubt counts: beside it, and one further
# Fitted on interviews of our own that were heard by tiny.en; what is right among the passages is
# in docs/finding.md.
_BY_DOUBT, _BY_NEIGHBOURS = 2.2, 1.2
_AFTER_PLACE, _SECOND_AFTER_PLACE, _AFTER_PERSON, _AFTER_KIN = 0.9, 0.5, 1.0, 0.8
_IS_NAME, _IS_UNKNOWN, _IS_SELDOM, _IS_EVERYBODYS, _IS_SHORT = 0.8, 0.9, 0.2, -0.6, -0.3
_IS_EVERYDAY, _IS_GRAMMAR, _IS_SURE_OF_IT, _IS_TIME = -0.5, -1.6, -1.0, -0.5
_SOUNDS, _BESIDE_CAPITAL, _BEFORE_VERB = 2.0, 0.4, 0.5
_LITTLE_DOUBT = 0.3
_SECOND = 0.3  # of the weight of the second word of a passage

_NEAR = load_word_list("sites", "before heard places") | split_listed_words("over up past by")
_TOLD = load_word_list("people", "before heard names") | split_listed_words("with called named")
_ANSWERS = load_word_list("people", "answers")
_SHORTENED = ("n't", "'ll", "'d", "'ve", "'m", "'re")
_OWNERS = split_listed_words("the a an my his her our their your")


@dataclass(frozen=True, slots=True)
class Passage:
    """Some characters of a turn, and how likely a name was misheard there (it only orders)."""

    turn: Turn
    start: int
    end: int
    weight: float


def rank_passages(
    turns: Iterable[tuple[Turn, Collection[tuple[int, int]]]],
    names: Collection[str],
    keep_list: KeepList,
) -> list[Passage]:
    """Return the likeliest passages of an interview, at most ``MOST_IN_1000`` in 1,000 words.

    turns: each with the characters that stand on the sheet, or are mentions, already. names: those
    that are replaced somewhere in the study.
    """
    known = NameMatcher(name for name in names if len(name) >= _SHORTEST_SOUND)
    found: list[Passage] = []
    words = 0
    for turn, taken in turns:
        words += len(turn.text.split())
        if doubted := find_weak_words(turn, _DOUBTED):
            found += _HeardTurn(turn, doubted, taken, known, keep_list).list_passages()
    most = max(_FEWEST, round(words * MOST_IN_1000 / 1000))
    return sorted(found, key=lambda one: -one.weight)[:most]


class _HeardTurn:
    """A turn with the weight of each word that is in no mention."""

    def __init__(
        self,
        turn: Turn,
        doubted: WeakSpans,
        taken: Collection[tuple[int, int]],
        known: NameMatcher,
        keep_list: KeepList,
    ) -> None:
        self._turn = turn
        spoken = CutTurn.cut_text(turn.text)
        self._pieces = spoken.pieces
        self._keep_list = keep_list
        self._doubts: dict[int, float] = {}
        for start, end, probability in doubted:
            for at in spoken.list_indices_within(start, end):
                self._doubts[at] = 1 - probability
        free = [
            at
            for at, p in enumerate(self._pieces)
            if p.is_word and not any(a < p.end and p.start < b for a, b in taken)
        ]
        self._sounded = _find_sounded(self._pieces, frozenset(free), known)
        self._weights = {at: self._weigh(at) for at in free}

    def list_passages(self) -> list[Passage]:
        """Return all passages of the turn, none of which overlap."""
        found: list[range] = []
        used: set[int] = set()
        for at in sorted(self._weights, key=lambda n: -self._weights[n]):
            if at not in used and self._weights[at] >= _LEAST:
                found.append(self._extend(at, used))
                used.update(found[-1])
        joined = self._join_close(sorted(found, key=min))
        return [self._make_passage(inside) for inside in joined if not self._is_answer(inside)]

    def _is_answer(self, inside: range) -> bool:
        """Whether nothing but "yes", "oh, right" stands there."""
        words = [self._pieces[at] for at in inside if self._pieces[at].is_word]
        return all(word.lowered_bare in _ANSWERS for word in words)

    def _join_close(self, found: Iterable[range]) -> list[range]:
        """Return passages, in order, with those made one that only a word or two part."""
        joined: list[range] = []
        for inside in found:
            last = joined[-1] if joined else None
            is_long = last is not None and inside.stop - last[0] > _LONGEST_JOINED
            if last is None or is_long or not self._may_bridge(range(last.stop, inside[0])):
                joined.append(inside)
            else:
                joined[-1] = range(last[0], inside.stop)
        return joined

    def _may_bridge(self, between: range) -> bool:
        """Whether these pieces may be inside a passage: words in no mention, no full stop."""
        return len(between) <= _GAP and all(
            at in self._weights or self._pieces[at].text in {"-", ","} for at in between
        )

    def _make_passage(self, inside: range) -> Passage:
        weights = sorted((self._weights.get(n, 0.0) for n in inside), reverse=True)
        weight = weights[0] + _SECOND * sum(max(0.0, one) for one in weights[1:2])
        start, end = self._pieces[inside[0]].start, self._pieces[inside[-1]].bare_end
        return Passage(self._turn, start, end, weight)

    def _extend(self, at: int, used: Collection[int]) -> range:
        """Return the words of the passage around a word: the doubted ones beside it."""
        first, last = at, at
        while last - first + 1 < _LONGEST:
            before, after = self._skip_hyphen(first, -1), self._skip_hyphen(last, 1)
            pulls = self._get_pull(before, used), self._get_pull(after, used)
            if pulls == (None, None):
                return self._add_beside(first, last, used)
            if pulls[1] is None or (pulls[0] is not None and pulls[0] >= pulls[1]):
                first = before
            else:
                last = after
        return range(first, last + 1)

    def _add_beside(self, first: int, last: int, used: Collection[int]) -> range:
        """Return a passage; a word alone with what it is read with: "home first", not "first"."""
        if first == last:
            for at in (first - 1, last + 1):
                word = self._pieces[at].lowered_bare if at in self._weights else ""
                if word and at not in used and word not in NEVER_NAMES:
                    return range(min(first, at), max(last, at) + 1)
        return range(first, last + 1)

    def _skip_hyphen(self, at: int, step: int) -> int:
        """Return the index beside a word, over a hyphen: "mid-ridge" is heard as one."""
        return at + step * (1 + (lowered_at(self._pieces, at + step) == "-"))

    def _get_pull(self, at: int, used: Collection[int]) -> float | None:
        """Return the weight of a word that may join a passage, None for one that may not."""
        weight = self._weights.get(at)
        if weight is None or at in used:
            return None
        is_doubted = self._doubts.get(at, 0.0) > 1 - _JOINED
        return weight if is_doubted or weight >= _LEAST else None

    def _weigh(self, at: int) -> float:
        doubt = self._doubts.get(at, 0.0)
        beside = sum(
            share * (self._doubts.get(at - n, 0.0) + self._doubts.get(at + n, 0.0))
            for n, share in enumerate(_REACH_SHARE, 1)
        )
        weight = _BY_DOUBT * doubt + _BY_NEIGHBOURS * beside
        weight += self._weigh_place(at)
        return weight + (_SOUNDS if at in self._sounded else self._weigh_word(at, doubt))

    def _weigh_place(self, at: int) -> float:
        """Return what the words around a word say of it."""
        pieces = self._pieces
        one, two = lowered_at(pieces, at - 1), lowered_at(pieces, at - 2)
        weight = _AFTER_PLACE * (one in _NEAR) + _AFTER_PERSON * (one in _TOLD)
        weight += _SECOND_AFTER_PLACE * (two in _NEAR and one not in _OWNERS)
        weight += _AFTER_KIN * (one in RELATIONS)
        weight += _BEFORE_VERB * (one in JOINTS and lowered_at(pieces, at + 1) in DOES)
        beside = (n for n in (at - 1, at + 1) if 0 <= n < len(pieces))
        return weight + _BESIDE_CAPITAL * any(_is_shown(pieces, n) for n in beside)

    def _weigh_word(self, at: int, doubt: float) -> float:
        """Return what a word says of itself: a name, in no dictionary, of grammar."""
        word = self._pieces[at].lowered_bare
        facts = look_up_word(word)
        is_grammar = word in NEVER_NAMES or word.endswith(_SHORTENED)
        is_everyday = word in self._keep_list.everyday
        is_told = (is_grammar or is_everyday) and doubt < _LITTLE_DOUBT
        return (
            _IS_NAME * (max(facts.given, facts.surname, facts.town) >= _NAMED)
            + _IS_UNKNOWN * (not facts.is_word and len(word) >= _SHORTEST)
            + _IS_SELDOM * (facts.is_word and facts.common < _SELDOM)
            + _IS_EVERYBODYS * (facts.common >= _EVERYBODYS)
            + _IS_SHORT * (len(word) < _SHORTEST)
            + _IS_EVERYDAY * is_everyday
            + _IS_GRAMMAR * is_grammar
            + _IS_SURE_OF_IT * is_told
            + _IS_TIME * is_time_word(word)
        )


def _is_shown(pieces: Pieces, at: int) -> bool:
    piece = pieces[at]
    return piece.is_capital and piece.lowered[0] != "i" and not begins_sentence(pieces, at)


def _find_sounded(pieces: Pieces, free: Collection[int], known: NameMatcher) -> set[int]:
    """Return the words that sound like a name of the study, or like a town where one stands."""
    sounded: set[int] = set()
    for at in sorted(free):
        is_place = lowered_at(pieces, at - 1) in _NEAR
        is_job = lowered_at(pieces, at - 1) in {"a", "an"} and lowered_at(pieces, at - 2) in BE
        if is_job and _is_like_job(pieces[at].lowered_bare):
            sounded.add(at)
        for count in range(_MOST_SOUNDED, 0, -1):
            inside = range(at, at + count)
            if not all(n in free for n in inside) or not _may_sound(pieces, inside):
                continue
            spoken = " ".join(pieces[n].lowered_bare for n in inside)
            if _sounds_like(spoken, known) or (is_place and _sounds_like(spoken, load_towns())):
                sounded.update(inside)
                break
    return sounded


def _may_sound(pieces: Pieces, inside: Sequence[int]) -> bool:
    """Whether a run of words may be a name: it neither begins nor ends with one of grammar."""
    first, last = pieces[inside[0]].lowered_bare, pieces[inside[-1]].lowered_bare
    if first in NEVER_NAMES or last in NEVER_NAMES or first in TITLES:
        return False
    return sum(len(pieces[n].lowered_bare) for n in inside) >= _SHORTEST_SOUND


def _sounds_like(spoken: str, matcher: NameMatcher) -> bool:
    likely = matcher.find_same_sounding(spoken)
    return likely is not None and likely.likeness >= _LIKE and fold_name(likely.name) != spoken


@lru_cache(maxsize=1 << 12)
def _is_like_job(word: str) -> bool:
    """Whether a word is nearly what somebody does: "he was a minor"."""
    likely = _load_jobs().find_nearest(word)
    return likely is not None and likely.likeness >= _LIKE_JOB and likely.name != word


@cache
def _load_jobs() -> NameMatcher:
    kinds = ("occupations", "common occupations", "trades")
    return NameMatcher(sorted(word for kind in kinds for word in load_word_list("traits", kind)))
