"""Decide word by word which voice speaks. Pure functions.

Pieces of sound are clustered into voices (``transcribe.voice_clustering``). A word's likeness to
each voice is that of the pieces of its phrase, the nearest counting most. The likeliest sequence of
voices is then found over all words, where a change costs little after a pause or the end of a
sentence and much inside one. So a change never lies within a word, and a short reply between two
pauses is its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from study import (
    Interval,
    VoiceStretch,
    intersect_intervals,
    measure_overlap_s,
    measure_total_s,
    merge_intervals,
    subtract_intervals,
)
from transcribe.voice_clustering import Points, cluster_voices
from transcribe.voice_pieces import FINE_S, VoicePiece

# Fitted on the cases that ``benchmarks/_speaker_sounds.py`` calls fitted.
_LIKENESS = 160.0  # log likelihood for a second of speech that is nearer to a voice by 1 (cosine)
_LEAST_S, _MOST_S = 0.15, 0.6  # of a word that counts as evidence
_NEAR_S = 0.5  # a word outside all phrases belongs to a phrase this close
_FORCED = 1e6  # what a person said is certain

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Somebody is known to speak from ``start_s`` to ``end_s``: a person said so."""

    start_s: float
    end_s: float
    speaker: str


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """When a word is said, and what a change of voice before it costs, in log likelihood."""

    start_s: float
    end_s: float
    change_cost: float


@dataclass(frozen=True, slots=True, eq=False)
class SeparatedVoices:
    """Who speaks when.

    stretches: in order of time, from the first to the last word of each; ``voice`` counts from 0,
    in the order in which the voices begin. speakers: of each voice the code that an anchor gives
    it, "" where none does. prints: float32 of shape (count, dimensions), the centre of each voice,
    of unit length. is_guessed: whether nobody said how many people speak. sureness: of the number
    of people, 0 to 1; 1 where it was given. mixed: where the sound
    lies between two voices for about a second.
    """

    stretches: tuple[VoiceStretch, ...]
    speakers: tuple[str, ...]
    prints: Points
    count: int
    is_guessed: bool
    sureness: float
    mixed: tuple[Interval, ...] = ()


def separate_voices(
    pieces: Sequence[VoicePiece],
    points: Points,
    phrases: Sequence[Interval],
    words: Sequence[SpokenWord],
    *,
    count: int | None,
    anchors: Sequence[Anchor] = (),
) -> SeparatedVoices:
    """Tell apart who speaks each word.

    pieces: in any order. points: their embeddings, shape (pieces, dimensions), of unit length.
    phrases: the stretches of speech that the pieces are cut from, in order. words: in order. count:
    how many people speak, None to guess, 1 to 6; never fewer than anchors name. Where two anchors
    contradict, the later in ``anchors`` counts.
    """
    names = list(dict.fromkeys(sorted(anchor.speaker for anchor in anchors)))
    whole = [n for n, piece in enumerate(pieces) if not piece.is_fine]
    if not whole or not words:
        return SeparatedVoices((), (), points[:0], 0, count is None, 0.0)
    known = _find_known_pieces([pieces[n] for n in whole], anchors, names)
    clusters = cluster_voices(
        points[whole],
        [pieces[n].end_s - pieces[n].start_s for n in whole],
        [pieces[n].phrase for n in whole],
        count=count,
        known=known,
    )
    scores = _score_words(pieces, points @ clusters.centres.T, phrases, words)
    voices = choose_voices(words, scores, _find_known_words(words, anchors, names))
    order = list(dict.fromkeys([*voices, *range(len(clusters.centres))]))
    number = {voice: place for place, voice in enumerate(order)}
    return SeparatedVoices(
        tuple(_join_words(words, [number[voice] for voice in voices], scores[:, order])),
        tuple(names[voice] if voice < len(names) else "" for voice in order),
        clusters.centres[order],
        len(order),
        count is None,
        clusters.sureness,
    )


