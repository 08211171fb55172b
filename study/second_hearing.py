"""A passage that a model heard a second time, set beside the turns that stand there.

Each word that was heard goes to the turn that stands at its time, so that a person can take over
the new words of one turn and keep those of the next. A turn keeps its key and its speaker. Pure
functions; ``study.store.transcript_editor`` writes what a person takes over.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import pairwise

from study.doubt_flags import merge_flags, select_flags
from study.intervals import Interval, measure_overlap_s
from study.records import DoubtFlag, Transcript, Turn, Word, fold_name

_REACH_S = 1.0  # two models differ in the time of a word by less
_OTHER_SPEAKER_S = 0.5  # by which a turn of another speaker counts as farther away
_SAME_WORD_S = 0.4  # by which a turn that has the word counts as nearer: less than another speaker
_SNAP_S = 1.5  # how far the edge of a passage may move, to lie between two words
_DRAFT = DoubtFlag("draft", "heard quickly: listen before you rely on a word")
_INSET_S = 0.5  # how far from the word it lies then, where the pause is long enough


@dataclass(frozen=True, slots=True)
class SecondHearing:
    """What a model heard in a passage whose transcript stands already.

    start_s, end_s: the passage, in seconds of the interview. asked: the passage as a person named
    it. heard: its turns, with keys of their own, and how they were made.
    """

    start_s: float
    end_s: float
    asked: Interval
    heard: Transcript


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """A turn that stands, beside the same turn with the words of a second hearing.

    number: the key of the turn that stands; where none stands, "+" and the key of the turn that was
    heard. stands: None where nothing stands. heard: as it would be taken over, with key 0 where
    nothing stands; None where no word would be left. has_words: whether any word was heard.
    """

    number: str
    stands: Turn | None
    heard: Turn | None
    has_words: bool = True

    @property
    def is_same(self) -> bool:
        """Whether both have the same words, whatever their case and punctuation."""
        return _fold_text(self.stands) == _fold_text(self.heard)

    @property
    def is_offered(self) -> bool:
        """Whether taking over everything takes it: other words were heard, not none at all."""
        return self.has_words and not self.is_same

    @property
    def start_s(self) -> float:
        """When the turn begins, in seconds."""
        turn = self.stands or self.heard
        assert turn is not None, "one of the two is there"
        return turn.start_s

    @property
    def speaker(self) -> str:
        """The code of who speaks."""
        turn = self.stands or self.heard
        assert turn is not None, "one of the two is there"
        return turn.speaker


@dataclass(slots=True)
class _Place:
    """A turn that stands, its words, and the words that were heard in its place."""

    turn: Turn
    words: tuple[Word, ...]
    heard: list[Word] = field(default_factory=list[Word])
    flags: list[DoubtFlag] = field(default_factory=list[DoubtFlag])


def fit_passage(turns: Sequence[Turn], asked: Interval) -> Interval:
    """Return the passage to hear for one that a person named, in seconds.

    Its edges move to the longest pause within 1.5 s, so that no word is cut. A turn without times
    of words cannot be taken over in part: the passage grows until it holds such a turn whole.
    """
    words = sorted(
        (word.start_s, word.end_s) for turn in turns for word in _timed_words(turn, asked)
    )
    start_s, end_s = _snap(asked[0], words), _snap(asked[1], words)
    if start_s >= end_s:
        start_s, end_s = asked
    for turn in turns:
        span = (turn.start_s, turn.end_s)
        if not _timed_words(turn, asked) and measure_overlap_s(span, (start_s, end_s)):
            start_s, end_s = min(start_s, span[0]), max(end_s, span[1])
    return start_s, end_s


def compare_hearing(turns: Sequence[Turn], hearing: SecondHearing) -> list[HeardTurn]:
    """Set a second hearing beside the turns that stand in its passage, in the order of time.

    turns: all turns of the transcript as it stands, in order. A turn that reaches beyond the
    passage keeps its words there.
    """
    passage = (hearing.start_s, hearing.end_s)
    places = {
        turn.key: _Place(turn, _timed_words(turn, passage))
        for turn in turns
        if _stands_in(turn, passage)
    }
    added: list[HeardTurn] = []
    for heard in hearing.heard.turns:
        alone: list[Word] = []
        words = _begin_with_blank(heard.words)
        for word, key in zip(words, _find_owners(heard, words, places.values()), strict=True):
            if key is None:
                alone.append(word)
                continue
            places[key].heard.append(word)
            places[key].flags = [*merge_flags((*places[key].flags, *heard.flags))]
        if alone:
            added.append(HeardTurn(f"+{heard.key}", None, _make_turn(heard, alone)))
    compared = [
        HeardTurn(str(key), place.turn, _fill_turn(place, passage), bool(place.heard))
        for key, place in places.items()
    ]
    made_by = hearing.heard.recognition
    every = [*compared, *added]
    if made_by is not None and made_by.is_draft:
        every = [_mark_draft(one) for one in every]
    return sorted(every, key=lambda one: one.start_s)


def _mark_draft(one: HeardTurn) -> HeardTurn:
    """Flag other words that a fast model heard, so that a turn that takes them over says so."""
    if one.heard is None or one.is_same:
        return one
    return replace(one, heard=replace(one.heard, flags=(*one.heard.flags, _DRAFT)))


def _fold_text(turn: Turn | None) -> list[str]:
    words = _fold_words(turn.text.split()) if turn else []
    return [word for word in words if word]


def _fold_words(words: Iterable[str]) -> list[str]:
    return ["".join(c for c in fold_name(word) if c.isalnum()) for word in words]


def _timed_words(turn: Turn, passage: Interval) -> tuple[Word, ...]:
    """Return the words of a turn near the passage, () where they are not those of its text."""
    if not measure_overlap_s(
        (turn.start_s, turn.end_s), (passage[0] - _SNAP_S, passage[1] + _SNAP_S)
    ):
        return ()  # decoding the words of a whole interview takes its time
    words = tuple(turn.words)
    return words if "".join(word.text for word in words).strip() == turn.text else ()


def _middle(word: Word) -> float:
    return (word.start_s + word.end_s) / 2


def _is_within(word: Word, passage: Interval) -> bool:
    return passage[0] <= _middle(word) < passage[1]


def _stands_in(turn: Turn, passage: Interval) -> bool:
    words = _timed_words(turn, passage)
    if words:
        return any(_is_within(word, passage) for word in words)
    return measure_overlap_s((turn.start_s, turn.end_s), passage) > 0


def _snap(at_s: float, words: Sequence[Interval]) -> float:
    """Return the nearest time in a long pause near a time, else in the longest there is."""
    around = [(-math.inf, -math.inf), *words, (math.inf, math.inf)]
    pauses: list[tuple[float, float, float]] = []
    spoken_until_s = -math.inf
    for (_, end_s), (next_s, _) in pairwise(around):
        spoken_until_s = max(spoken_until_s, end_s)
        length_s = next_s - spoken_until_s
        if length_s > 0:
            inset_s = min(_INSET_S, length_s / 2)
            into_s = min(max(at_s, spoken_until_s + inset_s), next_s - inset_s)
            if abs(into_s - at_s) <= _SNAP_S:
                pauses.append((min(length_s, 2 * _INSET_S), -abs(into_s - at_s), into_s))
    return max(pauses, default=(0.0, 0.0, at_s))[2]


def _find_owners(
    heard: Turn, words: Sequence[Word], places: Iterable[_Place]
) -> Iterator[int | None]:
    """Yield for each word of a heard turn the key of the turn it belongs to, None for none."""
    near = [
        place
        for place in places
        if place.turn.start_s - _REACH_S < heard.end_s
        and heard.start_s < place.turn.end_s + _REACH_S
    ]
    matched = _match_words(words, near)
    for number, word in enumerate(words):
        costs = [
            (
                away_s
                + _OTHER_SPEAKER_S * (place.turn.speaker != heard.speaker)
                - _SAME_WORD_S * (matched.get(number) == place.turn.key),
                place.turn.key,
            )
            for place in near
            if (away_s := _measure_distance_s(word, place.turn)) <= _REACH_S
        ]
        yield min(costs)[1] if costs else None


def _measure_distance_s(word: Word, turn: Turn) -> float:
    at_s = _middle(word)
    return max(turn.start_s - at_s, at_s - turn.end_s, 0.0)


def _match_words(words: Sequence[Word], near: Sequence[_Place]) -> Mapping[int, int]:
    """Return the turn that has the same word in the same order, by the number of the word."""
    standing = [
        (place.turn.key, word)
        for place in near
        for word in _fold_words([w.text for w in place.words] or place.turn.text.split())
    ]
    matcher = SequenceMatcher(
        None, [word for _, word in standing], _fold_words(w.text for w in words), autojunk=False
    )
    return {
        block.b + step: standing[block.a + step][0]
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }


def _begin_with_blank(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a heard turn so that they can follow others."""
    if not words or words[0].text[:1].isspace():
        return tuple(words)
    return (replace(words[0], text=f" {words[0].text}"), *words[1:])


