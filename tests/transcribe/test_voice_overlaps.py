"""Two voices at once on one microphone: perhaps, where the sound lies between them for a second."""

from __future__ import annotations

import numpy as np
import pytest

from study import SPEAKER_UNSURE, Turn, Word
from transcribe.speaker_assignment import doubt_mixed_turns
from transcribe.voice_clustering import Points
from transcribe.voice_overlaps import find_mixed_spans, find_mixed_voices
from transcribe.voice_pieces import VoicePiece, cut_short_pieces

VOICES = np.eye(3, dtype=np.float32)[:2]


def hear(
    pieces: list[VoicePiece], first: tuple[float, float], other: tuple[float, float]
) -> Points:
    """The points of pieces, where each voice speaks from when to when; a third of it is noise."""
    points = np.zeros((len(pieces), 3), np.float32)
    for row, piece in enumerate(pieces):
        for voice, (start_s, end_s) in enumerate((first, other)):
            shared_s = min(end_s, piece.end_s) - max(start_s, piece.start_s)
            points[row, voice] = max(0.0, shared_s) / (piece.end_s - piece.start_s)
    points[:, 2] = 0.3
    return points / np.linalg.norm(points, axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("other_s", "marked"),
    [
        (4.0, True),  # begins two seconds before the end of the first
        (5.9, False),  # barely before
        (6.0, False),  # follows it: a piece that holds both is no overlap
    ],
)
def test_two_voices_are_at_once_where_both_last_and_not_where_one_follows(
    other_s: float, *, marked: bool
) -> None:
    pieces = cut_short_pieces([(0.0, 10.0)])

    found = find_mixed_voices(pieces, hear(pieces, (0, 6), (other_s, 10)), VOICES)

    assert bool(found) is marked
    for start_s, end_s in found:
        assert start_s == pytest.approx(4.0, abs=0.5)
        assert end_s == pytest.approx(6.0, abs=0.5)


def test_only_what_may_hold_two_voices_is_looked_at_closely() -> None:
    pieces = [VoicePiece(a, a + 1.6, 0) for a in (0.0, 2.0, 4.2, 8.0)]

    spans = find_mixed_spans(pieces, hear(pieces, (0, 6), (4, 10)), VOICES)

    assert [(round(a, 1), round(b, 1)) for a, b in spans] == [(3.8, 6.2)]
    assert find_mixed_spans(pieces, hear(pieces, (0, 6), (4, 10)), VOICES[:1]) == []
    assert find_mixed_voices([], np.zeros((0, 3), np.float32), VOICES) == ()


def test_a_turn_is_unsure_where_another_voice_is_under_most_of_its_words() -> None:
    words = [Word(f" {n}", n, n + 0.9, 0.9) for n in range(4)]
    turns = [
        Turn(key, "S1", own[0].start_s, own[-1].end_s, "x", tuple(own))
        for key, own in enumerate((words[:1], words[1:]), start=1)
    ]

    made = doubt_mixed_turns(turns, [(0.0, 2.0)])

    assert [[flag.kind for flag in turn.flags] for turn in made] == [[SPEAKER_UNSURE], []]
    assert doubt_mixed_turns(turns, []) == tuple(turns)
