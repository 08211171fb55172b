"""Made voices: points as a voice model would give them, with the truth known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from study import Interval
from transcribe.voice_clustering import Points
from transcribe.voice_pieces import VoicePiece, cut_pieces
from transcribe.voice_separation import SpokenWord

SIZE = 64
WORD_S = 0.4


@dataclass(frozen=True)
class MadeTalk:
    """A talk whose phrases follow one another after half a second."""

    speakers: tuple[int, ...]
    phrases: tuple[Interval, ...]
    pieces: tuple[VoicePiece, ...]
    points: Points
    words: tuple[SpokenWord, ...]
    truth: tuple[int, ...]
    """Of each word its speaker."""


def make_talk(
    speakers: Sequence[int], lengths_s: Sequence[float], *, noise: float = 0.08, drift: float = 0.0
) -> MadeTalk:
    """Make a talk: who speaks each phrase, for how long (a multiple of 0.4 s).

    noise: of each number of a point; .08 makes pieces of one voice about .7 alike. drift: how far
    everything moves in another direction in the second half, as if the microphone was moved.
    """
    dice = np.random.default_rng(7)
    centres = np.linalg.qr(dice.normal(size=(SIZE, SIZE)))[0]
    phrases: list[Interval] = []
    words: list[SpokenWord] = []
    truth: list[int] = []
    at_s = 1.0
    for speaker, length_s in zip(speakers, lengths_s, strict=True):
        phrases.append((at_s, at_s + length_s))
        for number in range(round(length_s / WORD_S)):
            start_s = at_s + number * WORD_S
            words.append(SpokenWord(start_s, start_s + WORD_S, 8.0 if number else 0.5))
            truth.append(speaker)
        at_s += length_s + 0.5
    pieces = cut_pieces(phrases, 0.5)
    rows = [centres[speakers[piece.phrase]] for piece in pieces]
    points = np.array(rows) + dice.normal(0, noise, (len(rows), SIZE))
    later = np.array([piece.start_s > at_s / 2 for piece in pieces])
    points += drift * later[:, None] * centres[-1]
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return MadeTalk(
        tuple(speakers), tuple(phrases), tuple(pieces), points.astype(np.float32),
        tuple(words), tuple(truth),
    )  # fmt: skip


def take_turns(voices: int, turns: int, length_s: float = 4.0) -> MadeTalk:
    """Make a talk in which everybody speaks in turn."""
    return make_talk([n % voices for n in range(turns)], [length_s] * turns)
