"""Spans of speech: none lost, none too long, and cut where the voice rests."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcribe.conftest import demonstration
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.vad import find_speech_spans
from transcribe.vad_spans import SLICE_S, SpeechFollower, SpeechSpan, VadOptions

PAUSES = st.integers(4, 8)  # slices; nine would be 0.3 s, a silence
WORDS = st.integers(5, 20)


def followed(energies: list[float], longest_s: float, probability: float = 0.9) -> list[SpeechSpan]:
    """The spans of sound that is likely to be speech throughout."""
    follower = SpeechFollower(0, VadOptions(longest_s=longest_s))
    likely = np.full(len(energies), probability, dtype=np.float32)
    ended = follower.take_slices(likely, np.array(energies, dtype=np.float32))
    return ended + follower.close()


@given(
    st.lists(st.floats(0, 1, width=32), min_size=1, max_size=100).map(lambda some: some * 40),
    st.sampled_from([3.0, 6.0, 28.0]),
)
def test_endless_speech_is_cut_into_spans_that_miss_nothing_and_are_not_too_long(
    energies: list[float], longest_s: float
) -> None:
    made = followed(energies, longest_s)

    assert len(made) >= len(energies) * SLICE_S / longest_s
    assert all(s.end_s - s.start_s <= longest_s + 0.001 for s in made)
    assert made[0].start_s == 0
    assert made[-1].end_s == pytest.approx(len(energies) * SLICE_S, abs=0.001)
    assert all(a.end_s == b.start_s for a, b in itertools.pairwise(made))
    assert all(s.end_s - s.start_s > 0.9 for s in made[1:])  # no scraps


@given(st.lists(st.tuples(WORDS, PAUSES), min_size=20, max_size=60), st.sampled_from([6.0, 28.0]))
def test_no_cut_falls_into_a_word_where_there_is_a_pause(
    talk: list[tuple[int, int]], longest_s: float
) -> None:
    energies = list[float]()
    for word, pause in talk * 5:
        said = [0.1] * word
        said[word // 2] = 0.0  # the stop of a "t"
        energies += said + [0.0001] * pause

    made = followed(energies, longest_s)

    assert len(made) > 1
    loud = np.array(energies) != 0.0001
    for span in made[:-1]:
        at = round(span.end_s / SLICE_S)
        assert not loud[at - 1 : at + 1].any()


def test_real_speech_is_cut_where_it_is_quiet() -> None:
    sound: Samples = (demonstration(0, 60) / 32768).astype(np.float32)
    pieces = [sound]

    made = list(find_speech_spans(pieces, VadOptions(longest_s=4.0)))

    cuts = [a.end_s for a, b in itertools.pairwise(made) if a.end_s == b.start_s]
    speaking = np.concatenate(
        [sound[int(s.start_s * MODEL_RATE) : int(s.end_s * MODEL_RATE)] for s in made]
    )
    assert cuts
    for cut_s in cuts:
        nearby = sound[int((cut_s - 0.03) * MODEL_RATE) : int((cut_s + 0.03) * MODEL_RATE)]
        assert 10 * np.log10(np.mean(nearby**2) / np.mean(speaking**2)) < -10


def test_a_span_comes_as_soon_as_it_is_long_enough() -> None:
    follower = SpeechFollower(0, VadOptions(longest_s=6.0))
    one = np.ones(1, dtype=np.float32)

    first = next(at for at in range(1000) if follower.take_slices(one, one))

    assert first * SLICE_S <= 6.1


def test_a_silence_ends_a_span_with_some_sound_around_it() -> None:
    follower = SpeechFollower(0, VadOptions())
    probabilities = np.array([0.0] * 20 + [0.9] * 10 + [0.0] * 20, dtype=np.float32)

    ended = follower.take_slices(probabilities, probabilities)

    assert ended == [SpeechSpan(0, round(20 * SLICE_S - 0.2, 3), round(30 * SLICE_S + 0.15, 3))]
    assert follower.close() == []
