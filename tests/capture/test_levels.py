"""Loudness in dBFS."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.levels import (
    SILENCE_DBFS,
    decode_samples,
    measure_channel_levels,
    measure_level,
    measure_peak,
)

PCM = st.binary(min_size=4, max_size=400).map(lambda raw: raw[: len(raw) // 4 * 4])


def test_a_full_scale_square_wave_is_the_loudest_there_is() -> None:
    square = np.tile(np.array([[-32768], [-32768]], np.int16), (100, 1))

    assert measure_level(square) == 0.0
    assert measure_peak(square) == 0.0


def test_a_full_scale_sine_is_three_decibels_below() -> None:
    sine = np.rint(32767 * np.sin(np.linspace(0, 200 * np.pi, 48_000))).astype(np.int16)

    assert measure_level(sine) == pytest.approx(-3.01, abs=0.01)
    assert measure_peak(sine) == pytest.approx(0.0, abs=0.01)


def test_silence_and_nothing_at_all_have_a_level() -> None:
    for block in (np.zeros((10, 2), np.int16), np.zeros((0, 2), np.int16)):
        assert measure_level(block) == measure_peak(block) == SILENCE_DBFS


def test_each_channel_has_its_own_level() -> None:
    block = np.zeros((100, 3), np.int16)
    block[:, 1] = 3277

    assert measure_channel_levels(block.tobytes(), 3) == (
        SILENCE_DBFS,
        pytest.approx(-20.0, abs=0.01),
        -96.0,
    )


@settings(max_examples=50, deadline=None)
@given(PCM)
def test_the_level_lies_between_silence_and_the_peak(pcm: bytes) -> None:
    block = decode_samples(pcm, 2)

    assert SILENCE_DBFS <= measure_level(block) <= measure_peak(block) + 1e-9 <= 1e-9


@settings(max_examples=50, deadline=None)
@given(PCM)
def test_half_as_loud_is_six_decibels_less(pcm: bytes) -> None:
    block = decode_samples(pcm, 2) // 64 * 64  # halves without rounding

    quieter = measure_level(block // 2)

    assert quieter == SILENCE_DBFS or measure_level(block) - quieter == pytest.approx(
        6.02, abs=0.01
    )
