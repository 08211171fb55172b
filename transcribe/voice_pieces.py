"""Cut an interview's speech into the pieces of sound whose voices are compared.

A piece that reaches over a pause may hold two people and is like neither. So speech is first cut
into phrases, at its pauses; a phrase shorter than a piece is a piece by itself, repeated until it
is long enough: a reply of half a second is heard as it is. Sound is read in blocks, so memory does
not grow with an interview.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from study import Interval, intersect_intervals, merge_intervals
from transcribe.audio_tracks import MODEL_RATE, Samples

PIECE_S = 1.6  # what the voice model was trained on
# Between pieces of one phrase, at most, by how much speech there is: a short recording needs every
# piece to tell its voices apart, and in a long one .8 s put one word in a thousand fewer right than
# .25 s, at two thirds of the work.
_STEPS_S = ((120.0, 0.25), (600.0, 0.5), (math.inf, 0.8))
FINE_S, FINE_STEP_S = 0.8, 0.2  # of the pieces around a change inside a phrase
PAUSE_S = 0.2  # shorter ones are inside words
_SHORTEST_S = 0.12  # shorter sounds are clicks
_EDGE_S = 0.15  # speech that the times of words leave out
_FRAME_S = 0.01
_FRAME = round(MODEL_RATE * _FRAME_S)
_ABOVE_FLOOR_DB = 6.0  # speech stands out from the room's noise by more,
_BELOW_PEAK_DB = 25.0  # and is not much quieter than the loudest second around it
_PEAK_FRAMES = 100
_LEVEL = 10 ** (-30 / 20)  # root mean square of every piece, so that the level tells nothing

Levels = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class VoicePiece:
    """Sound of one phrase, from ``start_s`` to ``end_s``; at most ``PIECE_S`` long.

    phrase: the number of its phrase, from 0. is_fine: a short one, for the place of a change; it
    says too little of a voice to be clustered.
    """

    start_s: float
    end_s: float
    phrase: int
    is_fine: bool = False

    @property
    def middle_s(self) -> float:
        """Its middle."""
        return (self.start_s + self.end_s) / 2


def find_phrases(samples: Samples, words: Iterable[Interval]) -> list[Interval]:
    """Return the stretches of speech between pauses, in seconds of ``samples``.

    samples: float32 of shape (samples,) at 16 kHz, a minute or so: the room's noise is judged by
    its quietest twentieth. words: where words are; speech elsewhere is ignored.
    """
    level = _measure_levels(samples)
    if not len(level):
        return []
    padded = np.pad(level, _PEAK_FRAMES, constant_values=level.min())
    peak = np.lib.stride_tricks.sliding_window_view(padded, 2 * _PEAK_FRAMES + 1).max(axis=1)
    peak = np.minimum(peak, np.percentile(level, 95))
    floor = np.percentile(level, 5)
    is_loud = level > np.maximum(floor + _ABOVE_FLOOR_DB, peak - _BELOW_PEAK_DB)
    edges = np.flatnonzero(np.diff(np.pad(is_loud.astype(np.int8), 1)))
    loud = [(a * _FRAME_S, b * _FRAME_S) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    spoken = intersect_intervals(loud, merge_intervals(words, _EDGE_S))
    bridged = merge_intervals(spoken, PAUSE_S / 2)
    phrases = ((a + PAUSE_S / 2, b - PAUSE_S / 2) for a, b in bridged)
    return [(a, b) for a, b in phrases if b - a >= _SHORTEST_S]


def split_phrases(phrases: Iterable[Interval], cuts: Iterable[float]) -> list[Interval]:
    """Return the phrases cut where sentences end: people answer without a pause.

    cuts: in seconds. Without them, a third of the replies of one word went to the wrong person.
    """
    every = sorted(cuts)
    parts: list[Interval] = []
    for start_s, end_s in phrases:
        inside = [at for at in every if start_s + _SHORTEST_S < at < end_s - _SHORTEST_S]
        edges = [start_s, *inside, end_s]
        parts += [(a, b) for a, b in itertools.pairwise(edges) if b - a >= _SHORTEST_S]
    return parts


def _measure_levels(samples: Samples) -> Levels:
    """Return the level of every 10 ms in dB, smoothed over 30 ms."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if not len(frames):
        return np.zeros(0)
    power = np.convolve((frames.astype(np.float64) ** 2).mean(axis=1), np.ones(3) / 3)[1:-1]
    return 10 * np.log10(np.maximum(power, 1e-10))


def choose_step(speech_s: float) -> float:
    """Return how far apart pieces of a phrase are, in seconds, for so much speech in all."""
    return next(step_s for most_s, step_s in _STEPS_S if speech_s <= most_s)


def cut_pieces(phrases: Sequence[Interval], step_s: float) -> list[VoicePiece]:
    """Return the pieces of all phrases, in order, ``step_s`` apart at most."""
    return [
        VoicePiece(start_s, end_s, number)
        for number, phrase in enumerate(phrases)
        for start_s, end_s in _cut_phrase(phrase, PIECE_S, step_s)
    ]


def cut_fine_pieces(
    phrases: Sequence[Interval], changes: Iterable[float], around_s: float = 1.0
) -> list[VoicePiece]:
    """Return short pieces around the changes of speaker that lie inside phrases."""
    near = merge_intervals((at_s - around_s, at_s + around_s) for at_s in changes)
    return [
        VoicePiece(start_s, end_s, number, is_fine=True)
        for number, phrase in enumerate(phrases)
        for part in intersect_intervals([phrase], near)
        if part[1] - part[0] > FINE_S
        for start_s, end_s in _cut_phrase(part, FINE_S, FINE_STEP_S)
    ]


def cut_short_pieces(spans: Iterable[Interval]) -> list[VoicePiece]:
    """Return short pieces all along some spans; each span counts as a phrase."""
    return [
        VoicePiece(start_s, end_s, number, is_fine=True)
        for number, span in enumerate(spans)
        for start_s, end_s in _cut_phrase(span, FINE_S, FINE_STEP_S)
    ]


def _cut_phrase(phrase: Interval, length_s: float, step_s: float) -> Iterator[Interval]:
    start_s, end_s = phrase
    if end_s - start_s <= length_s:
        yield phrase
        return
    steps = math.ceil((end_s - start_s - length_s) / step_s)
    for first_s in np.linspace(start_s, end_s - length_s, steps + 1):
        yield float(first_s), float(first_s) + length_s


def join_pieces(samples: Samples, spans: Iterable[Interval]) -> Samples:
    """Return the spans of a sound one behind another, each made ``PIECE_S`` long by repetition.

    All have the same level, for how loud somebody is tells where they sit and not who they are.
    """
    size = round(PIECE_S * MODEL_RATE)
    joined = [_fill_piece(samples[round(a * MODEL_RATE) : round(b * MODEL_RATE)], size)
              for a, b in spans]  # fmt: skip
    return np.concatenate(joined) if joined else np.zeros(0, np.float32)


def _fill_piece(part: Samples, size: int) -> Samples:
    if not len(part):
        return np.zeros(size, np.float32)
    level = math.sqrt(float((part.astype(np.float64) ** 2).mean()))
    return np.resize(part, size) * np.float32(_LEVEL / max(level, 1e-7))
