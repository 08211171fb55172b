"""Scores who was said to speak each word against who spoke.

Whose a heard word is, its text tells where the text of what was said is known, and its time where
not. Where two speak at once and neither text has the word, it counts for nobody. Voices are
matched with people so that most words are right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from benchmarks._speaker_sounds import Said
from benchmarks._word_errors import HeardWord, split_words
from study import Interval, intersect_intervals, measure_overlap_s, measure_total_s

NEAR_S, COLLAR_S, SHORT_S = 0.5, 0.25, 1.0
_FIRST_WORDS = 3  # of a turn: those that peers leave in the turn before
_FRAME_S = 0.01
_LONG_S, _SHARED_S = 1.0, 0.3  # of two voices at once
_JOINED_S = 0.5  # a pause up to here between two words of one person is theirs

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    right: float = 0.0
    of: float = 0.0

    def __add__(self, other: Share) -> Share:
        """Add up two shares."""
        return Share(self.right + other.right, self.of + other.of)

    @property
    def value(self) -> float:
        """The share, 1 of nothing."""
        return self.right / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class SpeakerScore:
    """What is counted of a case; all add up.

    words: with the right speaker. first_words: the same of the first three words of each turn.
    changes: true changes of speaker with one found within half a second. found_changes: the changes
    that were found with a true one as near. replies: of under a second, with the right speaker.
    diarisation: seconds of speech not wrong, of all seconds, a collar of .25 s aside. confusion:
    the same, but only for the wrong person.
    """

    words: Share = field(default_factory=Share)
    first_words: Share = field(default_factory=Share)
    changes: Share = field(default_factory=Share)
    found_changes: Share = field(default_factory=Share)
    replies: Share = field(default_factory=Share)
    diarisation: Share = field(default_factory=Share)
    confusion: Share = field(default_factory=Share)

    def __add__(self, other: SpeakerScore) -> SpeakerScore:
        """Add up two scores."""
        return SpeakerScore(
            self.words + other.words, self.first_words + other.first_words,
            self.changes + other.changes, self.found_changes + other.found_changes,
            self.replies + other.replies, self.diarisation + other.diarisation,
            self.confusion + other.confusion,
        )  # fmt: skip


def score_speakers(said: Sequence[Said], words: Sequence[HeardWord]) -> SpeakerScore:
    """Score words, in order of time, whose ``speaker`` is the code of a voice."""
    owners = find_owners(said, words)
    people = match_voices(owners, words)
    known = [n for n, owner in enumerate(owners) if owner]
    right = {n: people[words[n].speaker] == owners[n] for n in known}
    true_changes = [_between(words[a], words[b]) for a, b in pairwise(known)
                    if owners[a] != owners[b]]  # fmt: skip
    changes = [_between(a, b) for a, b in pairwise(words) if a.speaker != b.speaker]
    wrong_s, confused_s, total_s = _measure_errors(said, words, people)
    return SpeakerScore(
        Share(sum(right.values()), len(known)),
        _score_first_words(owners, known, right),
        Share(sum(_is_near(at, changes) for at in true_changes), len(true_changes)),
        Share(sum(_is_near(at, true_changes) for at in changes), len(changes)),
        _score_replies(said, words, owners, right),
        Share(total_s - wrong_s, total_s),
        Share(total_s - confused_s, total_s),
    )


@dataclass(frozen=True, slots=True)
class OverlapScore:
    """How good the marks of two voices at once are; all add up.

    marked: marks at least half of which are true. found: true ones of a second or longer of which a
    mark has more than .3 s.
    """

    marked: Share = field(default_factory=Share)
    found: Share = field(default_factory=Share)

    def __add__(self, other: OverlapScore) -> OverlapScore:
        """Add up two scores."""
        return OverlapScore(self.marked + other.marked, self.found + other.found)


def score_overlaps(said: Sequence[Said], marks: Sequence[Interval]) -> OverlapScore:
    """Score where two are marked as speaking at once."""
    true = [
        (start_s, end_s)
        for a, b in combinations(said, 2)
        if a.speaker != b.speaker
        and (start_s := max(a.start_s, b.start_s)) < (end_s := min(a.end_s, b.end_s))
    ]
    right = sum(
        measure_total_s(intersect_intervals([mark], true)) >= (mark[1] - mark[0]) / 2
        for mark in marks
    )
    long = [span for span in true if span[1] - span[0] >= _LONG_S]
    found = sum(any(measure_overlap_s(span, m) > _SHARED_S for m in marks) for span in long)
    return OverlapScore(Share(right, len(marks)), Share(found, len(long)))


def find_owners(said: Sequence[Said], words: Sequence[HeardWord]) -> list[str]:
    """Return who speaks each word, "" where that cannot be told."""
    spoken = [(token, one) for one in said for token in split_words(one.text)]
    heard = [(token, n) for n, word in enumerate(words) for token in split_words(word.text)]
    owners: dict[int, str] = {}
    matcher = SequenceMatcher(None, [t for t, _ in spoken], [t for t, _ in heard], autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        for step in range(size):
            one, number = spoken[a + step][1], heard[b + step][1]
            if one.start_s - 1 < _middle(words[number]) < one.end_s + 1:
                owners[number] = one.speaker
    return [owners.get(n) or _find_by_time(said, word) for n, word in enumerate(words)]


def _find_by_time(said: Sequence[Said], word: HeardWord) -> str:
    at_s = _middle(word)
    speaking = {one.speaker for one in said if one.start_s - 0.05 <= at_s <= one.end_s + 0.05}
    if len(speaking) > 1:
        return ""
    nearest = min(said, key=lambda one: max(one.start_s - at_s, at_s - one.end_s))
    return speaking.pop() if speaking else nearest.speaker


def match_voices(owners: Sequence[str], words: Sequence[HeardWord]) -> dict[str, str]:
    """Return the person of each voice, each person once, so that most words are right."""
    voices = sorted({word.speaker for word in words})
    people = sorted({owner for owner in owners if owner})
    counts = [
        [sum(w.speaker == voice and o == person for w, o in zip(words, owners, strict=True))
         for person in people]
        for voice in voices
    ]  # fmt: skip
    best = max(_assign(counts, 0, frozenset()), default=(0, ()))[1]
    return {voice: people[n] if n >= 0 else "" for voice, n in zip(voices, best, strict=True)}


def _assign(
    counts: Sequence[Sequence[int]], row: int, taken: frozenset[int]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield every way to give voices to people, with how many words are right; -1 for nobody."""
    if row == len(counts):
        yield 0, ()
        return
    free = [n for n in range(len(counts[row])) if n not in taken]
    for n in [*free, -1]:
        for right, rest in _assign(counts, row + 1, taken | {n} if n >= 0 else taken):
            yield right + (counts[row][n] if n >= 0 else 0), (n, *rest)