def find_inner_changes(found: SeparatedVoices, phrases: Sequence[Interval]) -> list[float]:
    """Return the changes of voice that lie inside a phrase, in seconds."""
    starts = [start_s for start_s, _ in phrases]
    changes: list[float] = []
    for before, after in zip(found.stretches, found.stretches[1:], strict=False):
        at_s = (before.end_s + after.start_s) / 2
        place = bisect_left(starts, at_s) - 1
        if before.voice != after.voice and place >= 0 and at_s < phrases[place][1]:
            changes.append(at_s)
    return changes


def choose_voices(
    words: Sequence[SpokenWord], scores: Scores, known: Sequence[int] | None = None
) -> list[int]:
    """Return the likeliest sequence of voices.

    scores: shape (words, voices), the likeness of each word to each voice, in cosine. known: of
    each word the voice that a person gave it to, -1 for none.
    """
    if not len(words) or not scores.shape[1]:
        return []
    seconds = np.array([min(max(word.end_s - word.start_s, _LEAST_S), _MOST_S) for word in words])
    evidence: Scores = _LIKENESS * seconds[:, None] * scores
    for row, voice in enumerate(known or ()):
        if voice >= 0:
            evidence[row, voice] += _FORCED
    rows, voices = evidence.shape
    best: Scores = evidence[0]
    own: npt.NDArray[np.int64] = np.arange(voices, dtype=np.int64)
    came_from = np.zeros((rows, voices), np.int64)
    for row in range(1, rows):
        first = int(best.argmax())
        changed = float(best[first]) - words[row].change_cost
        stays: npt.NDArray[np.bool_] = best >= changed
        came_from[row] = np.where(stays, own, first)
        best = np.where(stays, best, changed) + evidence[row]
    chosen = [int(best.argmax())]
    for row in range(rows - 1, 0, -1):
        chosen.append(int(came_from[row, chosen[-1]]))
    return chosen[::-1]


def _score_words(
    pieces: Sequence[VoicePiece],
    likeness: npt.NDArray[np.float32],
    phrases: Sequence[Interval],
    words: Sequence[SpokenWord],
) -> Scores:
    """Return the likeness of each word to each voice, shape (words, voices)."""
    of_phrase: dict[int, list[int]] = {}
    for number, piece in enumerate(pieces):
        of_phrase.setdefault(piece.phrase, []).append(number)
    starts = [start_s for start_s, _ in phrases]
    scores = np.zeros((len(words), likeness.shape[1]))
    for row, word in enumerate(words):
        place = _find_phrase(word, phrases, starts)
        if place is None or place not in of_phrase:
            continue
        numbers = of_phrase[place]
        start_s, end_s = phrases[place]
        middle_s = (max(word.start_s, start_s) + min(word.end_s, end_s)) / 2
        scores[row] = _interpolate(middle_s, [pieces[n] for n in numbers], likeness[numbers])
    return scores


