"""What voice activity hears: rumble gone, quiet voices lifted, the same however it comes in."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.vad_preprocess import BATCH_SLICES, VadPreprocessor, VadSlices
from transcribe.vad_spans import SLICE_SAMPLES


def cleared(pieces: list[Samples]) -> list[VadSlices]:
    clearing = VadPreprocessor(pieces[0].shape[1])
    return [*(clearing.add_sound(piece) for piece in pieces), clearing.close()]


def joined(parts: list[VadSlices]) -> Samples:
    """The lifted sound as one line; shape (samples, channels)."""
    return np.concatenate([p.lifted.reshape(-1, p.lifted.shape[2]) for p in parts])


def tone(hertz: float, seconds: float = 2.0) -> Samples:
    wave = np.sin(2 * np.pi * hertz * np.arange(int(seconds * MODEL_RATE)) / MODEL_RATE)
    return wave.astype(np.float32)[:, None]


def test_rumble_goes_and_the_voice_stays() -> None:
    """Measured before lifting, away from the ends; a tone of full scale has 0.5."""

    def left(hertz: float) -> float:
        return float(np.concatenate([p.energy for p in cleared([tone(hertz)])])[8:-8].max())

    assert left(25) < 0.5 * 0.15**2
    assert left(400) > 0.5 * 0.95**2


def test_a_quiet_voice_is_lifted_at_most_ten_times_and_a_loud_one_never_clips() -> None:
    quiet, loud = 0.001 * tone(400, 6.0), 0.9 * tone(400, 6.0)

    assert np.abs(joined(cleared([quiet]))).max() == pytest.approx(0.010, rel=0.05)
    assert np.abs(joined(cleared([np.concatenate([quiet, loud])]))).max() <= 1.0


def test_a_loud_word_is_not_lifted_by_its_quiet_neighbours() -> None:
    sound = np.concatenate([0.01 * tone(400), 0.4 * tone(400, 0.5), 0.01 * tone(400)])

    lifted = joined(cleared([sound]))

    assert np.abs(lifted).max() < 2 * 0.4


def test_every_sample_goes_out_once_and_the_last_slice_is_filled_up() -> None:
    sound = tone(400)[: MODEL_RATE + 100]

    parts = cleared([sound])

    assert sum(len(p.energy) for p in parts) == -(-len(sound) // SLICE_SAMPLES)


def test_nothing_in_is_nothing_out() -> None:
    assert not any(len(p.energy) for p in cleared([tone(400)[:0]]))


@settings(max_examples=25, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 20 * MODEL_RATE), max_size=30),
    length=st.integers(1, 20 * MODEL_RATE),
    channels=st.integers(1, 3),
)
def test_it_is_the_same_to_the_last_bit_however_it_was_cut(
    cuts: list[int], length: int, channels: int
) -> None:
    dice = np.random.default_rng(length)
    loudness = np.repeat(dice.random((21, channels)) ** 4, MODEL_RATE, axis=0)
    sound = (dice.standard_normal((21 * MODEL_RATE, channels)) * loudness * 0.1).astype(np.float32)
    sound = sound[:length]
    places = [0, *sorted(min(cut, length) for cut in cuts), length]

    whole = cleared([sound])
    cut = cleared([sound[a:b] for a, b in itertools.pairwise(places)])

    for name in ("lifted", "energy", "own"):
        first, second = (
            np.concatenate([getattr(p, name) for p in parts]) for parts in (whole, cut)
        )
        assert np.array_equal(first, second)
    assert all(len(part.energy) % BATCH_SLICES == 0 for part in cut[:-1])