def _score_first_words(
    owners: Sequence[str], known: Sequence[int], right: dict[int, bool]
) -> Share:
    total = Share()
    for place, (before, first) in enumerate(pairwise(known), start=1):
        if owners[before] == owners[first]:
            continue
        for n in known[place : place + _FIRST_WORDS]:
            if owners[n] != owners[first]:
                break
            total += Share(right[n], 1)
    return total


def _score_replies(
    said: Sequence[Said], words: Sequence[HeardWord], owners: Sequence[str], right: dict[int, bool]
) -> Share:
    """Count the short replies that have a word; those without are the transcription's fault."""
    total = Share()
    for one in said:
        if one.end_s - one.start_s >= SHORT_S:
            continue
        own = [right[n] for n, word in enumerate(words) if owners[n] == one.speaker
               and one.start_s - 0.3 <= _middle(word) <= one.end_s + 0.3]  # fmt: skip
        total += Share(sum(own) > len(own) / 2, 1) if own else Share()
    return total


def _measure_errors(
    said: Sequence[Said], words: Sequence[HeardWord], people: dict[str, str]
) -> tuple[float, float, float]:
    """Return seconds that are wrong, seconds given to the wrong person, and all seconds of speech.

    Seconds in which two speak count twice.
    """
    frames = round((max(one.end_s for one in said) + 1) / _FRAME_S)
    codes = sorted({one.speaker for one in said})
    true, counted = np.zeros((len(codes), frames)), np.ones(frames, bool)
    for one in said:
        _mark(true[codes.index(one.speaker)], one.start_s, one.end_s)
        for edge_s in (one.start_s, one.end_s):
            low = max(0, round((edge_s - COLLAR_S) / _FRAME_S))
            counted[low : round((edge_s + COLLAR_S) / _FRAME_S)] = False
    found = np.zeros((len(codes) + 1, frames))
    for speaker, start_s, end_s in _join_words(words):
        person = people.get(speaker, "")
        _mark(found[codes.index(person) if person else -1], start_s, end_s)
    spoken, told = true.sum(axis=0), found.sum(axis=0)
    both = np.minimum(true, found[:-1]).sum(axis=0)
    wrong: Matrix = np.maximum(spoken, told) - both
    confused: Matrix = np.minimum(spoken, told) - both
    sums = [float(row[counted].sum()) * _FRAME_S for row in (wrong, confused, spoken)]
    return sums[0], sums[1], sums[2]


def _mark(row: Matrix, start_s: float, end_s: float) -> None:
    row[max(0, round(start_s / _FRAME_S)) : round(end_s / _FRAME_S)] = 1


def _join_words(words: Iterable[HeardWord]) -> Iterator[tuple[str, float, float]]:
    last: tuple[str, float, float] | None = None
    for word in words:
        if last and last[0] == word.speaker and word.start_s - last[2] <= _JOINED_S:
            last = (last[0], last[1], max(last[2], word.end_s))
            continue
        if last:
            yield last
        last = (word.speaker, word.start_s, word.end_s)
    if last:
        yield last


def _between(before: HeardWord, after: HeardWord) -> float:
    return (before.end_s + after.start_s) / 2


def _is_near(at_s: float, others: Iterable[float]) -> bool:
    return any(measure_overlap_s((at_s - NEAR_S, at_s + NEAR_S), (o, o + 1e-9)) > 0 for o in others)


def _middle(word: HeardWord) -> float:
    return (word.start_s + word.end_s) / 2