def _interpolate(
    at_s: float, pieces: Sequence[VoicePiece], likeness: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Return the likeness at a moment; fine pieces that cover it count before all others."""
    fine = [n for n, piece in enumerate(pieces)
            if piece.is_fine and abs(piece.middle_s - at_s) <= FINE_S / 2]  # fmt: skip
    used = fine or [n for n, piece in enumerate(pieces) if not piece.is_fine]
    used.sort(key=lambda n: pieces[n].middle_s)
    middles = [pieces[n].middle_s for n in used]
    columns: list[list[float]] = likeness[used].T.tolist()
    return np.array([float(np.interp(at_s, middles, column)) for column in columns])


def _find_phrase(
    word: SpokenWord, phrases: Sequence[Interval], starts: Sequence[float]
) -> int | None:
    """Return the phrase that a word shares most time with, else a near one, else None."""
    low = max(0, bisect_left(starts, word.start_s - _NEAR_S) - 1)
    high = bisect_left(starts, word.end_s + _NEAR_S)
    span = (word.start_s, max(word.end_s, word.start_s + 0.01))
    near = (span[0] - _NEAR_S, span[1] + _NEAR_S)

    def closeness(n: int) -> tuple[float, float]:
        return measure_overlap_s(phrases[n], span), measure_overlap_s(phrases[n], near)

    best = max(range(low, high), key=closeness, default=None)
    return best if best is not None and closeness(best)[1] > 0 else None


def _find_known_pieces(
    pieces: Sequence[VoicePiece], anchors: Sequence[Anchor], names: Sequence[str]
) -> list[int]:
    """Return the voice that anchors give each piece, -1 where they cover less than most of it."""
    spans = [(piece.start_s, piece.end_s) for piece in pieces]
    return [_find_known(span, anchors, names, share=0.8) for span in spans]


def _find_known_words(
    words: Sequence[SpokenWord], anchors: Sequence[Anchor], names: Sequence[str]
) -> list[int]:
    middles = [(word.start_s + word.end_s) / 2 for word in words]
    return [_find_known((at - 0.005, at + 0.005), anchors, names, share=0.5) for at in middles]


def _find_known(
    span: Interval, anchors: Sequence[Anchor], names: Sequence[str], share: float
) -> int:
    needed = share * (span[1] - span[0])
    for anchor in reversed(anchors):
        if measure_overlap_s(span, (anchor.start_s, anchor.end_s)) >= needed:
            return names.index(anchor.speaker)
    return -1


def _join_words(
    words: Sequence[SpokenWord], voices: Sequence[int], scores: Scores
) -> Iterator[VoiceStretch]:
    """Yield a stretch for each run of words of one voice and one likeness."""
    margins = _measure_margins(voices, scores)
    rows = range(len(words))
    for (voice, margin), run in groupby(rows, key=lambda row: (voices[row], margins[row])):
        every = list(run)
        start_s = words[every[0]].start_s
        end_s = max(words[every[-1]].end_s, start_s + 0.01)
        yield VoiceStretch(start_s, end_s, voice, margin)


def _measure_margins(voices: Sequence[int], scores: Scores) -> list[float]:
    """Return how much liker each word is to its voice than to the next, to .01."""
    margins: list[float] = []
    for voice, row in zip(voices, scores, strict=True):
        others = np.delete(row, voice)
        gap = float(row[voice] - others.max()) if len(others) else 2.0
        margins.append(round(gap, 2))
    return margins


def impose_anchors(
    stretches: Iterable[VoiceStretch], count: int, anchors: Sequence[Anchor]
) -> tuple[list[VoiceStretch], tuple[str, ...]]:
    """Let what a person said overrule stretches that were found without it.

    count: the voices in the stretches. Returns the stretches, those of the anchors in the places
    of what was there, and of each voice its speaker, "" where none is known. A person whom no voice
    is left for gets one more.
    """
    stretches = list(stretches)
    speakers = [""] * count
    for name in sorted({anchor.speaker for anchor in anchors}):
        own = merge_intervals((a.start_s, a.end_s) for a in anchors if a.speaker == name)
        shared = [
            measure_total_s(intersect_intervals(
                own, ((s.start_s, s.end_s) for s in stretches if s.voice == voice)
            ))
            for voice in range(count)
        ]  # fmt: skip
        free = [voice for voice in range(count) if not speakers[voice] and shared[voice] > 0]
        if free:
            speakers[max(free, key=lambda voice: shared[voice])] = name
        else:
            speakers.append(name)
    for anchor in anchors:
        span = (anchor.start_s, anchor.end_s)
        rest = [
            replace(one, start_s=a, end_s=b)
            for one in stretches
            for a, b in subtract_intervals([(one.start_s, one.end_s)], [span])
        ]
        stretches = [*rest, VoiceStretch(*span, speakers.index(anchor.speaker), 2.0)]
    return sorted(stretches, key=lambda one: (one.start_s, one.end_s)), tuple(speakers)
