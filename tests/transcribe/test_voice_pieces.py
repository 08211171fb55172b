"""Speech is cut at its pauses and sentences, and pieces are as long as the model wants them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.voice_pieces import (
    PIECE_S,
    choose_step,
    cut_fine_pieces,
    cut_pieces,
    find_phrases,
    join_pieces,
    split_phrases,
)


def make_sound(*spoken: tuple[float, float, float], length_s: float = 10.0) -> Samples:
    """Make noise in a quiet room where somebody speaks: start, end, level."""
    dice = np.random.default_rng(2)
    sound = dice.normal(0, 1e-4, round(length_s * MODEL_RATE))
    for start_s, end_s, level in spoken:
        a, b = round(start_s * MODEL_RATE), round(end_s * MODEL_RATE)
        sound[a:b] += dice.normal(0, level, b - a)
    return sound.astype(np.float32)


def test_a_phrase_ends_at_a_pause_though_the_words_run_on() -> None:
    sound = make_sound((1.0, 3.0, 0.1), (3.4, 6.0, 0.1))

    found = find_phrases(sound, [(1.0, 3.2), (3.2, 6.0)])

    assert np.allclose(found, [(1.0, 3.0), (3.4, 6.0)], atol=0.05)


def test_a_voice_fifteen_decibels_quieter_has_its_phrase() -> None:
    sound = make_sound((1.0, 3.0, 0.1), (3.4, 4.0, 0.1 * 10 ** (-15 / 20)), (4.5, 6.0, 0.1))

    assert len(find_phrases(sound, [(1.0, 6.0)])) == 3


def test_sound_without_words_is_no_speech() -> None:
    sound = make_sound((1.0, 3.0, 0.1), (5.0, 7.0, 0.1))

    assert np.allclose(find_phrases(sound, [(1.0, 3.0)]), [(1.0, 3.0)], atol=0.05)
    assert find_phrases(sound[:0], []) == []
    assert find_phrases(np.zeros(MODEL_RATE, np.float32), [(0.0, 1.0)]) == []


def test_a_sentence_that_ends_without_a_pause_ends_its_phrase() -> None:
    assert split_phrases([(0.0, 4.0), (5.0, 6.0)], [1.5, 4.5, 5.95]) == [
        (0.0, 1.5), (1.5, 4.0), (5.0, 6.0),
    ]  # fmt: skip


def test_a_short_reply_is_one_piece_and_is_repeated_until_it_is_long_enough() -> None:
    (piece,) = cut_pieces([(2.0, 2.4)], 0.5)
    sound = make_sound((0.0, 10.0, 0.1))

    joined = join_pieces(sound, [(piece.start_s, piece.end_s)])

    part = round(0.4 * MODEL_RATE)
    assert len(joined) == round(PIECE_S * MODEL_RATE)
    assert np.array_equal(joined[:part], joined[part : 2 * part])


def test_every_piece_has_the_same_level() -> None:
    sound = make_sound((0.0, 2.0, 0.2), (2.0, 4.0, 0.01))

    loud, quiet = join_pieces(sound, [(0.0, 1.6), (2.2, 3.8)]).reshape(2, -1)

    assert np.std(loud) == pytest.approx(np.std(quiet), rel=1e-3)
    assert not join_pieces(sound, [(9.0, 9.0)]).any()


def test_fine_pieces_lie_round_a_change_and_in_its_phrase() -> None:
    pieces = cut_fine_pieces([(0.0, 5.0), (6.0, 9.0)], [4.5])

    assert pieces
    assert all(p.is_fine and p.phrase == 0 and p.start_s >= 3.5 and p.end_s <= 5.0 for p in pieces)


def test_the_longer_the_recording_the_fewer_pieces_of_each_second() -> None:
    assert choose_step(30) < choose_step(300) < choose_step(3600)


@given(
    st.lists(st.tuples(st.floats(0.2, 3), st.floats(0.2, 20)), max_size=8),
    st.lists(st.floats(0, 100), max_size=10),
)
def test_pieces_cover_every_phrase_and_reach_over_none(
    parts: list[tuple[float, float]], cuts: list[float]
) -> None:
    at_s, phrases = 0.0, list[tuple[float, float]]()
    for pause_s, length_s in parts:
        phrases.append((at_s + pause_s, at_s + pause_s + length_s))
        at_s = phrases[-1][1]

    split = split_phrases(phrases, cuts)
    pieces = cut_pieces(split, 0.8)

    for number, (start_s, end_s) in enumerate(split):
        own = [piece for piece in pieces if piece.phrase == number]
        assert own[0].start_s == start_s
        assert own[-1].end_s == pytest.approx(end_s)
        assert all(piece.end_s - piece.start_s <= PIECE_S + 1e-9 for piece in own)
        gaps = [b.start_s - a.start_s for a, b in itertools.pairwise(own)]
        assert all(gap <= 0.8 + 1e-9 for gap in gaps)