def _fill_turn(place: _Place, passage: Interval) -> Turn | None:
    """Return the turn with the words that were heard in the passage, None if no word is left.

    Its start stays, or it would move across a heading that stands before it.
    """
    turn = place.turn
    before = [word for word in place.words if _middle(word) < passage[0]]
    after = [word for word in place.words if _middle(word) >= passage[1]]
    heard = [_not_before(word, turn.start_s) for word in sorted(place.heard, key=_middle)]
    words = [*before, *heard, *after]
    if not words:
        return None
    kept = (*before, *after)
    flags = (
        *(select_flags(turn.flags, kept) if kept else ()),
        *select_flags(place.flags, place.heard),
    )
    return replace(
        turn,
        end_s=max(turn.end_s, words[-1].end_s),
        text=_join_words(words),
        words=tuple(words),
        flags=merge_flags(flags),
    )


def _not_before(word: Word, start_s: float) -> Word:
    return replace(word, start_s=max(word.start_s, start_s), end_s=max(word.end_s, start_s))


def _make_turn(heard: Turn, words: Sequence[Word]) -> Turn:
    return replace(
        heard,
        key=0,
        start_s=words[0].start_s,
        end_s=max(word.end_s for word in words),
        text=_join_words(words),
        words=tuple(words),
        flags=select_flags(heard.flags, words),
    )


def _join_words(words: Iterable[Word]) -> str:
    return "".join(word.text for word in words).strip()
