"""Another speed, the same pitch, and at speed 1 the same bits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from capture.time_stretch import StretchedSound

Samples = NDArray[np.int16]


def stretched(sound: Samples, *, rate: int, speed: float, first: int = 0, end: int = -1) -> Samples:
    """All that comes, in blocks of an odd size."""
    last = len(sound) if end < 0 else end
    voice = StretchedSound(
        lambda at, frames: sound[at : at + frames],
        first,
        last,
        rate=rate,
        channels=sound.shape[1],
        speed=speed,
    )
    blocks: list[Samples] = []
    while not voice.is_over():
        blocks.append(voice.next_block(777))
    assert voice.next_frame == pytest.approx(min(last, len(sound)), abs=2)
    assert not len(voice.next_block(777))
    return np.concatenate([np.zeros((0, sound.shape[1]), np.int16), *blocks])


def pitch(sound: Samples, rate: int) -> float:
    """The loudest frequency of the first channel, in Hz."""
    heard = sound[:, 0] * np.hanning(len(sound))
    return float(np.argmax(np.abs(np.fft.rfft(heard, 1 << 20)))) * rate / (1 << 20)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2.0])
def test_a_tone_keeps_its_pitch_and_lasts_as_long_as_it_should(
    rate: int, channels: int, speed: float
) -> None:
    at_s = np.arange(round(1.37 * rate)) / rate
    tone = np.rint(8000 * np.sin(2 * np.pi * 440 * at_s)).astype(np.int16)

    heard = stretched(np.repeat(tone[:, None], channels, axis=1), rate=rate, speed=speed)

    assert len(heard) == pytest.approx(len(tone) / speed, abs=1)
    assert pitch(heard, rate) == pytest.approx(440, rel=0.02)


def test_each_channel_stays_on_its_side() -> None:
    at_s = np.arange(48_000) / 48_000
    both = np.stack([np.sin(2 * np.pi * 300 * at_s), np.sin(2 * np.pi * 700 * at_s)], axis=1)

    heard = stretched(np.rint(both * 8000).astype(np.int16), rate=48_000, speed=1.5)

    assert pitch(heard, 48_000) == pytest.approx(300, rel=0.02)
    assert pitch(heard[:, ::-1], 48_000) == pytest.approx(700, rel=0.02)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 9_000),
    st.integers(0, 9_000),
    st.integers(0, 9_000),
    st.sampled_from([0.5, 1.0, 1.7]),
)
def test_any_passage_of_any_sound_ends_where_it_should(
    length: int, first: int, end: int, speed: float
) -> None:
    sound = np.random.default_rng(length).integers(-9000, 9000, (length, 1), np.int16)
    wanted = sound[first : max(first, end)]
    if first <= min(end, length):
        heard = stretched(sound, rate=8_000, speed=speed, first=first, end=end)

        assert len(heard) == pytest.approx(len(wanted) / speed, abs=1)
        assert speed != 1.0 or np.array_equal(heard, wanted)


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.25, 2.0])
def test_a_place_in_stretched_sound_is_where_the_sound_has_it(speed: float) -> None:
    rate, reach = 48_000, 48 * 40  # it looks 40 ms to each side
    sound = np.random.default_rng(3).normal(0, 3000, 4 * rate).astype(np.int16)
    voice = StretchedSound(
        lambda at, frames: sound[at : at + frames, None],
        0,
        len(sound),
        rate=rate,
        channels=1,
        speed=speed,
    )
    voice.next_block(rate // 2)
    off_ms: list[float] = []
    for _ in range(20):
        at = round(voice.next_frame)
        heard = voice.next_block(2_400)[:480, 0].astype(np.float64)
        around = sound[at - reach : at + reach + 480].astype(np.float64)
        fits = np.correlate(around, heard, "valid")
        fits /= np.sqrt(np.convolve(around**2, np.ones(480), "valid") * (heard @ heard))
        if fits.max() > 0.7:
            off_ms.append((int(fits.argmax()) - reach) / 48)

    assert len(off_ms) > 10
    assert max(map(abs, off_ms)) < 30
